"""Spellings: the patterns that policies are written in, for reports in the same words."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crossaccount.policy.arn import folded
from crossaccount.policy.operators import OPERATORS, ValueType
from crossaccount.policy.sets.bounds import TooLargeError
from crossaccount.policy.sets.condition_values import values_meeting
from crossaccount.policy.sets.dimensions import ACTION, RESOURCE, Dimension
from crossaccount.policy.sets.language import Language
from crossaccount.policy.sets.patterns import at_least, matching, resources_matching
from crossaccount.policy.statement import Condition

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from crossaccount.policy.statement import Statement


class Spelling(NamedTuple):
    """One pattern of a policy.

    Attributes:
        dimension: what it is a pattern of.
        text: as the policy writes it, or for a condition's value that is not plain, in words.
        language: what it matches; None where its values are no texts.
    """

    dimension: Dimension
    text: str
    language: Language | None


def spellings_of(statement: Statement, step: str = "") -> Iterator[Spelling]:
    """The patterns of a statement's actions, resources and text conditions."""
    for pattern in (*statement.actions, *statement.not_actions):
        yield from _spelled(ACTION, pattern, lambda text: matching([folded(text)]))
    for pattern in statement.resources:
        yield from _spelled(RESOURCE, pattern, lambda text: resources_matching([text]))
    for condition in statement.conditions:
        operator = OPERATORS[condition.operator]
        if operator.type is not ValueType.STRING:
            yield Spelling(values_meeting(condition, denies=False, step=step)[0], "", None)
        else:
            positive = condition.operator.replace("Not", "")
            for value in condition.values:
                one = Condition(positive, condition.key, (value,))
                dimension, values = values_meeting(one, denies=False, step=step)
                if isinstance(values.inside, Language):
                    text = f"{value} in any letter case" if positive.endswith("IgnoreCase") else value
                    yield Spelling(dimension, text, values.inside)


def _spelled(dimension: Dimension, text: str, read: Callable[[str], Language]) -> Iterator[Spelling]:
    try:
        yield Spelling(dimension, text, read(text))
    except TooLargeError:
        yield Spelling(dimension, at_least(text), read(at_least(text)))
