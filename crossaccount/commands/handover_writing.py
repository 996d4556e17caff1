"""Writing a stack's settings: shown as a diff, asked first, tried with the program, written whole."""

from __future__ import annotations

import difflib
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click
from rich.markup import escape

from crossaccount.commands.handover_files import print_lines, write
from crossaccount.handover.errors import refused
from crossaccount.session.errors import ErrorKind, SessionError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from crossaccount.handover.stack_settings import StackSettings

NOT_DONE = 1
_COLOURS = {"+": "green", "-": "red", "@": "cyan"}
YES = click.option("--yes", is_flag=True, help="Do not ask.")
DRY_RUN = click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing.")
REPLACE = click.option(
    "--replace", is_flag=True, help="Replace entries of that name that say something else."
)


@dataclass(frozen=True, slots=True)
class Asking:
    """Whether settings are written.

    Attributes:
        yes: without a question.
        dry_run: in no case.
        as_json: nothing is shown and nobody is asked.
    """

    yes: bool
    dry_run: bool
    as_json: bool


def diff_text(settings: StackSettings) -> str:
    """The change to the stack file as a unified diff; empty for none."""
    name = settings.path.name
    before = f"a/{name}" if settings.exists else "/dev/null"
    lines = difflib.unified_diff(
        settings.original.splitlines(keepends=True),
        settings.file.text.splitlines(keepends=True),
        before,
        f"b/{name}",
    )
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)


def write_settings(settings: StackSettings, asking: Asking, try_out: Callable[[], None]) -> bool | None:
    """Show the change, try it out, ask, write.

    Args:
        settings: the stack's settings, edited.
        asking: whether to write.
        try_out: raises where the program refuses the settings; may tell what they would change.

    Returns:
        Whether it was written; None where there was nothing to write.

    Raises:
        SessionError: the program refuses them, the file was changed meanwhile, or cannot be written.
    """
    if settings.file.text == settings.original:
        return None
    if not asking.as_json:
        print_lines(_coloured(diff_text(settings)))
    try_out()
    if asking.dry_run or (asking.as_json and not asking.yes):
        return False
    if not asking.yes and not _agreed(settings):
        return False
    _refuse_changed(settings)
    write(settings.path, settings.file.text)
    return True


def _agreed(settings: StackSettings) -> bool:
    try:
        return click.confirm(f"write this to {settings.path.name}?", err=True)
    except click.Abort:
        if sys.stdin.isatty():
            raise
        raise refused(
            "nobody can be asked here, and nothing was written", "add `--yes`, or `--dry-run` to look only"
        ) from None


def _refuse_changed(settings: StackSettings) -> None:
    try:
        now = settings.path.read_bytes().decode("utf-8") if settings.path.exists() else ""
    except (OSError, UnicodeDecodeError):
        now = None
    if now != settings.original:
        raise SessionError(
            ErrorKind.FAILED, f"`{settings.path}` was changed meanwhile, and nothing was written", "try again"
        )


def _coloured(diff: str) -> Iterator[str]:
    for line in diff.splitlines():
        colour = "bold" if line.startswith(("+++", "---")) else _COLOURS.get(line[:1])
        yield f"[{colour}]{escape(line)}[/{colour}]" if colour else escape(line)
