"""From a condition to the values that meet it.

Source: RAM, "Condition operators" (facts 1.3), and the evaluator: without a value a positive operator is
false and a negative one true; where a value cannot be read an Allow is silent and a Deny applies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crossaccount.policy.operators import OPERATORS, ValueType
from crossaccount.policy.sets.bounds import TooLargeError
from crossaccount.policy.sets.dimensions import (
    IPV4_END,
    KIND_OF,
    Dimension,
    Kind,
    Values,
    every_value,
    microseconds,
)
from crossaccount.policy.sets.intervals import Intervals
from crossaccount.policy.sets.patterns import equal_in_any_case, equal_to, matching
from crossaccount.policy.values import read_boolean, read_date, read_network, read_number

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crossaccount.policy.sets.intervals import Cut, Span
    from crossaccount.policy.sets.language import Language
    from crossaccount.policy.statement import Condition

_LANGUAGES = {"Equals": equal_to, "EqualsIgnoreCase": equal_in_any_case, "Like": matching}


def values_meeting(condition: Condition, *, denies: bool, step: str = "") -> tuple[Dimension, Values]:
    """The dimension that a condition asks, and the values there that make it apply.

    Args:
        condition: one operator on one key, all its values.
        denies: whether it stands in a Deny, which applies to values that cannot be read.
        step: of which request it asks the context; see `Dimension`.
    """
    operator = OPERATORS[condition.operator]
    dimension = Dimension(KIND_OF[operator.type], step, condition.key)
    every = every_value(dimension)
    try:
        inside = _positive(condition.operator, operator.type, condition.values, every)
    except TooLargeError as error:
        opaque = Dimension(Kind.OPAQUE, step, written(condition), str(error))
        return opaque, Values(Intervals(((1, 2),)))
    if operator.negative:
        inside = (every - Values(inside)).inside
    return dimension, Values(
        inside, unreadable=denies and every.unreadable, missing=operator.negative and every.missing
    )


def written(condition: Condition) -> str:
    """A condition in one line, as messages name it."""
    return f"{condition.operator} {condition.key} {', '.join(condition.values)}"


def _positive(name: str, kind: ValueType, values: Iterable[str], every: Values) -> Language | Intervals:
    if kind is ValueType.STRING:
        return _LANGUAGES[name.removeprefix("String").removeprefix("Not")](values)
    if kind is ValueType.IP:
        spans = [_network(value) for value in values]
    elif kind is ValueType.BOOLEAN:
        spans = [_one(int(read_boolean(value))) for value in values]
    else:
        spans = [_ordered(name, kind, value) for value in values]
    return Intervals.of(spans) & every.inside  # type: ignore[operator]


def _network(text: str) -> Span:
    network = read_network(text)
    start = int(network.network_address) + (0 if network.version == 4 else IPV4_END)  # noqa: PLR2004  IPv4
    return start, start + network.num_addresses


def _one(value: int) -> Span:
    return value, value + 1


def _ordered(name: str, kind: ValueType, text: str) -> Span:
    """The values in the relation that an operator's name ends with to one value."""
    if kind is ValueType.NUMERIC:
        number = read_number(text)
        at: Cut = (number, 0)
        past: Cut = (number, 1)
    else:
        moment = microseconds(read_date(text))
        at, past = moment, moment + 1
    lowest, highest = every_value(Dimension(KIND_OF[kind])).inside.spans[0]  # type: ignore[union-attr]
    relation = name.removeprefix("Numeric").removeprefix("Date").removeprefix("Not")
    return {
        "Equals": (at, past),
        "LessThan": (lowest, at),
        "LessThanEquals": (lowest, past),
        "GreaterThan": (past, highest),
        "GreaterThanEquals": (at, highest),
    }[relation]
