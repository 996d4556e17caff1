"""Whether a request lies in a region: the algebra's own answer, beside the evaluator's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crossaccount.policy.arn import folded, folded_global
from crossaccount.policy.sets.dimensions import (
    IPV4_END,
    Dimension,
    Kind,
    Values,
    every_value,
    microseconds,
)
from crossaccount.policy.values import read_address, read_boolean, read_date, read_number

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crossaccount.policy.sets.box import Box
    from crossaccount.policy.sets.intervals import Cut
    from crossaccount.policy.sets.witness import Witness


def compared_resource(resource: str) -> str:
    """A resource in the spelling that the evaluator compares."""
    spelled = folded_global(resource)
    return resource if spelled is None else spelled


def region_holds(boxes: Iterable[Box], witness: Witness) -> bool | None:
    """Whether some box holds a request; None where that depends on an opaque dimension."""
    answers = [_holds(each, witness) for each in boxes]
    if True in answers:
        return True
    return None if None in answers else False


def _holds(each: Box, witness: Witness) -> bool | None:
    opaque = False
    for dimension, values in each.parts.items():
        if dimension.kind is Kind.OPAQUE:
            opaque = True
        elif not _part_holds(dimension, values, witness):
            return False
    return None if opaque else True


def _part_holds(dimension: Dimension, values: Values, witness: Witness) -> bool:
    if dimension.kind is Kind.ACTION:
        return folded(witness.request.action) in values.inside  # type: ignore[operator]
    if dimension.kind is Kind.RESOURCE:
        return compared_resource(witness.request.resource) in values.inside  # type: ignore[operator]
    request = witness.steps.get(dimension.step) if dimension.step else witness.request
    given = "" if request is None else request.context.get(dimension.key, ())
    if request is None or given == ():
        return values.missing
    return value_held(dimension, values, given)


def value_held(dimension: Dimension, values: Values, given: str | tuple[str, ...]) -> bool:
    """Whether a request's value of a key lies in a set.

    Raises:
        ValueError: several values, or one that Alibaba Cloud would not set: not of the universe.
    """
    if not isinstance(given, str):
        if len(given) != 1:
            raise ValueError(f"`{dimension.key}` has several values: the sets hold requests with at most one")
        given = given[0]
    try:
        value = _read(dimension.kind, given)
    except ValueError:
        if not every_value(dimension).unreadable:
            raise
        return values.unreadable
    return value in values.inside  # type: ignore[operator]


def _read(kind: Kind, text: str) -> str | Cut:
    if kind is Kind.NUMBER:
        return read_number(text), 0
    if kind is Kind.DATE:
        return microseconds(read_date(text))
    if kind is Kind.BOOLEAN:
        return int(read_boolean(text))
    if kind is Kind.IP:
        address = read_address(text)
        return int(address) + (0 if address.version == 4 else IPV4_END)  # noqa: PLR2004  IPv4
    return text
