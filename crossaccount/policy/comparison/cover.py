"""A region as few boxes, each as wide as the region allows; and what of it is certain."""

from __future__ import annotations

from itertools import combinations

from crossaccount.policy.sets.bounds import TooLargeError
from crossaccount.policy.sets.box import Box
from crossaccount.policy.sets.dimensions import Dimension, Kind, every_value
from crossaccount.policy.sets.region import Region, region
from crossaccount.policy.sets.universe import possible_call

_MOST_TRIED = 7


def possible(found: Region) -> Region:
    """The boxes of a region of which some request could be made."""
    return Region(tuple(each for each in found.boxes if possible_call(each) is not None))


def certain(found: Region) -> Region:
    """The requests that are in the region whatever its opaque dimensions stand for."""
    while True:
        opaque = {each for each_box in found.boxes for each in each_box.parts if each.kind is Kind.OPAQUE}
        if not opaque:
            return found
        dimension = min(opaque, key=lambda each: (each.step, each.key))
        found = _where(found, dimension, 1) & _where(found, dimension, 0)


def _where(found: Region, dimension: Dimension, value: int) -> Region:
    return region(
        _without(each, dimension)
        for each in found.boxes
        if value in each.values(dimension).inside  # type: ignore[operator]
    )


def without_opaque(each: Box) -> Box:
    """The box with its opaque dimensions free: at most so much."""
    return Box(
        {dimension: held for dimension, held in each.parts.items() if dimension.kind is not Kind.OPAQUE}
    )


def widest(found: Region, whole: Region) -> tuple[Box, ...]:
    """Few boxes inside `whole` that cover `found`, each as wide as `whole` allows, none to spare."""
    try:
        wide = list(dict.fromkeys(_widened(each, whole) for each in found.boxes))
        return _fewest([each for each in wide if not any(each <= other and each != other for other in wide)])
    except TooLargeError:
        return found.boxes


def _widened(each: Box, whole: Region) -> Box:
    kinds = list(Kind)
    for dimension in sorted(each.parts, key=lambda part: (kinds.index(part.kind), part)):
        free = _without(each, dimension)
        blocked = [piece.values(dimension) for piece in Region((free,)).pieces_without(whole)]
        allowed = every_value(dimension)
        for values in blocked:
            allowed = allowed - values
        each = each.widened(dimension, allowed | each.values(dimension))
    return each


def _without(each: Box, dimension: Dimension) -> Box:
    return Box({other: held for other, held in each.parts.items() if other != dimension})


def _fewest(boxes: list[Box]) -> tuple[Box, ...]:
    """The fewest boxes that hold what all hold; surely the fewest where up to seven could be spared."""
    needed = [each for each in boxes if not _covered([each], [other for other in boxes if other is not each])]
    spare = [each for each in boxes if each not in needed]
    if not spare or _covered(spare, needed):
        return tuple(needed)
    if len(spare) <= _MOST_TRIED:
        for count in range(1, len(spare)):
            for chosen in combinations(spare, count):
                if _covered(spare, [*needed, *chosen]):
                    return (*needed, *chosen)
    kept = list(boxes)
    for each in sorted(spare, key=lambda each: -len(each.parts)):
        others = [other for other in kept if other is not each]
        if _covered([each], others):
            kept = others
    return tuple(kept)


def _covered(boxes: list[Box], by: list[Box]) -> bool:
    left = Region(tuple(boxes)).pieces_without(Region(tuple(by)))
    return all(possible_call(each) is None for each in left)
