"""Policies made ready to be asked statement by statement, conditions apart from the rest.

The evaluator decides a whole request; the graph also asks what would have to hold for it. Each text is parsed
once, however many roles and states hold it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from crossaccount.policy import PolicyKind, parse

if TYPE_CHECKING:
    from crossaccount.policy import Condition, Policy, Statement
    from crossaccount.policy.rule import ConditionTest, Rule

_KEPT = 65536


class CompiledStatement:
    """One statement: its number from 1, its test without conditions, and each condition's test."""

    __slots__ = ("bare", "conditions", "number", "statement")

    def __init__(self, number: int, statement: Statement) -> None:
        self.number = number
        self.statement = statement
        self.conditions: tuple[tuple[Condition, ConditionTest], ...] = tuple(
            zip(statement.conditions, statement.rule.conditions, strict=True)
        )
        self.bare: Rule = statement.rule.without_conditions()


class CompiledPolicy:
    """A policy, and its statements once somebody asks for them."""

    __slots__ = ("_statements", "policy")

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._statements: tuple[CompiledStatement, ...] | None = None

    @property
    def statements(self) -> tuple[CompiledStatement, ...]:
        """The statements, in the document's order."""
        if self._statements is None:
            self._statements = tuple(
                CompiledStatement(number, each) for number, each in enumerate(self.policy.statements, 1)
            )
        return self._statements


@lru_cache(maxsize=_KEPT)
def compile_policy(text: str, kind: PolicyKind) -> CompiledPolicy:
    """The policy of a document's text.

    Raises:
        PolicyError: with every problem of the document and its place.
    """
    return CompiledPolicy(parse(text, kind))
