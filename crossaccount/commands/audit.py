"""`crossaccount audit`: who can reach what through which delegation, and what is wrong with it."""

from __future__ import annotations

import sys
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import click

from crossaccount.access import QuestionError
from crossaccount.access.words import visible
from crossaccount.audit.model import Grade
from crossaccount.audit.reading import gather
from crossaccount.audit.redact import principal_names, redacted
from crossaccount.audit.report import report_of
from crossaccount.audit.telling import every_finding
from crossaccount.commands.audit_forms import form_options, write_asked, write_forms
from crossaccount.commands.audit_history import (
    at_moment,
    compared,
    diff_forms,
    history_options,
    only_one,
    timeline_forms,
)
from crossaccount.commands.audit_live import (
    is_live,
    live_options,
    not_of_the_past,
    read_live,
    report_with_live,
)
from crossaccount.commands.audit_progress import reading
from crossaccount.commands.audit_redact import redact_key, redact_options
from crossaccount.commands.audit_revoked import ENDINGS, proof, proof_forms, revoked_options
from crossaccount.commands.graph_options import accounts_of
from crossaccount.commands.refusing import REFUSED, refusing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from crossaccount.access import AccessGraph
    from crossaccount.audit.model import LeftOut, Report

FOUND, INCOMPLETE = 1, 3

_EPILOG = """
\b
Examples:
  crossaccount audit company-a.json company-b.json
  crossaccount audit exports/*.json --csv rights.csv --html report.html --markdown report.md
  crossaccount audit company-a.json --json - | jq '.delegations[].roleArn'
  crossaccount audit company-a.json --fail-on high
  crossaccount audit company-a.json company-b.json --redact --html for-the-board.html
  crossaccount audit company-a.json company-b.json --live --credentials A_ --credentials B_
  crossaccount audit company-a.json --live --revoked worker --before then.json --markdown revoked.md
  crossaccount audit ~/pulumi-states --at 2026-03-01
  crossaccount audit 's3://states?region=cn-hangzhou&endpoint=oss-cn-hangzhou.aliyuncs.com' --timeline
  crossaccount audit ~/pulumi-states --between 2026-03-01 2026-06-30 --markdown changes.md

\b
Exit codes: 0 everything was read (and no finding of --fail-on); 1 a finding of --fail-on;
2 nothing could be read, or a wrong option; 3 something was left out, and the rest is reported.
Of --revoked: 0 proven revoked; 1 a path is left; 3 cannot tell.
"""


@click.command(epilog=_EPILOG)
@click.argument("locations", nargs=-1, required=True, metavar="PLACE...")
@click.option("--account", "accounts", multiple=True, metavar="STACK=ID", help="A stack's account.")
@click.option("--only-project", help="Leave out states of any other project.")
@click.option(
    "--fail-on",
    type=click.Choice([grade.value for grade in Grade]),
    help="Exit 1 on a finding of this grade, or a graver one.",
)
@history_options
@live_options
@revoked_options
@redact_options
@form_options
@refusing
def audit(
    locations: tuple[str, ...],
    accounts: tuple[str, ...],
    only_project: str | None,
    fail_on: str | None,
    **options: Any,  # noqa: ANN401  click passes what the options say
) -> None:
    """Report every delegation in PLACEs: who may use it, what it gives, since when, what is wrong with it.

    A PLACE is what `pulumi stack export` writes, a self-managed backend (a folder, or a bucket's URL), or the
    folder of a project whose stacks `pulumi` knows. Secrets stay encrypted; no passphrase is needed. Nothing
    is written but the reports that you ask for.
    """
    only_one({**options, "fail_on": fail_on})
    not_of_the_past(options)
    given = accounts_of(accounts)
    if options["before"] is not None and options["revoked"] is None:
        raise QuestionError("--before goes with --revoked: give the role")
    key = redact_key(options)
    with reading() as told:
        if options["revoked"] is not None:
            revoked = proof(locations, only_project, given, {**options, "fail_on": fail_on}, told, key)
        elif options["timeline"]:
            forms, left_out, show = timeline_forms(locations, only_project, given, told)
        elif options["between"]:
            found, left_out = compared(locations, options["between"], only_project, given, told)
            forms, show = diff_forms(found)
        else:
            report, graphs = _report(locations, only_project, given, options, told)
            if key is not None:
                report = redacted(report, principal_names(graphs, report), key)
    if options["revoked"] is not None:
        makers, show = proof_forms(revoked)
        write_asked(makers, options, show)
        _tell(revoked.left_out)
        sys.exit(ENDINGS[revoked.verdict])
    if options["timeline"] or options["between"]:
        write_asked(forms, options, show)
        _tell(left_out)
        sys.exit(INCOMPLETE if left_out else 0)
    write_forms(report, options)
    _tell(report.left_out)
    sys.exit(_ending(report, fail_on))


def _report(
    locations: tuple[str, ...],
    project: str | None,
    accounts: dict[str, str],
    options: dict[str, Any],
    told: Callable[[str], None],
) -> tuple[Report, tuple[AccessGraph, ...]]:
    at = options["at"]
    if at is None:
        gathered, moment = gather(locations, project, told), datetime.now(timezone.utc)
    else:
        gathered, moment = at_moment(locations, at, project, told)
    if is_live(options):
        return report_with_live(gathered, accounts, read_live(options, told), moment)
    graph = gathered.graph(accounts)
    report = report_of(graph, moment, gathered.sources, gathered.left_out, gathered.stacks)
    return report, (graph,)


def _tell(left_out: Iterable[LeftOut]) -> None:
    for each in left_out:
        click.echo(f"left out: {visible(each.why)}", err=True)


def _ending(report: Report, fail_on: str | None) -> int:
    if not report.sources:
        return REFUSED
    if not report.complete:
        return INCOMPLETE
    worst = min((each.grade.rank for _, each in every_finding(report)), default=len(Grade))
    return FOUND if fail_on is not None and worst <= Grade(fail_on).rank else 0
