"""`crossaccount handover`: what two companies tell each other, as files."""

from __future__ import annotations

import importlib
from typing import cast

import click

_COMMANDS = {
    "export": ("handover_export:export", "Owner: write what a partner has to know of its roles."),
    "accept": ("handover_accept:accept", "Partner: check a hand-over and put it into the stack's settings."),
    "request": ("handover_request:request", "Partner: ask an owner for a role."),
    "answer": ("handover_answer:answer", "Owner: check a request, see what it would give, take it up."),
}

_EPILOG = """\
\b
Examples:
  crossaccount handover export --stack account-a --out company-a.json      # A, then send the file to B
  crossaccount handover accept company-a.json --stack account-b            # B
  crossaccount handover request --stack account-b --owner 1234567890120000 \\
      --preset read --whole-account --out request.json                     # B, then send the file to A
  crossaccount handover answer request.json --stack account-a              # A

\b
Exit codes: 0 done, or nothing to do; 1 not done (somebody said no, or a file cannot be written);
2 a file, an option or a setting is wrong, nothing was written; 130 interrupted, nothing was written.
"""


class _LazyGroup(click.Group):
    """Imports a subcommand when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  click's signature
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name][0].partition(":")
        return cast(
            "click.Command", getattr(importlib.import_module(f"crossaccount.commands.{module}"), name)
        )

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  click's signature
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in _COMMANDS.items()])


@click.group(cls=_LazyGroup, epilog=_EPILOG)
def handover() -> None:
    """Hand roles over between companies, and ask for them, by small files without a secret."""
