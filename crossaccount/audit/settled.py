"""Facts as they were at a moment: what a condition on the time says is settled."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from crossaccount.access.asking import TIME
from crossaccount.access.compiled import CompiledPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from crossaccount.access import Document, Facts
    from crossaccount.access.compiled import CompiledStatement
    from crossaccount.policy import Statement


def settled(facts: Facts, moment: datetime) -> Facts:
    """The facts with no condition on the time: one that holds is gone, one that does not takes its statement.

    Args:
        facts: of a stack.
        moment: with a time zone.
    """
    context = {TIME: moment.strftime("%Y-%m-%dT%H:%M:%SZ")}
    return replace(
        facts,
        roles=[replace(role, trust=_at(role.trust, context)) for role in facts.roles],
        policies=[_at(policy, context) for policy in facts.policies],
    )


def _at(document: Document, context: dict[str, str]) -> Document:
    compiled = document.compiled
    if compiled is None or not any(_is_timed(each) for each in compiled.statements):
        return document
    statements = tuple(_statements(compiled, context))
    return replace(document, compiled=CompiledPolicy(replace(compiled.policy, statements=statements)))


def _is_timed(statement: CompiledStatement) -> bool:
    return any(condition.key == TIME for condition, _ in statement.conditions)


def _statements(compiled: CompiledPolicy, context: dict[str, str]) -> Iterator[Statement]:
    for each in compiled.statements:
        timed = [test.holds(context) for condition, test in each.conditions if condition.key == TIME]
        if all(timed):
            kept = tuple(condition for condition, _ in each.conditions if condition.key != TIME)
            yield replace(each.statement, conditions=kept) if timed else each.statement
