"""`crossaccount explain`: may this principal make this call, through what, and why not."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click
from rich.console import Console

from crossaccount.access import (
    Asking,
    Outcome,
    explain_access,
    find_principal,
    read_action,
    read_context,
    read_resource,
)
from crossaccount.access.asking import TIME
from crossaccount.access.describe import answer_to_json, not_analysed_to_json
from crossaccount.commands.access_text import answer_lines, not_analysed_lines
from crossaccount.commands.graph_options import Sources, graph_command, now

if TYPE_CHECKING:
    from collections.abc import Mapping

_DENIED = 1


_EPILOG = """\
\b
Examples:
  crossaccount explain account-b/user/fc-operator fc:ListFunctions '*'
  crossaccount explain acs:ram::1345678901230000:user/dev sts:AssumeRole \\
    acs:ram::1234567890120000:role/fc-partner-b --state a.json --state b.json --json
"""


@click.command(epilog=_EPILOG)
@click.argument("principal")
@click.argument("action")
@click.argument("resource")
@click.option(
    "--context",
    multiple=True,
    metavar="KEY=VALUE",
    help="A condition key of the request, such as sts:ExternalId=contract-7.",
)
@graph_command
def explain(
    sources: Sources, principal: str, action: str, resource: str, context: tuple[str, ...], as_json: bool
) -> None:
    """Say whether PRINCIPAL may do ACTION on RESOURCE, through which gates, and which statement decides.

    PRINCIPAL is an ARN or `account/user/name`, the account being an id, an alias or a stack's name. Without
    any source the states of the embedded engine in this project are read. A key that every request has, such
    as acs:SourceIp, decides only when it is given; the time is now unless it is given.

    Exits 0 where it is allowed, 1 where it is not, or not without more, and 2 where something cannot be read.
    """
    given: Mapping[str, tuple[str, ...]] = read_context(context)
    asking = Asking({TIME: now(), **given})
    asked = read_action(action)
    on = read_resource(resource, asked)
    graph = sources.graph()
    answer = explain_access(graph, find_principal(graph, principal), asked, on, asking)
    if as_json:
        document = {
            **answer_to_json(answer),
            "context": {key: list(values) for key, values in given.items()},
            "notAnalysed": not_analysed_to_json(graph),
        }
        click.echo(json.dumps(document, indent=2))
    else:
        console = Console(highlight=False, emoji=False, soft_wrap=True)
        for line in (*answer_lines(answer), *not_analysed_lines(graph)):
            console.print(line)
    sys.exit(0 if answer.outcome is Outcome.OPEN else _DENIED)
