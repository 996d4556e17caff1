"""From what allows an earlier request to the conditions under which that request was possible."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crossaccount.policy.arn import folded
from crossaccount.policy.sets.box import Box, box
from crossaccount.policy.sets.dimensions import ACTION, RESOURCE, Dimension, Kind, Values
from crossaccount.policy.sets.membership import compared_resource
from crossaccount.policy.sets.region import Region, region
from crossaccount.policy.sets.universe import carries

if TYPE_CHECKING:
    from crossaccount.policy.evaluation import Request


def gate_conditions(gate: Region, earlier: Request, step: str) -> Region:
    """The contexts in which `gate` allows an earlier request, as conditions on `step`."""
    found = (_conditions(each, earlier, step) for each in gate.boxes)
    return region(each for each in found if each is not None)


def _conditions(each: Box, earlier: Request, step: str) -> Box | None:
    """A box of the gate without action and resource; None where it does not hold the earlier request.

    A key that the earlier request cannot carry is missing there.
    """
    if folded(earlier.action) not in each.values(ACTION).inside:  # type: ignore[operator]
        return None
    if compared_resource(earlier.resource) not in each.values(RESOURCE).inside:  # type: ignore[operator]
        return None
    parts: dict[Dimension, Values] = {}
    for dimension, held in each.parts.items():
        if dimension in (ACTION, RESOURCE):
            continue
        if dimension.step or dimension.kind is Kind.OPAQUE:
            parts[dimension] = held
        elif carries(earlier.action, dimension.key):
            parts[dimension._replace(step=step)] = held
        elif not held.missing:
            return None
    return box(parts)
