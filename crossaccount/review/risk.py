"""How wide a row is: the order of reports, and the gates that CI fails on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crossaccount.review.model import Kind
from crossaccount.review.words import who

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from crossaccount.review.model import DiffRow, PermissionDiff

_WEIGHTS = {"permission-management": 16, "write": 8, "invoke": 4, "read": 2}
_READING = ("Get", "List", "Describe", "Query")
_UNKNOWN, _WILDCARD, _UNBOUNDED, _NEW_ACCOUNT = 12, 6, 10, 5


def risk(row: DiffRow) -> int:
    """A number that grows with what a row could do; only for the order of rows."""
    weight = max((_WEIGHTS[each] for each in row.classes), default=0)
    weight += _UNKNOWN if row.unknown_actions and _writes(row) else 0
    weight += _WILDCARD if row.wildcard else 0
    weight += 0 if row.bounded else _UNBOUNDED
    weight += _NEW_ACCOUNT if row.new_account else 0
    return weight + (0 if row.conditions else 1)


def widest_first(row: DiffRow) -> tuple[object, ...]:
    """The order of a report: gains, then losses; the widest first; then by name, so that it is stable."""
    kinds = list(Kind)
    return (
        kinds.index(row.kind),
        -risk(row),
        row.principal_arn,
        row.role,
        row.actions,
        row.resources,
        row.conditions,
        row.why,
    )


def _writes(row: DiffRow) -> bool:
    if {"write", "permission-management"} & set(row.classes):
        return True
    return row.unknown_actions and not all(map(_reads, row.actions))


def _reads(actions: str) -> bool:
    """Whether a pattern's operations all begin with a verb that reads, those that are not known included."""
    return actions.partition(":")[2].startswith(_READING)


def _unbounded(row: DiffRow) -> bool:
    return not row.bounded


def _endless(row: DiffRow) -> bool:
    return bool(row.path) and not row.expires


GATES: dict[str, tuple[str, Callable[[DiffRow], bool]]] = {
    "gain": ("somebody gains something", lambda row: True),  # noqa: ARG005  every gain
    "write": ("somebody gains what writes or manages permissions", _writes),
    "invoke": ("somebody gains invoking", lambda row: "invoke" in row.classes),
    "wildcard": ("somebody gains a whole service or every resource", lambda row: row.wildcard),
    "new-account": ("an account gains a way into another one", lambda row: row.new_account),
    "no-expiry": (
        "somebody gains access across accounts that does not end by itself",
        _endless,
    ),
    "unbounded-trust": ("a whole account gains access without a condition", _unbounded),
}
"""By name: what it says when it fires, and whether a gained row fires it."""

CANNOT_TELL = "cannot-tell"
GATE_NAMES = (*GATES, CANNOT_TELL)


def fired(
    diff: PermissionDiff, names: Iterable[str], allowed: Callable[[DiffRow], bool]
) -> dict[str, list[str]]:
    """The gates that fire, each with the rows that fire it, in words.

    What may be gained counts as gained: a gate that cannot be told is closed.

    Args:
        diff: the diff.
        names: the gates asked for, of `GATE_NAMES`.
        allowed: whether the allow-list covers a row.
    """
    found: dict[str, list[str]] = {}
    for name in names:
        if name == CANNOT_TELL:
            rows = [row for row in diff.rows if not row.kind.sure and not allowed(row)]
            said = [in_words(row) for row in rows]
            said += [f"not analysed: {each.what} ({each.place})" for each in diff.not_read if each.new]
        else:
            fires = GATES[name][1]
            rows = [row for row in diff.rows if row.kind.gains and fires(row) and not allowed(row)]
            said = [in_words(row) for row in rows]
        if said:
            found[name] = said
    return found


def in_words(row: DiffRow) -> str:
    """A row in one line."""
    way = f" as {row.role}" if row.path else ""
    under = f" if {' and '.join(row.conditions)}" if row.conditions else ""
    verb = {
        Kind.GAINED: "gains",
        Kind.LOST: "loses",
        Kind.MAYBE_GAINED: "may gain at most",
        Kind.MAYBE_LOST: "may lose at most",
    }[row.kind]
    actions = ", ".join(row.actions) or "every action"
    resources = ", ".join(row.resources) or "every resource"
    return f"{who(row)} {verb} {actions} on {resources}{way}{under}"
