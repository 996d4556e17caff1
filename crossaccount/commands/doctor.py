"""`crossaccount doctor`: why a delegation does not work, from either side."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from crossaccount.access import AccessError
from crossaccount.collection import seldom_collected
from crossaccount.commands.doctor_text import report_to_json, show_report
from crossaccount.commands.endings import ending
from crossaccount.commands.role_options import NAMES, role_argument, role_options
from crossaccount.doctor import Handed, examine, verdict
from crossaccount.doctor.calls import PRINCIPAL
from crossaccount.doctor.observe import Inquiry, observe
from crossaccount.session.assume_options import AssumeOptions
from crossaccount.session.errors import ErrorKind, SessionError
from crossaccount.session.functions.regions import checked
from crossaccount.session.handover_file import read
from crossaccount.session.role_reference import find_role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_EPILOG = """\
\b
What is called: one unsigned request for the clock, GetCallerIdentity, AssumeRole (the session is used
once and forgotten), ListFunctions in the session, and for a denial DecodeDiagnosticMessage. With --live,
RAM's Get and List actions too. Nothing is changed.

\b
Examples:
  crossaccount doctor company-a.json
  crossaccount doctor fc-partner-b --stack account-b --in cn-hangzhou --json
  crossaccount doctor acs:ram::1234567890120000:role/fc-partner-b --state a.json --state b.json
  crossaccount doctor fc-partner-b --stack account-a --as acs:ram::1345678901230000:user/dev --live

\b
Exit codes: 0 well; 1 failed; 2 wrong usage; 3 nothing failed, not all could be told; 10 no credentials;
11 key unknown; 12 key disabled; 13 own session ended; 14 root; 15 wrong account; 20 unreachable;
21 no answer in time; 22 reset; 23 another service or a page; 24 service busy; 25 clock; 30 no such role;
31 gate 1; 32 gate 2; 33 external id; 34 MFA; 35 expired; 36 gate 1 or 2; 37 session settings;
40 Function Compute not opened; 41 wrong region; 42 gate 3; 130 interrupted.
"""
_LONGEST_WAIT = 120.0


@click.command(epilog=_EPILOG)
@role_argument
@role_options
@click.option(
    "--in", "where", multiple=True, metavar="REGION", help="Only these regions; repeat it or use commas."
)
@click.option(
    "--as",
    "for_principal",
    metavar="ARN",
    help="Ask for this user or role, as an owner; needs --state or --live.",
)
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="A `pulumi stack export` to explain the gates from; one for each stack.",
)
@click.option(
    "--live", is_flag=True, help="Read the caller's account, too, to explain the gates. Only reads."
)
@click.option(
    "--timeout",
    type=click.FloatRange(0.1, _LONGEST_WAIT),
    default=15.0,
    show_default=True,
    metavar="SECONDS",
    help="How long to wait for each connection and answer.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with all evidence.")
@ending
def doctor(**given: Any) -> int:  # noqa: ANN401  click passes what the options say
    """Find out why assuming ROLE, or listing functions through it, does not work.

    Every check a call passes is shown in order, with its evidence and, where it failed, the mend. The first
    failure decides the exit code. ROLE and the options that shape the session are those of `assume`.
    """
    as_json = given.pop("as_json")
    inquiry = _inquiry(given)
    try:
        with _progress() as told, seldom_collected():
            seen = observe(inquiry, told)
    except AccessError as error:
        raise SessionError(ErrorKind.USAGE, str(error), "look at `--state`") from None
    checks = examine(seen)
    if as_json:
        click.echo(json.dumps(report_to_json(seen, checks), indent=2))
    else:
        show_report(seen, checks)
    return verdict(checks).value


for _option in doctor.params:
    if isinstance(_option, click.Option) and _option.name in ("renew", "no_cache"):
        _option.hidden = (
            True  # the cache is left alone here: they are taken, so that a line of `assume` may be
        )


def _inquiry(given: dict[str, Any]) -> Inquiry:
    """What the options ask for.

    Raises:
        SessionError: of kind USAGE.
    """
    if given.get("external_id") == "-":
        given["external_id"] = click.prompt("external id", hide_input=True, err=True)
    options = AssumeOptions(**{name: given[name] for name in NAMES})
    role = find_role(options.role, options.places)
    # What the owner told is a finding here, not a reason to ask nothing.
    request = options.request(replace(role, longest=None, external_id_required=False))
    regions = [checked(part.strip()) for each in given["where"] for part in each.split(",") if part.strip()]
    return Inquiry(
        request,
        options.profile,
        tuple(dict.fromkeys(regions)),
        _principal(given["for_principal"], given),
        _handed(options, request.role_arn),
        given["states"],
        given["live"],
        given["timeout"],
    )


def _principal(arn: str | None, given: dict[str, Any]) -> str | None:
    if arn is None:
        return None
    if PRINCIPAL.fullmatch(arn) is None or arn.endswith(":root"):
        raise SessionError(
            ErrorKind.USAGE, f"`{arn}` is no user and no role", "write `acs:ram::<account id>:user/<name>`"
        )
    if not given["states"] and not given["live"]:
        raise SessionError(
            ErrorKind.USAGE, "`--as` calls nothing as somebody else", "add `--state FILE`, or `--live`"
        )
    return arn


def _handed(options: AssumeOptions, arn: str) -> Handed | None:
    """What the hand-over file says of the role, where ROLE came from one."""
    file = options.role.partition("#")[0]
    path = file if Path(file).is_file() and not options.role.startswith("acs:") else options.handover
    if path is None:
        return None
    content = read(path)
    role = next((each for each in content.roles.values() if each.arn == arn), None)
    if role is None:
        return None
    return Handed(
        content.partner,
        role.external_id_required,
        role.external_id_from or "",
        role.users,
        role.roles,
        role.expires,
        role.conditions,
    )


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """A line on standard error that says what is done now, on a terminal only."""
    status = Console(stderr=True, emoji=False, markup=False).status("beginning")
    with status:
        yield lambda text: status.update(text.replace("[", "("))
