"""`crossaccount audit`: who can reach what through which delegation, and what is wrong with it."""

from __future__ import annotations

import sys
from datetime import datetime, timezone
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from crossaccount.access import AccessError
from crossaccount.audit.model import Grade
from crossaccount.audit.reading import gather
from crossaccount.audit.report import report_of
from crossaccount.audit.telling import every_finding
from crossaccount.collection import seldom_collected
from crossaccount.commands.audit_forms import form_options, write_forms
from crossaccount.commands.graph_options import accounts_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from crossaccount.audit.model import Report

FOUND, REFUSED, INCOMPLETE = 1, 2, 3

_EPILOG = """
\b
Examples:
  crossaccount audit company-a.json company-b.json
  crossaccount audit exports/*.json --csv rights.csv --html report.html --markdown report.md
  crossaccount audit company-a.json --json - | jq '.delegations[].roleArn'
  crossaccount audit company-a.json --fail-on high

\b
Exit codes: 0 everything was read (and no finding of --fail-on); 1 a finding of --fail-on;
2 nothing could be read, or a wrong option; 3 something was left out, and the rest is reported.
"""


def _guarded(command: Callable[..., None]) -> Callable[..., None]:
    @wraps(command)
    def guarded(**options: Any) -> None:  # noqa: ANN401  click passes what the options say
        try:
            with seldom_collected():
                command(**options)
        except AccessError as error:
            click.echo(f"error: {error}", err=True)
            sys.exit(REFUSED)

    return guarded


@click.command(epilog=_EPILOG)
@click.argument("locations", nargs=-1, required=True, metavar="STATE...")
@click.option("--account", "accounts", multiple=True, metavar="STACK=ID", help="A stack's account.")
@click.option("--only-project", help="Leave out states of any other project.")
@click.option(
    "--fail-on",
    type=click.Choice([grade.value for grade in Grade]),
    help="Exit 1 on a finding of this grade, or a graver one.",
)
@form_options
@_guarded
def audit(
    locations: tuple[str, ...],
    accounts: tuple[str, ...],
    only_project: str | None,
    fail_on: str | None,
    **forms: Any,  # noqa: ANN401  click passes what the options say
) -> None:
    """Report every delegation in STATEs: who may use it, what it gives, since when, what is wrong with it.

    A STATE is what `pulumi stack export` writes. Secrets stay encrypted; no passphrase is needed. Nothing is
    called and nothing is written but the reports that you ask for.
    """
    gathered = gather(locations, only_project)
    graph = gathered.graph(accounts_of(accounts))
    now = datetime.now(timezone.utc)
    report = report_of(graph, now, gathered.sources, gathered.left_out, gathered.stacks)
    write_forms(report, forms)
    for each in report.left_out:
        click.echo(f"left out: {each.why}", err=True)
    sys.exit(_ending(report, fail_on))


def _ending(report: Report, fail_on: str | None) -> int:
    if not report.sources:
        return REFUSED
    if not report.complete:
        return INCOMPLETE
    worst = min((each.grade.rank for _, each in every_finding(report)), default=len(Grade))
    return FOUND if fail_on is not None and worst <= Grade(fail_on).rank else 0
