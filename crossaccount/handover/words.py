"""What a role may do, in words and by class, as lines of a hand-over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crossaccount.access.words import visible
from crossaccount.policy.comparison import compare
from crossaccount.policy.sets import PermissionSet
from crossaccount.review.permissions import Permissions
from crossaccount.session.handover_file import CLASSES, LONGEST_LINE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crossaccount.access import Role
    from crossaccount.policy.comparison.report import CannotTell, Row


def permission_words(role: Role) -> tuple[list[str], list[str]]:
    """What a role's policies allow: lines, widest first, and the classes of what they reach.

    Where a policy is not known, a line says so, and every class counts.
    """
    found = compare(PermissionSet.nothing(), Permissions("now").held(role))
    lines = [line for row in found.gained for line in _row_lines(row)]
    lines += [_doubt_line(each) for each in found.cannot_tell if each.may_gain]
    reached = {each.value for row in found.gained for each in row.classes}
    if found.cannot_tell or any(row.unknown_actions for row in found.gained):
        reached = set(CLASSES) if found.cannot_tell else reached | _beyond(found.gained)
    return [printable(line) for line in lines], [each for each in CLASSES if each in reached]


def printable(line: str) -> str:
    """A line that a terminal only shows: what it would obey is escaped, what is too long is cut."""
    shown = visible(line)
    return shown if len(shown) <= LONGEST_LINE else shown[: LONGEST_LINE - 4] + " ..."


def _beyond(rows: Sequence[Row]) -> set[str]:
    """The classes that unknown operations of a row may be of: `fc:Get*` reads, `fc:*` may be anything."""
    reading = ("Get", "List", "Describe", "Query")
    open_ended = [
        str(action).partition(":")[2] for row in rows if row.unknown_actions for action in row.actions
    ]
    return {"read"} if all(each.startswith(reading) for each in open_ended) else set(CLASSES)


def _row_lines(row: Row) -> Iterator[str]:
    classes = ", ".join(sorted(each.value for each in row.classes)) or "not known"
    beyond = " and actions that are not in the catalogue" if row.unknown_actions else ""
    actions = ", ".join(sorted(map(str, row.actions)))
    limits = f" if {' and '.join(map(str, row.limits))}" if row.limits else ""
    for some in _pieces([str(each) for each in row.resources]):
        yield f"{classes}{beyond}: {actions} on {', '.join(some)}{limits}"


def _doubt_line(doubt: CannotTell) -> str:
    return f"cannot be told: {doubt.entry}: {doubt.why}"


def _pieces(names: Sequence[str]) -> Iterator[Sequence[str]]:
    """Few names a line, so that no line is cut."""
    piece: list[str] = []
    for name in names:
        if piece and sum(map(len, piece)) + len(name) > LONGEST_LINE // 4:
            yield piece
            piece = []
        piece.append(name)
    yield piece
