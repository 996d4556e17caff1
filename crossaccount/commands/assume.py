"""`crossaccount assume`: a session of a role in another account, in the form that its user needs."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, Any

import click

from crossaccount.commands.assume_forms import FORMS
from crossaccount.commands.endings import ending
from crossaccount.commands.role_options import Wanted, parted, role_argument, role_options
from crossaccount.session.assume_options import FORMATS
from crossaccount.session.delivery import is_for_eyes, printed, run_inside
from crossaccount.session.errors import ErrorKind, SessionError

if TYPE_CHECKING:
    from crossaccount.session.role_session import RoleSession

_EPILOG = """\
\b
Examples:
  eval "$(crossaccount assume acs:ram::1234567890120000:role/fc-partner-b)"
  crossaccount assume fc-partner-b --handover company-a.json -- aliyun fc GET /2023-03-30/functions
  crossaccount assume fc-partner-b --stack account-b --json
  crossaccount assume company-a.json --external-id @external-id.txt --write-profile company-a
  crossaccount assume company-a.json --serve -- pulumi preview --stack company-a
  crossaccount assume company-a.json --console --open

\b
Exit codes: 0 done; 1 failed; 2 wrong usage; 3 no credentials; 4 a gate is closed; 5 no such role;
6 no answer; 7 clock; 8 cache; 130 interrupted; with `-- COMMAND`, the command's own.
Completion: eval "$(_CROSSACCOUNT_COMPLETE=bash_source crossaccount)"; also zsh_source, fish_source.
"""


@click.command(epilog=_EPILOG)
@role_argument
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
@role_options
@click.option(
    "--format", "form", type=click.Choice(FORMATS), help="The form to print (default: your shell's exports)."
)
@click.option(
    "--json", "as_json", is_flag=True, help="STS's own answer as JSON; with other forms, their result."
)
@click.option("--process", is_flag=True, help="What the aliyun CLI reads from an External profile's command.")
@click.option(
    "--write-profile", metavar="NAME", help="Write an External profile to the aliyun CLI's configuration."
)
@click.option("--yes", is_flag=True, help="Do not ask before --write-profile.")
@click.option(
    "--serve", is_flag=True, help="Serve a credentials URI on this machine, for COMMAND or until Ctrl-C."
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="The port of --serve (default: a free one)."
)
@click.option("--console", is_flag=True, help="A console link signed in with the session: 30 seconds, once.")
@click.option("--switch-role", is_flag=True, help="The link where a signed-in RAM user switches to the role.")
@click.option(
    "--destination", metavar="URL", help="The page that --console opens (default: Function Compute)."
)
@click.option(
    "--open", "open_browser", is_flag=True, help="Open the link in the browser instead of printing it."
)
@ending
def assume(**given: Any) -> int | None:  # noqa: ANN401  click passes what the options say
    """Assume ROLE in another account.

    ROLE is an ARN; a hand-over file, as FILE or FILE#NAME; or a name, looked up with --handover or --stack.
    COMMAND, after `--`, runs inside the session. The caller is the standard chain's: the environment's key,
    the aliyun CLI's profile, a credentials URI, the role of the ECS instance or function.

    Sessions are cached for you alone and renewed before they end; no key is ever an argument or in a log.
    """  # fmt: skip
    mine, other = parted(given)
    command: tuple[str, ...] = other.pop("command")
    form = _form(other, command)
    wanted = Wanted(**mine)
    if form in FORMS:
        return FORMS[form](wanted, command, other)
    session = wanted.open()
    if command:
        return run_inside(session, command, os.environ)
    chosen = None if form == "shell" else form
    if is_for_eyes(chosen):
        click.echo(_summary(session))
        return None
    sys.stdout.write(printed(session, chosen, os.environ) + "\n")
    return None


def _form(other: dict[str, Any], command: tuple[str, ...]) -> str:
    """The one form that was asked for.

    Raises:
        SessionError: of kind USAGE: more than one was.
    """
    special = [name for name in FORMS if other.get(name) not in (None, False)]
    plain = [other["form"]] if other["form"] else []
    plain += ["process"] if other["process"] else []
    plain += ["json"] if other["as_json"] and not special and "json" not in plain else []
    if command and special != ["serve"]:
        plain.append("command")
    asked = special + plain
    if len(asked) > 1:
        named = ", ".join(f"`{_spelled(name)}`" for name in asked)
        raise SessionError(ErrorKind.USAGE, f"{named} exclude each other", "ask for one form")
    return asked[0] if asked else "shell"


def _spelled(name: str) -> str:
    if name == "command":
        return "-- COMMAND"
    return f"--format {name}" if name in FORMATS[:3] else "--" + name.replace("_", "-")


def _summary(session: RoleSession) -> str:
    """Who, as whom, until when; for a person, so without keys."""
    left = max(0, round((session.expires - time.time()) / 60))
    return "\n".join(
        (
            f"{session.caller}",
            f"  as {session.assumed_role_arn}",
            f"  until {session.expiration}, for {left} minutes; key {session.access_key_id[:10]}...",
            "",
            'To use it: eval "$(crossaccount assume ...)", or append `-- COMMAND`, or see --help.',
        )
    )
