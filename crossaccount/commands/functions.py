"""`crossaccount functions`: the functions and services of another account, through a role."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from crossaccount.commands.endings import ending, tell
from crossaccount.commands.functions_output import as_csv, as_json, show_table
from crossaccount.commands.role_options import Wanted, parted, role_argument, role_options
from crossaccount.session.assume_options import seconds
from crossaccount.session.errors import ErrorKind, SessionError
from crossaccount.session.functions.access import Access
from crossaccount.session.functions.invocation import invoke as call
from crossaccount.session.functions.listing import list_regions
from crossaccount.session.functions.logs import log_store, read_log
from crossaccount.session.functions.regions import REGIONS, checked
from crossaccount.session.sdk_call import is_local

if TYPE_CHECKING:
    from collections.abc import Callable

_EPILOG = """\
\b
Examples:
  crossaccount functions company-a.json
  crossaccount functions fc-partner-b --stack account-b --in cn-hangzhou,cn-shanghai --csv > functions.csv
  crossaccount functions invoke company-a.json orders --in cn-hangzhou --payload '{"id": 7}' --logs
  crossaccount functions logs company-a.json orders --in cn-hangzhou --since 2h

\b
Exit codes: 0 done; 1 failed; 2 wrong usage; 3 no credentials; 4 a gate is closed; 5 not there;
6 no answer; 7 clock; 8 cache; 9 some regions failed; 130 interrupted.
"""


class _DefaultGroup(click.Group):
    """A group whose first subcommand is meant where none is named."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.commands:
            args = ["list", *args]
        return super().resolve_command(ctx, args)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0].startswith("-") and args[0] not in ("-h", "--help"):
            args = ["list", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_DefaultGroup, epilog=_EPILOG)
def functions() -> None:
    """List, call and read functions of another account through ROLE.

    `crossaccount functions ROLE` is short for `crossaccount functions list ROLE`. ROLE and the options that
    shape the session are those of `crossaccount assume`.
    """


_FUNCTION = click.argument("function")
_WHERE = click.option("--in", "where", required=True, metavar="REGION", help="The function's region.")
_AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON, errors too.")


@functions.command("list", epilog=_EPILOG)
@role_argument
@role_options
@click.option(
    "--in", "where", multiple=True, metavar="REGION", help="Only these regions; repeat it or use commas."
)
@click.option(
    "--only", type=click.Choice(("functions", "services")), help="Only Function Compute 3.0 or 2.0."
)
@_AS_JSON
@click.option("--csv", "csv_output", is_flag=True, help="Print CSV.")
@ending
def list_(**given: Any) -> int | None:  # noqa: ANN401  click passes what the options say
    """List functions (3.0) and services (2.0) of the role's account, in all regions at the same time."""
    mine, other = parted(given)
    if other["as_json"] and other["csv_output"]:
        raise SessionError(ErrorKind.USAGE, "`--json`, `--csv` exclude each other", "ask for one form")
    regions = [checked(part.strip()) for each in other["where"] for part in each.split(",") if part.strip()]
    regions = list(dict.fromkeys(regions or REGIONS))
    kinds = {"functions": ("function",), "services": ("service",)}.get(other["only"], ("function", "service"))
    access = _access(mine)
    with _progress(len(regions)) as done:
        listing = list_regions(access, regions, kinds, done)
    if other["as_json"]:
        click.echo(as_json(listing))
    elif other["csv_output"]:
        click.echo(as_csv(listing), nl=False)
    else:
        show_table(listing)
    return _told(listing.failed, len(regions), as_json=other["as_json"])


@functions.command(epilog=_EPILOG)
@role_argument
@_FUNCTION
@role_options
@_WHERE
@click.option(
    "--payload",
    default="",
    metavar="TEXT|@FILE|-",
    help="What the function is given; `-` reads it from standard input.",
)
@click.option("--qualifier", metavar="NAME", help="A version or an alias (default: the newest).")
@click.option("--async", "queued", is_flag=True, help="Only queue the call.")
@click.option("--logs", "with_log", is_flag=True, help="Show the last 4 KB of its log on standard error.")
@_AS_JSON
@ending
def invoke(**given: Any) -> int | None:  # noqa: ANN401  click passes what the options say
    """Call FUNCTION, where the role allows it; its answer goes to standard output."""
    mine, other = parted(given)
    payload, region = _payload(other["payload"]), checked(other["where"])
    done = call(
        _access(mine),
        region,
        other["function"],
        payload,
        qualifier=other["qualifier"],
        queued=other["queued"],
        with_log=other["with_log"],
    )
    if other["as_json"]:
        click.echo(
            json.dumps(
                {
                    "statusCode": done.status,
                    "requestId": done.request_id,
                    "errorType": done.error or None,
                    "body": done.body.decode(errors="replace"),
                    "log": done.log or None,
                },
                indent=2,
            )
        )
    else:
        sys.stdout.buffer.write(done.body)
        if done.log:
            click.echo(done.log.rstrip(), err=True)
    if done.error:
        text = f"function `{other['function']}` failed ({done.error})"
        raise SessionError(
            ErrorKind.FAILED, text, "look at its answer and its log", request_id=done.request_id
        )
    return None


@functions.command(epilog=_EPILOG)
@role_argument
@_FUNCTION
@role_options
@_WHERE
@click.option(
    "--since", default="1h", show_default=True, metavar="TIME", help="How far back: seconds, or 30m, 2h."
)
@click.option(
    "--lines", type=click.IntRange(1, 100), default=50, show_default=True, help="How many lines at most."
)
@_AS_JSON
@ending
def logs(**given: Any) -> None:  # noqa: ANN401  click passes what the options say
    """Show the newest lines that FUNCTION logged, where the role may read its log store."""
    mine, other = parted(given)
    since, region = seconds(other["since"]), checked(other["where"])
    access = _access(mine)
    store = log_store(access, region, other["function"])
    for line in read_log(access, store, other["function"], since=since, lines=other["lines"]):
        moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(line.moment))
        if other["as_json"]:
            click.echo(json.dumps({"time": moment, "requestId": line.request_id, "message": line.message}))
        else:
            click.echo(f"{moment} {line.message}")


def _access(mine: dict[str, Any]) -> Access:
    """Function Compute inside the session; a local STS means the local cloud's Function Compute too."""
    wanted = Wanted(**mine)
    endpoint = wanted.request.endpoint
    return Access(wanted.open(), endpoint if is_local(endpoint) else None)


def _payload(given: str) -> bytes:
    if given == "-":
        return sys.stdin.buffer.read()
    if not given.startswith("@"):
        return given.encode()
    try:
        return Path(given[1:]).read_bytes()
    except OSError as error:
        reason = (error.strerror or "an error").lower()
        raise SessionError(
            ErrorKind.USAGE, f"`{given[1:]}` cannot be read: {reason}", "name another file"
        ) from None


class _progress:  # noqa: N801  it is used like a function
    """A line on standard error that counts the regions, on a terminal only."""

    def __init__(self, total: int) -> None:
        self._total, self._done = total, 0
        self._status = Console(stderr=True, emoji=False).status(self._text())

    def __enter__(self) -> Callable[[str], None]:
        self._status.start()
        return self._count

    def __exit__(self, *_: object) -> None:
        self._status.stop()

    def _count(self, _region: str) -> None:
        self._done += 1
        self._status.update(self._text())

    def _text(self) -> str:
        return f"listed {self._done} of {self._total} regions"


def _told(failed: dict[str, SessionError], asked: int, *, as_json: bool) -> int:
    """Tell what failed, equal failures in one line; the exit code."""
    groups: dict[tuple[ErrorKind, str], list[str]] = {}
    for region, error in failed.items():
        groups.setdefault((error.kind, str(error).replace(region, "REGION")), []).append(region)
    if not as_json:
        for (kind, _), regions in groups.items():
            first = failed[regions[0]]
            others = f" and {len(regions) - 1} more regions" if len(regions) > 1 else ""
            tell(SessionError(kind, f"{regions[0]}{others}: {first}"), as_json=False)
    if not failed:
        return 0
    kinds = {error.kind for error in failed.values()}
    return kinds.pop().value if len(failed) == asked and len(kinds) == 1 else ErrorKind.PARTIAL.value
