"""Sets of ordered values as disjoint intervals: dates, numbers, addresses, truth values.

An interval runs from its start up to its end, the end excluded. For whole numbers the ends are numbers; for
decimal numbers they are cuts `(number, 0)` just before and `(number, 1)` just after a number.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

Cut = int | tuple[Decimal, int]
Span = tuple[Cut, Cut]


@dataclass(frozen=True, slots=True)
class Intervals:
    """A set of ordered values.

    Attributes:
        spans: sorted, not empty, not touching each other.
    """

    spans: tuple[Span, ...] = ()

    @classmethod
    def of(cls, spans: Iterable[Span]) -> Intervals:
        """The union of spans in any order; those that are empty do not count."""
        found: list[Span] = []
        for start, end in sorted(span for span in spans if _before(span[0], span[1])):
            if found and not _before(found[-1][1], start):
                found[-1] = (found[-1][0], max(found[-1][1], end))
            else:
                found.append((start, end))
        return cls(tuple(found))

    def __contains__(self, value: Cut) -> bool:
        return any(not _before(value, start) and _before(value, end) for start, end in self.spans)

    @property
    def is_empty(self) -> bool:
        """Whether no value is in the set."""
        return not self.spans

    def meets(self, other: Intervals) -> bool:
        """Whether some value is in both."""
        return not (self & other).is_empty

    def __and__(self, other: Intervals) -> Intervals:
        return Intervals.of(
            (max(mine[0], theirs[0]), min(mine[1], theirs[1]))
            for mine in self.spans
            for theirs in other.spans
        )

    def __or__(self, other: Intervals) -> Intervals:
        return Intervals.of((*self.spans, *other.spans))

    def __sub__(self, other: Intervals) -> Intervals:
        left = list(self.spans)
        for start, end in other.spans:
            left = [
                part
                for span in left
                for part in (
                    (span[0], min(span[1], start)),
                    (max(span[0], end), span[1]),
                )
                if _before(part[0], part[1])
            ]
        return Intervals(tuple(left))

    def __le__(self, other: Intervals) -> bool:
        return (self - other).is_empty


def _before(first: Cut, second: Cut) -> bool:
    return first < second  # type: ignore[operator]
