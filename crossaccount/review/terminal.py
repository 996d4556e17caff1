"""The diff as lines for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crossaccount.review.model import Kind
from crossaccount.review.words import VERDICT_WORDS, end_words, grouped, headline, known_actions, short, who
from crossaccount.terminal_text import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crossaccount.review.model import PermissionDiff
    from crossaccount.review.words import RowGroup

_SIGNS = {
    Kind.GAINED: "[green]+[/green]",
    Kind.MAYBE_GAINED: "[magenta]?+[/magenta]",
    Kind.LOST: "[red]-[/red]",
    Kind.MAYBE_LOST: "[magenta]?-[/magenta]",
}
_MOST_WHO = 12


def terminal_lines(diff: PermissionDiff) -> Iterator[str]:
    """The headline, each group of rows, the verdicts, and what was not analysed."""
    yield f"[bold]{escape(headline(diff))}[/bold]"
    for group in grouped(diff.rows):
        yield ""
        yield from _group_lines(group)
    if diff.principals:
        yield ""
    for each in diff.principals:
        yield f"{escape(short(each.principal_arn))}: {VERDICT_WORDS[each.verdict]}"
    for missed in diff.not_read:
        new = "changed, " if missed.new else ""
        yield f"[magenta]not analysed[/magenta] ({new}{escape(missed.place)}): {escape(missed.what)}"


def _group_lines(group: RowGroup) -> Iterator[str]:
    row = group.first
    most = "" if row.kind.sure else "at most "
    yield (
        f"{_SIGNS[row.kind]} {row.kind.value}: {most}[bold]{escape(', '.join(row.actions))}[/bold]"
        f" on {escape(', '.join(row.resources))}"
    )
    for each in group.rows[:_MOST_WHO]:
        way = " then ".join(short(role) for role in each.path)
        yield escape(f"    {who(each)}, {f'through {way}' if way else 'as itself'}")
    if len(group.rows) > _MOST_WHO:
        yield f"    and {len(group.rows) - _MOST_WHO} more"
    for condition in row.conditions:
        yield escape(f"    if {condition}")
    yield f"    [dim]reaches: {escape(known_actions(row))}[/dim]"
    if row.witness is not None:
        request = row.witness.request
        yield f"    [dim]for example {escape(request.action)} on {escape(request.resource)}[/dim]"
    if row.why:
        yield f"    cannot tell: {escape(row.why)}"
    for cause in row.causes:
        yield f"    because of {escape(str(cause))}"
    if row.ends_after is not None:
        yield f"    gone {escape(end_words(row))}" if not row.ends_after else f"    {escape(end_words(row))}"
