"""From a statement to the box of requests it applies to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crossaccount.policy.arn import folded
from crossaccount.policy.sets.bounds import TooLargeError
from crossaccount.policy.sets.box import Box, box
from crossaccount.policy.sets.condition_values import values_meeting
from crossaccount.policy.sets.dimensions import ACTION, RESOURCE, Dimension, Kind, Values
from crossaccount.policy.sets.intervals import Intervals
from crossaccount.policy.sets.language import ANYTHING
from crossaccount.policy.sets.patterns import at_least, matching, resources_matching
from crossaccount.policy.sets.region import Region, region
from crossaccount.policy.statement import Effect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from crossaccount.policy.sets.language import Language
    from crossaccount.policy.statement import Statement

HOLDS = Values(Intervals(((1, 2),)))


def allowed_region(statements: Iterable[Statement]) -> Region:
    """The requests that some statement allows and none denies."""
    allows: list[Box] = []
    denies: list[Box] = []
    for statement in statements:
        found = statement_box(statement)
        if found is not None:
            (denies if statement.effect is Effect.DENY else allows).append(found)
    return region(allows) - region(denies)


def statement_box(statement: Statement) -> Box | None:
    """The requests that a statement applies to, whomever it names; None where there are none.

    Patterns that are too large for their language become an opaque dimension: the comparison then cannot
    tell about what depends on them.
    """
    denies = statement.effect is Effect.DENY
    parts: dict[Dimension, Values] = {}
    for dimension, values in _patterns("Action", ACTION, statement.actions, _actions):
        _hold(parts, dimension, values)
    for dimension, values in _patterns("NotAction", ACTION, statement.not_actions, _actions, negated=True):
        _hold(parts, dimension, values)
    for dimension, values in _patterns("Resource", RESOURCE, statement.resources, resources_matching):
        _hold(parts, dimension, values)
    for condition in statement.conditions:
        _hold(parts, *values_meeting(condition, denies=denies))
    return box(parts)


def _hold(parts: dict[Dimension, Values], dimension: Dimension, values: Values) -> None:
    held = parts.get(dimension)
    parts[dimension] = values if held is None else held & values


def _actions(patterns: Iterable[str]) -> Language:
    return matching(folded(pattern) for pattern in patterns)


def _patterns(
    element: str,
    dimension: Dimension,
    patterns: tuple[str, ...],
    read: Callable[[Iterable[str]], Language],
    *,
    negated: bool = False,
) -> Iterator[tuple[Dimension, Values]]:
    """What an element holds its dimension to; nothing where the statement has no such element.

    What patterns that are too large match lies at least within their texts up to the first wildcard.
    """
    if not patterns:
        return
    try:
        found = read(patterns)
    except TooLargeError as error:
        yield Dimension(Kind.OPAQUE, "", f"{element} {', '.join(patterns)}", str(error)), HOLDS
        found = ANYTHING if negated else read(map(at_least, patterns))
        negated = False
    yield dimension, Values(ANYTHING - found if negated else found)
