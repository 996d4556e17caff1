"""The options that say which role is assumed, how, and by whom; shared by `assume` and `functions`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from crossaccount.commands.endings import warn
from crossaccount.session.assume_options import ENVIRONMENT, AssumeOptions
from crossaccount.session.cache import SessionCache
from crossaccount.session.errors import SessionError
from crossaccount.session.handover_file import read
from crossaccount.session.opening import open_session
from crossaccount.session.request import DEFAULT
from crossaccount.session.role_reference import find_role
from crossaccount.session.source import find_source

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.shell_completion import CompletionItem

    from crossaccount.session.request import SessionRequest
    from crossaccount.session.role_session import RoleSession
    from crossaccount.session.source import Source

NAMES = (
    "role",
    "duration",
    "session_name",
    "external_id",
    "session_policy",
    "source_identity",
    "profile",
    "handover",
    "stack",
    "project",
    "state_dir",
    "endpoint",
    "region",
    "renew",
    "no_cache",
)


def _complete(context: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """The roles of the hand-over file that the options or the environment name."""
    from click.shell_completion import CompletionItem  # noqa: PLC0415  only for completion

    file = context.params.get("handover")
    try:
        names = read(file).roles if file else ()
    except SessionError:
        names = ()
    return [CompletionItem(name) for name in names if name.startswith(begun)]


def role_argument(command: Callable[..., Any]) -> Callable[..., Any]:
    """The argument ROLE."""
    return click.argument("role", shell_complete=_complete)(command)


def role_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Every option that shapes the session."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


_OPTIONS = (
    click.option(
        "--handover",
        envvar=ENVIRONMENT["handover"],
        is_eager=True,
        metavar="FILE",
        help="The owner's hand-over file that ROLE is a name in.",
    ),
    click.option(
        "--stack",
        envvar=ENVIRONMENT["stack"],
        metavar="NAME",
        help="The stack whose output `roleArns` ROLE is a name in.",
    ),
    click.option(
        "--project",
        envvar=ENVIRONMENT["project"],
        default=".",
        metavar="DIR",
        help="The folder of Pulumi.yaml (default: this one).",
    ),
    click.option(
        "--state-dir", metavar="DIR", help="Where trial states are kept (default: .crossaccount/state)."
    ),
    click.option(
        "--duration",
        default=str(DEFAULT),
        show_default=True,
        metavar="TIME",
        help="How long: seconds, or for example 45m or 2h.",
    ),
    click.option(
        "--session-name",
        metavar="NAME",
        help="What the owner's trail shows (default: the caller's own name).",
    ),
    click.option(
        "--external-id",
        envvar=ENVIRONMENT["external_id"],
        metavar="ID|@FILE|-",
        help="As the role asks for it; @FILE and `-` (asks) keep it out of the history.",
    ),
    click.option(
        "--session-policy", metavar="FILE|JSON", help="A policy that narrows what the session may do."
    ),
    click.option(
        "--source-identity", metavar="TEXT", help="A lasting mark of who acts, for audit and conditions."
    ),
    click.option(
        "--profile",
        metavar="NAME",
        help="The aliyun CLI's profile that assumes the role (default: the standard chain).",
    ),
    click.option(
        "--endpoint",
        envvar=ENVIRONMENT["endpoint"],
        metavar="HOST[:PORT]",
        help="The STS host; a local cloud's host:port.",
    ),
    click.option("--region", metavar="ID", help="Call this region's STS instead of the central one."),
    click.option("--renew", is_flag=True, help="Open a new session though one is cached."),
    click.option("--no-cache", is_flag=True, help="Neither read nor write the session cache."),
)


class Wanted:
    """The session that the options ask for.

    Args:
        given: the values of `NAMES`.

    Raises:
        SessionError: of kind USAGE: an option is wrong.
    """

    def __init__(self, **given: Any) -> None:  # noqa: ANN401  click passes what the options say
        if given.get("external_id") == "-":
            given["external_id"] = click.prompt("external id", hide_input=True, err=True)
        self.options = AssumeOptions(**given)
        self.role = find_role(self.options.role, self.options.places)
        self.request: SessionRequest = self.options.request(self.role)

    def source(self) -> Source:
        """Whose credentials assume the role.

        Raises:
            SessionError: of kind CREDENTIALS.
        """
        return find_source(self.options.profile)

    def open(self, *, renew: bool | None = None) -> RoleSession:
        """The session, cached or opened.

        Args:
            renew: whether to open a new one; as the options say if None.

        Raises:
            SessionError: it cannot be opened.
        """
        cache = None if self.options.no_cache else SessionCache()
        again = self.options.renew if renew is None else renew
        return open_session(self.request, self.source(), cache, renew=again, warn=warn)


def parted(given: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The options that shape the session, and the others."""
    mine = {name: given[name] for name in NAMES if name in given}
    return mine, {name: value for name, value in given.items() if name not in mine}
