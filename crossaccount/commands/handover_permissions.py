"""What taking a request up would change for people: the permission diff of the settings before and after."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crossaccount.access import graph_of
from crossaccount.commands.handover_files import print_lines, write
from crossaccount.handover.trial import tried
from crossaccount.review import permission_diff
from crossaccount.review.json_form import to_json
from crossaccount.review.markdown import to_markdown
from crossaccount.review.risk import CANNOT_TELL, GATE_NAMES, GATES, fired
from crossaccount.review.terminal import terminal_lines

if TYPE_CHECKING:
    from crossaccount.handover.stack_file import StackFile
    from crossaccount.handover.stack_settings import StackSettings
    from crossaccount.review import PermissionDiff

_EXPECTED = ("gain", "invoke")


def change_of(
    settings: StackSettings, after: StackFile, markdown: str | None, *, as_json: bool
) -> dict[str, Any]:
    """Run the program on the settings before and after; tell who would gain and lose what.

    Args:
        settings: the stack's settings; before is what its file holds.
        after: the stack file as it would be.
        markdown: a file for the same as a pull request's comment; `-` prints it instead.
        as_json: nothing is printed.

    Returns:
        The same for JSON: the diff, and what to look at twice.

    Raises:
        SessionError: the program refuses the settings, or the file cannot be written.
        AccessError: what the program declares cannot be understood.
    """
    name = f"stack `{settings.stack}`"
    before = (
        [tried(settings.project, settings.stack, settings.original, f"{name}, before any change,")]
        if settings.exists
        else []
    )
    then = tried(settings.project, settings.stack, after.text, f"{name} with this change")
    accounts = {settings.stack: str(settings.value("account"))}
    found = permission_diff(graph_of(before, accounts=accounts), graph_of([then], accounts=accounts))
    attention = _attention(found)
    if markdown == "-" and not as_json:
        click.echo(to_markdown(found), nl=False)
    elif not as_json:
        print_lines(["", *terminal_lines(found), ""])
    if markdown not in (None, "-"):
        write(Path(str(markdown)), to_markdown(found))
    for line in () if as_json else attention:
        click.echo(f"look twice: {line}", err=True)
    return {"permissions": to_json(found), "attention": attention}


def _attention(found: PermissionDiff) -> list[str]:
    """What the gates of `crossaccount diff --fail-on` would stop, but for gaining and calling at all."""
    asked = [name for name in GATE_NAMES if name not in _EXPECTED]
    names = fired(found, asked, lambda _: False)
    return [GATES[name][0] if name != CANNOT_TELL else "something cannot be told" for name in names]
