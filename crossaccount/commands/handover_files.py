"""What the hand-over commands have in common: their endings, files out, and asking first."""

from __future__ import annotations

import json
import re
import sys
from datetime import datetime, timezone
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from crossaccount.access import AccessError
from crossaccount.commands.endings import ending
from crossaccount.handover.errors import refused
from crossaccount.sealed_file import is_yaml, to_text
from crossaccount.session.errors import ErrorKind, SessionError
from crossaccount.session.handover_file import is_moment
from crossaccount.whole_file import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_WIDTH = 160
PROJECT = click.option(
    "--project",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    help="The folder of Pulumi.yaml (default: this one).",
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON, errors too.")
OUT = click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write, whole or not at all (default: print it).",
)
FORMAT = click.option(
    "--format",
    "form",
    type=click.Choice(["json", "yaml"]),
    help="The file's form (default: by its ending, else JSON).",
)


def handover_command(command: Callable[..., int | None]) -> Callable[..., None]:
    """Give a command the endings of a session command; what cannot be read is exit code 2."""

    @wraps(command)
    def guarded(**options: Any) -> int | None:  # noqa: ANN401  click passes what the options say
        try:
            return command(**options)
        except AccessError as error:
            raise refused(str(error)) from None

    return ending(guarded)


def now() -> str:
    """The time as files and policies write it."""
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(text: str) -> str:
    """A moment with its offset, as UTC.

    Raises:
        SessionError: of kind USAGE: it is none.
    """
    try:
        found = datetime.fromisoformat(re.sub("[Zz]$", "+00:00", text))
        written = found.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError):
        found, written = None, ""
    if found is None or found.tzinfo is None or not is_moment(written):
        raise refused(f"{text!r} is no moment", "write for example `2027-03-31T23:59:59+09:00`")
    return written


def write_document(
    document: Mapping[str, Any], out: Path | None, form: str | None, *, is_own: Callable[[Path], bool]
) -> None:
    """Write a file for the other company, or print it.

    Args:
        document: what it holds.
        out: where to; None prints it.
        form: `json` or `yaml`; None goes by the file's ending.
        is_own: whether a file that is there already is one of the same kind, and may be replaced.

    Raises:
        SessionError: something else is there, or it cannot be written.
    """
    yaml = form == "yaml" if form else out is not None and is_yaml(out)
    if out is None:
        click.echo(to_text(document, yaml=yaml), nl=False)
        return
    if yaml is not is_yaml(out):
        raise refused(
            f"`{out}` would hold {'YAML' if yaml else 'JSON'}", "its ending tells readers: change it"
        )
    if out.exists() and not is_own(out):
        raise refused(f"`{out}` is there already and holds something else", "name another file")
    write(out, to_text(document, yaml=yaml))


def write(path: Path, text: str) -> None:
    """Write a file whole or not at all.

    Raises:
        SessionError: of kind FAILED: it cannot be written.
    """
    try:
        write_whole(path, text)
    except OSError as error:
        reason = (error.strerror or "an error").lower()
        raise SessionError(
            ErrorKind.FAILED, f"`{path}` cannot be written: {reason}", "nothing was changed"
        ) from None


def print_json(document: Mapping[str, Any]) -> None:
    """Print an answer for programs."""
    click.echo(json.dumps(document, indent=2))


def print_lines(lines: Iterable[str], *, err: bool = False) -> None:
    """Print lines with Rich's markup; without colours where that is no terminal, or NO_COLOR is set."""
    stream = sys.stderr if err else sys.stdout
    console = Console(
        file=stream, highlight=False, emoji=False, soft_wrap=True, width=None if stream.isatty() else _WIDTH
    )
    with console.capture() as captured:
        for line in lines:
            console.print(line)
    # Not rich's own writing: it would end a broken pipe with code 1, which means something else here.
    click.echo(captured.get(), nl=False, err=err)
