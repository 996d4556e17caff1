"""`crossaccount diff`: what a change to the stacks changes for people, and whether CI lets it pass."""

from __future__ import annotations

import json
import sys
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from crossaccount.access import QuestionError, graph_of
from crossaccount.access.words import visible
from crossaccount.commands.diff_inputs import Inputs, read_inputs
from crossaccount.commands.graph_options import accounts_of, check_named
from crossaccount.commands.refusing import refusing
from crossaccount.review import permission_diff
from crossaccount.review.allow_list import AllowList, read_allow_list
from crossaccount.review.approval import digest_of, refusal
from crossaccount.review.changes import changed_inputs
from crossaccount.review.json_form import to_json
from crossaccount.review.lines import located
from crossaccount.review.markdown import marker_of, to_markdown
from crossaccount.review.risk import GATE_NAMES, fired
from crossaccount.review.sarif import to_sarif
from crossaccount.review.terminal import terminal_lines
from crossaccount.whole_file import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from crossaccount.review import PermissionDiff

STOPPED = 1
_WIDTH = 160
_FILE = click.Path(dir_okay=False, path_type=Path)
_OUT = click.Path(dir_okay=False, path_type=Path, allow_dash=True)

_EPILOG = """\
\b
Examples:
  crossaccount diff --base origin/main --fail-on wildcard --fail-on unbounded-trust
  crossaccount diff --before a.json --before b.json --after a-preview.json
  crossaccount diff --before a.json --after a-preview.json --approved v1:...  && pulumi up

\b
Exit codes: 0 shown, nothing stops it; 1 a gate of --fail-on fired, or it is not what was approved;
2 something cannot be read.
"""


@click.command(epilog=_EPILOG)
@click.option("--before", multiple=True, type=_FILE, help="A `pulumi stack export` of before; one a stack.")
@click.option(
    "--after",
    multiple=True,
    type=_FILE,
    help="A `pulumi preview --json`, or an export of after. A stack that is given none stays as it was.",
)
@click.option("--base", help="A git revision to compare with, such as origin/main; nothing is called.")
@click.option("--head", help="With --base: the revision to look at (default: the working tree).")
@click.option("--stack", "stacks", multiple=True, help="With --base: only this stack.")
@click.option(
    "--project",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    help="With --base: the folder of Pulumi.yaml (default: this one).",
)
@click.option("--only-project", help="Refuse states of any other project.")
@click.option("--account", "accounts", multiple=True, metavar="STACK=ID", help="A stack's account.")
@click.option("--markdown", type=_OUT, help="Write a pull request's comment; `-` prints it.")
@click.option("--json", "as_json", type=_OUT, help="Write JSON; `-` prints it.")
@click.option("--sarif", type=_OUT, help="Write SARIF 2.1.0; `-` prints it.")
@click.option("--key", default="", help="Tells this comment from others on the same pull request.")
@click.option("--fail-on", multiple=True, type=click.Choice(GATE_NAMES), help="Exit 1 on this; repeat it.")
@click.option("--allow-list", type=_FILE, help="What may be gained; each entry has owner, reason, expiry.")
@click.option("--approved", metavar="DIGEST", help="Exit 1 unless this is exactly what was approved.")
@refusing
def diff(**given: Any) -> None:  # noqa: ANN401  click passes what the options say
    """Show who gains and who loses which action on which resource, under which condition, through what.

    All stacks are read together: a grant in one that opens a role in another is a line about a person.
    """
    try:
        marker_of(given["key"])
    except ValueError as error:
        raise QuestionError(str(error)) from None
    allow_list = AllowList() if given["allow_list"] is None else read_allow_list(given["allow_list"])
    inputs = read_inputs(
        given["before"], given["after"], given["base"], given["head"], given["stacks"], given["project"],
        given["only_project"],
    )  # fmt: skip
    found = _compared(inputs, accounts_of(given["accounts"]))
    digest = digest_of(inputs.before, inputs.after, found)
    _write(_reports(found, digest, given))
    today = datetime.now(timezone.utc).date()
    for entry in allow_list.expired(today):
        click.echo(
            f"the allow-list's entry for {entry.principal} ended on {entry.expires}: ask {entry.owner}",
            err=True,
        )
    stopped = fired(found, given["fail_on"], lambda row: allow_list.covers(row, today))
    for name, rows in stopped.items():
        click.echo(f"stopped by --fail-on {name}:", err=True)
        for row in rows:
            click.echo(f"  {visible(row)}", err=True)
    refused = refusal(given["approved"], digest) if given["approved"] else ""
    if refused:
        click.echo(f"not approved: {refused}", err=True)
    if stopped or refused:
        sys.exit(STOPPED)


def _compared(inputs: Inputs, accounts: dict[str, str]) -> PermissionDiff:
    check_named(accounts, (*inputs.before, *inputs.after))
    found = permission_diff(
        graph_of(inputs.before, accounts=accounts),
        graph_of(inputs.after, accounts=accounts),
        changed=changed_inputs(inputs.before, inputs.after),
    )
    return located(found, inputs.changed, inputs.texts) if inputs.changed else found


def _reports(found: PermissionDiff, digest: str, given: dict[str, Any]) -> list[tuple[Path | None, str]]:
    """Every report that is asked for, made before anything is written; a terminal's where none is printed.

    Raises:
        QuestionError: two reports would go to the same place.
    """
    makers: dict[str, Callable[[], str]] = {
        "markdown": lambda: to_markdown(found, key=given["key"], digest=digest),
        "as_json": lambda: json.dumps(to_json(found, digest), indent=2) + "\n",
        "sarif": lambda: json.dumps(to_sarif(found), indent=2) + "\n",
    }
    places = [str(given[name]) for name in makers if given[name] is not None]
    for place in places:
        if places.count(place) > 1:
            raise QuestionError(f"two reports would go to `{place}`: give each a place of its own")
    reports: list[tuple[Path | None, str]] = [
        (given[name], make()) for name, make in makers.items() if given[name] is not None
    ]
    if not any(str(path) == "-" for path, _ in reports):
        reports.append((None, _shown(found, digest)))
    return reports


def _shown(found: PermissionDiff, digest: str) -> str:
    console = Console(
        highlight=False, emoji=False, soft_wrap=True, width=None if sys.stdout.isatty() else _WIDTH
    )
    with console.capture() as capture:
        for line in terminal_lines(found):
            console.print(line)
        console.print(f"\n[dim]digest {digest}[/dim]")
    return capture.get()


def _write(reports: Sequence[tuple[Path | None, str]]) -> None:
    """Writes files whole or not at all, then prints.

    Raises:
        QuestionError: a file cannot be written.
    """
    printed = [text for path, text in reports if path is None or str(path) == "-"]
    for path, text in reports:
        if path is not None and str(path) != "-":
            try:
                write_whole(path, text)
            except OSError as error:
                raise QuestionError(f"`{path}` cannot be written: {error.strerror}") from None
    for text in printed:
        click.echo(text, nl=False)
