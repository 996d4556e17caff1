"""One command, `crossaccount`.

Each subcommand's code is imported when that subcommand runs, so that `crossaccount --help` answers at once:
the table below holds what the help page needs.
"""

from __future__ import annotations

import importlib
import json
import sys
from dataclasses import dataclass
from typing import cast

import click

from crossaccount.collection import seldom_collected


@dataclass(frozen=True, slots=True)
class _Entry:
    """A subcommand that has not been imported yet: where it lives, and its line on the help page."""

    target: str
    summary: str


_COMMANDS = {
    "assume": _Entry(
        "crossaccount.commands.assume:assume",
        "Assume a role in another account: exports, JSON, a profile, a command.",
    ),
    "functions": _Entry(
        "crossaccount.commands.functions:functions", "List, call and read functions through a role."
    ),
    "handover": _Entry(
        "crossaccount.commands.handover:handover",
        "Hand roles over to another company, take them up, ask for them.",
    ),
    "adopt": _Entry(
        "crossaccount.commands.adopt:adopt",
        "Take roles made by hand into a stack: its settings, and an import file for Pulumi.",
    ),
    "doctor": _Entry("crossaccount.commands.doctor:doctor", "Find out why a delegation does not work."),
    "demo": _Entry(
        "crossaccount.commands.demo:demo",
        "Run the whole delegation, from nothing to revoked, on this machine.",
    ),
    "local": _Entry(
        "crossaccount.commands.local:local", "Serve a local Alibaba Cloud: RAM, STS and Function Compute."
    ),
    "preview": _Entry(
        "crossaccount.commands.stack:preview", "Show what `up` would change, changing nothing."
    ),
    "up": _Entry(
        "crossaccount.commands.stack:up", "Bring a stack up with the embedded engine (trials and tests)."
    ),
    "refresh": _Entry(
        "crossaccount.commands.stack:refresh", "Read a stack's resources again and correct its state."
    ),
    "destroy": _Entry("crossaccount.commands.stack:destroy", "Take a stack back, in dependency order."),
    "explain": _Entry(
        "crossaccount.commands.explain:explain",
        "Say whether somebody may make a call, and which gate decides.",
    ),
    "diff": _Entry(
        "crossaccount.commands.diff:diff", "Show who gains and who loses what, and stop a change on it."
    ),
    "comment": _Entry(
        "crossaccount.commands.comment:comment", "Post a diff on a pull request, or update it there."
    ),
    "audit": _Entry(
        "crossaccount.commands.audit:audit",
        "Report every delegation: who may use it, what it gives, what is wrong with it.",
    ),
    "who-can": _Entry("crossaccount.commands.who_can:who_can", "List everybody who can make a call."),
}


_AS_JSON = "crossaccount.as_json"
_INTERRUPTED = 130


class _LazyGroup(click.Group):
    """A group that knows its subcommands by name and imports one when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  click's signature
        entry = _COMMANDS.get(cmd_name)
        if entry is None:
            return None
        module, _, name = entry.target.partition(":")
        try:
            with seldom_collected():  # modules stay
                return cast("click.Command", getattr(importlib.import_module(module), name))
        except KeyboardInterrupt:
            click.echo("interrupted; nothing was done", err=True)
            sys.exit(_INTERRUPTED)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.meta[_AS_JSON] = "--json" in args[: args.index("--")] if "--" in args else "--json" in args
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            if not ctx.meta[_AS_JSON]:
                raise
            from crossaccount.session.errors import ErrorKind, SessionError  # noqa: PLC0415  seldom needed

            path = error.ctx.command_path if error.ctx else ctx.command_path
            told = SessionError(ErrorKind.USAGE, error.format_message(), f"see `{path} --help`")
            click.echo(json.dumps(told.to_json()), err=True)
            ctx.exit(ErrorKind.USAGE.value)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  click's signature
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in _COMMANDS.items()])


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="crossaccount", prog_name="crossaccount")
def main() -> None:
    """Cross-account authorization on Alibaba Cloud, as code.

    For real accounts use `pulumi up`. The commands here try the same project on this machine.
    """
