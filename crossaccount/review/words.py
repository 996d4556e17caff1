"""What every report says in the same words: the headline, groups of rows that are alike, ends, names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crossaccount.policy.comparison import Change
from crossaccount.review.model import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crossaccount.review.model import DiffRow, PermissionDiff

NO_CHANGE = "No permission change"
_HOUR = 3600
_MINUTE = 60


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Rows that differ only in who they are about.

    Attributes:
        rows: at least one; what is said of the first holds for all.
    """

    rows: tuple[DiffRow, ...]

    @property
    def first(self) -> DiffRow:
        """The row that stands for all."""
        return self.rows[0]


def grouped(rows: Iterable[DiffRow]) -> list[RowGroup]:
    """Rows that are alike together, in the order of their first ones."""
    found: dict[tuple[object, ...], list[DiffRow]] = {}
    for row in rows:
        last = row.path[-1:]
        key = (row.kind, row.role if row.path else "", last, len(row.path), row.actions, row.resources)
        found.setdefault((*key, row.conditions, row.why, row.causes, row.ends_after), []).append(row)
    return [RowGroup(tuple(each)) for each in found.values()]


def headline(diff: PermissionDiff) -> str:
    """What changes, in one line that counts."""
    gains = _principals(diff.of(Kind.GAINED))
    loses = _principals(diff.of(Kind.LOST))
    maybe = _principals(diff.of(Kind.MAYBE_GAINED, Kind.MAYBE_LOST))
    parts = [
        _count(gains, "principal gains", "principals gain"),
        _count(loses, "loses", "lose") if gains else _count(loses, "principal loses", "principals lose"),
        f"{maybe} cannot be told" if maybe else "",
    ]
    said = ", ".join(part for part in parts if part)
    unchanged = _count(diff.unchanged, "principal unchanged", "principals unchanged") or "nobody unchanged"
    found = f"Permission change: {said}; {unchanged}." if said else f"{NO_CHANGE}: {unchanged}."
    unread = sum(each.new for each in diff.not_read)
    if unread and not said:
        return f"Permission change cannot be told: {unread} of {len(diff.not_read)} not analysed changed."
    if diff.not_read:
        found += f" Not analysed: {len(diff.not_read)}."
    return found


def end_words(row: DiffRow) -> str:
    """When a loss takes effect at the latest; empty for a gain."""
    if row.ends_after is None:
        return ""
    if row.ends_after == 0:
        return "at once"
    return f"sessions opened before end at most {_span(row.ends_after)} after `up`"


def known_actions(row: DiffRow) -> str:
    """How far an action's pattern reaches, in words."""
    classes = ", ".join(row.classes) or "none known"
    return f"{classes}{' and actions that are not in the catalogue' if row.unknown_actions else ''}"


def who(row: DiffRow) -> str:
    """The principal with its account."""
    named = not row.account or row.account in row.principal
    return row.principal if named else f"{row.principal} of {row.account}"


def short(arn: str) -> str:
    """A RAM ARN as people say it: `role/fc-reader (1234567890120000)`."""
    parts = arn.split(":", 4)
    if len(parts) != 5 or parts[1] != "ram":  # noqa: PLR2004  an ARN
        return arn
    return f"{parts[4]} ({parts[3]})"


VERDICT_WORDS = {
    Change.SAME: "same",
    Change.MORE: "more",
    Change.LESS: "less",
    Change.INCOMPARABLE: "incomparable: some more, some less",
    Change.CANNOT_TELL: "cannot tell",
}


def _principals(rows: Iterable[DiffRow]) -> int:
    return len({row.principal_arn for row in rows})


def _count(number: int, one: str, many: str) -> str:
    return "" if not number else f"{number} {one if number == 1 else many}"


def _span(seconds: int) -> str:
    hours, rest = divmod(seconds, _HOUR)
    minutes = -(-rest // _MINUTE)
    parts = [_count(hours, "hour", "hours"), _count(minutes, "minute", "minutes")]
    return " ".join(part for part in parts if part)
