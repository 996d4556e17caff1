"""Regions: finite unions of boxes, with the operations of sets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crossaccount.policy.sets.bounds import MAX_BOXES, TooLargeError
from crossaccount.policy.sets.box import EVERY_REQUEST, Box

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Region:
    """A union of boxes, none inside another.

    Attributes:
        boxes: they may overlap.

    Every operation raises TooLargeError beyond `MAX_BOXES` boxes.
    """

    boxes: tuple[Box, ...] = ()

    def __and__(self, other: Region) -> Region:
        met = (mine.common(theirs) for mine in self.boxes for theirs in other.boxes)
        return region(each for each in met if each is not None)

    def __or__(self, other: Region) -> Region:
        return region((*self.boxes, *other.boxes))

    def __sub__(self, other: Region) -> Region:
        return region(self.pieces_without(other))

    def pieces_without(self, other: Region) -> list[Box]:
        """The requests that are not in `other`."""
        same = set(other.boxes)
        left = [each for each in self.boxes if each not in same]
        for theirs in other.boxes:
            left = [piece for mine in left for piece in mine.without(theirs)]
            _check(len(left))
        return left


NO_REQUEST = Region()
ALL_REQUESTS = Region((EVERY_REQUEST,))


def region(boxes: Iterable[Box]) -> Region:
    """The union of boxes."""
    found = list(dict.fromkeys(boxes))
    _check(len(found))
    if len(found) > 1:
        found = [
            each
            for place, each in enumerate(found)
            if not any(
                each <= other and (place > at or not other <= each)
                for at, other in enumerate(found)
                if at != place
            )
        ]
    return Region(tuple(found))


def _check(boxes: int) -> None:
    if boxes > MAX_BOXES:
        raise TooLargeError(f"its statements overlap in more than {MAX_BOXES} pieces")
