"""Boxes: requests whose every dimension lies in a set of values, whatever the other dimensions are."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from crossaccount.policy.sets.dimensions import Dimension, Kind, Values, every_value
from crossaccount.policy.sets.intervals import Intervals
from crossaccount.policy.sets.language import NOTHING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_TYPED = (Kind.TEXT, Kind.NUMBER, Kind.DATE, Kind.BOOLEAN, Kind.IP)


class Box:
    """A product of sets of values, never empty; a dimension that is not named is free.

    Attributes:
        parts: by dimension, the values it is held to.
    """

    __slots__ = ("_hash", "parts")

    def __init__(self, parts: Mapping[Dimension, Values]) -> None:
        self.parts = parts
        self._hash = hash(frozenset(parts.items()))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Box) and self.parts == other.parts

    def values(self, dimension: Dimension) -> Values:
        """What a dimension is held to: all its values where it is free."""
        return self.parts.get(dimension) or every_value(dimension)

    def meets(self, other: Box) -> bool:
        """Whether some request is in both, as far as each dimension by itself tells."""
        return all(
            dimension not in self.parts or self.parts[dimension].meets(theirs)
            for dimension, theirs in other.parts.items()
        )

    def common(self, other: Box) -> Box | None:
        """The requests in both; None where there are none."""
        if not self.meets(other):
            return None
        parts = dict(self.parts)
        for dimension, theirs in other.parts.items():
            mine = parts.get(dimension)
            both = theirs if mine is None else mine & theirs
            if both.is_empty:
                return None
            parts[dimension] = both
        return box(parts)

    def without(self, other: Box) -> Iterator[Box]:
        """The requests that are not in `other`, as boxes that share none."""
        if not self.meets(other):
            yield self
            return
        rest = dict(self.parts)
        for dimension, theirs in other.parts.items():
            mine = rest.get(dimension) or every_value(dimension)
            piece = box({**rest, dimension: mine - theirs})
            if piece is not None:
                yield piece
            rest[dimension] = mine & theirs

    def __le__(self, other: Box) -> bool:
        return all(self.values(dimension) <= theirs for dimension, theirs in other.parts.items())

    def widened(self, dimension: Dimension, values: Values) -> Box:
        """The box with other, more values in one dimension."""
        rest = {each: held for each, held in self.parts.items() if each != dimension}
        return Box(rest) if values == every_value(dimension) else Box({**rest, dimension: values})


EVERY_REQUEST = Box({})


def box(parts: Mapping[Dimension, Values]) -> Box | None:
    """The box of these values; None where a dimension has none left."""
    kept: dict[Dimension, Values] = {}
    for dimension, values in parts.items():
        if values.is_empty:
            return None
        if values != every_value(dimension):
            kept[dimension] = values
    keys = Counter((each.step, each.key) for each in kept if each.kind in _TYPED)
    for place, times in keys.items():
        if times > 1 and not _agree(kept, place):
            return None
    return Box(kept)


def _agree(parts: dict[Dimension, Values], place: tuple[str, str]) -> bool:
    """Makes the kinds in which one key is asked agree on whether it is missing; False if they cannot."""
    found = [each for each in parts if (each.step, each.key) == place and each.kind in _TYPED]
    present = any(not parts[each].missing for each in found)
    absent = any(parts[each].inside.is_empty and not parts[each].unreadable for each in found)
    if present and absent:
        return False
    for each in found:
        held = parts[each]
        if present:
            parts[each] = Values(held.inside, held.unreadable, missing=False)
        elif absent:
            nothing = Intervals() if isinstance(held.inside, Intervals) else NOTHING
            parts[each] = Values(nothing, unreadable=False, missing=True)
    return not any(parts[each].is_empty for each in found)
