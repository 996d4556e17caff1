"""`crossaccount who-can`: everybody who can make a call, through which path, under which conditions."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from crossaccount.access import Asking, Outcome, read_action, read_context, read_resource
from crossaccount.access import who_can as everybody
from crossaccount.access.describe import not_analysed_to_json, path_to_json
from crossaccount.access.words import path_words
from crossaccount.commands.access_text import lines_of, not_analysed_lines, way, who
from crossaccount.commands.graph_options import Sources, graph_command, now
from crossaccount.terminal_text import escape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crossaccount.access import Path

_WORDS = {
    Outcome.OPEN: "[green]can[/green]",
    Outcome.IF: "[yellow]if[/yellow]",
    Outcome.UNKNOWN: "[magenta]cannot tell[/magenta]",
}
_WIDTH = 160


_EPILOG = """\
\b
Examples:
  crossaccount who-can fc:InvokeFunction 'acs:fc:*:1234567890120000:functions/orders' --state a.json
  crossaccount who-can sts:AssumeRole acs:ram::1234567890120000:role/fc-partner-b --json
"""


@click.command("who-can", epilog=_EPILOG)
@click.argument("action")
@click.argument("resource")
@click.option(
    "--context", multiple=True, metavar="KEY=VALUE", help="A condition key that is known; any other is open."
)
@graph_command
def who_can(sources: Sources, action: str, resource: str, context: tuple[str, ...], as_json: bool) -> None:
    """List everybody who can do ACTION on RESOURCE, with the path and the conditions that must hold.

    Whoever is trusted and stands outside the given stacks is listed, too: whole accounts, services, identity
    providers. Sources are as for `explain`.

    Exits 0, also where nobody can, and 2 where something cannot be read.
    """
    given = read_context(context)
    asked = read_action(action)
    on = read_resource(resource, asked)
    graph = sources.graph()
    paths = everybody(graph, asked, on, Asking(given, supposing=True, now=now()))
    if as_json:
        document = {
            "action": asked,
            "resource": on,
            "context": {key: list(values) for key, values in given.items()},
            "paths": [path_to_json(path) for path in paths],
            "notAnalysed": not_analysed_to_json(graph),
        }
        click.echo(json.dumps(document, indent=2))
        return
    console = Console(highlight=False, emoji=False, width=None if sys.stdout.isatty() else _WIDTH)
    console.print(_table(asked, on, paths) if paths else f"nobody can do {escape(asked)} on {escape(on)}")
    for line in not_analysed_lines(graph):
        console.print(line)


def _table(action: str, resource: str, paths: Sequence[Path]) -> Table:
    table = Table(title=f"{escape(action)} on {escape(resource)}", box=SIMPLE, title_justify="left")
    for heading in ("", "Who", "Through", "Depends on", "Lines"):
        table.add_column(heading, overflow="fold")
    for path in paths:
        table.add_row(
            _WORDS[path.outcome],
            escape(who(path.principal)),
            escape(way(path)),
            "\n".join(map(escape, path_words(path))),
            "\n".join(map(escape, lines_of(path))),
        )
    return table
