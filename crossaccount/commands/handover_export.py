"""`crossaccount handover export`: from the owner's state, a file for one partner."""

from __future__ import annotations

from pathlib import Path

import click

from crossaccount.commands.handover_files import (
    FORMAT,
    JSON,
    OUT,
    PROJECT,
    handover_command,
    moment,
    now,
    print_json,
    print_lines,
    write_document,
)
from crossaccount.handover.errors import refused
from crossaccount.handover.export import Wanted, handover_of
from crossaccount.handover.telling import handover_lines
from crossaccount.handover.trusting import NEVER
from crossaccount.session.errors import SessionError
from crossaccount.session.handover_file import check, read

_EPILOG = """\
\b
Examples:
  crossaccount handover export --stack account-a --out company-a.json
  crossaccount handover export --state a.json --role fc-partner-b --out company-a.yaml
  crossaccount handover export --stack account-a --external-id-from "ask security@company-a.example"

\b
Exit codes: 0 written; 1 the file cannot be written; 2 the state or an option is wrong, nothing was written.
"""


@click.command(epilog=_EPILOG)
@click.option(
    "--state",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A `pulumi stack export` of the owner's stack.",
)
@click.option(
    "--stack",
    metavar="NAME",
    help="The owner's stack: the embedded engine's state, or `pulumi stack export`.",
)
@PROJECT
@click.option(
    "--state-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where trial states are kept (default: .crossaccount/state).",
)
@click.option("--role", "roles", multiple=True, metavar="NAME", help="Only this delegation; repeat it.")
@click.option("--partner", metavar="ACCOUNT", help="For which partner, where the roles trust several.")
@click.option(
    "--external-id-from", metavar="TEXT", help="Where B gets the external id: words, never the id itself."
)
@click.option(
    "--expires",
    metavar="TIME|never",
    help="Until when, where the state keeps the trust policy as a secret (as external ids make it).",
)
@OUT
@FORMAT
@JSON
@handover_command
def export(
    state: Path | None,
    stack: str | None,
    project: Path,
    state_dir: Path | None,
    roles: tuple[str, ...],
    partner: str | None,
    external_id_from: str | None,
    expires: str | None,
    out: Path | None,
    form: str | None,
    as_json: bool,
) -> None:
    """Write what a partner has to know of your roles: a file to send, sealed by a checksum, no secret inside.

    It says account ids, alias, role ARNs, whom of the partner each role trusts and under which conditions,
    what it may do in words and by class, the longest session, until when, and whether an external id is asked
    for and where to get it. The same state gives the same file.
    """
    from crossaccount.handover import state_source  # noqa: PLC0415  loads the engine

    if (state is None) is (stack is None):
        raise refused("there is no one state to read", "give `--state FILE` or `--stack NAME`")
    records = (
        state_source.of_file(state)
        if state is not None
        else state_source.of_stack(str(stack), project, state_dir)
    )
    end = expires if expires in (None, NEVER) else moment(str(expires))
    document = handover_of(records, Wanted(roles, partner, external_id_from, end, now()))
    if out is None:
        write_document(document, None, "json" if as_json else form, is_own=_is_handover)
        return
    write_document(document, out, form, is_own=_is_handover)
    if as_json:
        print_json({"file": str(out), "handover": document})
        return
    print_lines(handover_lines(check(document, str(out))))
    click.echo(f"written: {out}; send it to account {document['partner']}, it holds no secret")


def _is_handover(path: Path) -> bool:
    try:
        read(str(path))
    except SessionError:
        return False
    return True
