"""From a policy back to a document: as it stands, or in the one form that all spellings of a policy share.

The canonical form lets neither the provider nor a reordering show a change that is none. Values are always
lists: the provider reads `Statement` and the values of `Principal` as lists only (facts 7.6).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from crossaccount.policy.statement import Condition, Policy, Principals, Statement

if TYPE_CHECKING:
    from collections.abc import Iterable


def to_document(policy: Policy) -> dict[str, object]:
    """The document of a policy, everything in its order; `parse` reads it back to an equal policy."""
    return {"Version": "1", "Statement": [_statement_document(each) for each in policy.statements]}


def normalized(policy: Policy) -> Policy:
    """The policy with values, conditions and statements sorted and duplicates gone. Spellings are kept."""
    statements = {
        _text(_statement_document(each)): each for each in map(_normalized_statement, policy.statements)
    }
    return Policy(policy.kind, tuple(statements[text] for text in sorted(statements)))


def canonical(policy: Policy) -> str:
    """The canonical text: one for all policies that differ only in order, duplicates, or lists of one.

    Keys sorted, no white space, every value a list, ASCII only; read back, it is `normalized(policy)`.
    """
    return _text(to_document(normalized(policy)))


def _text(document: object) -> str:
    return json.dumps(document, sort_keys=True, separators=(",", ":"))


def _sorted(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(values)))


def _normalized_statement(statement: Statement) -> Statement:
    named = statement.principals
    merged: dict[tuple[str, str], tuple[str, ...]] = {}
    for each in statement.conditions:
        merged[each.operator, each.key] = _sorted(each.values)
    return Statement(
        effect=statement.effect,
        actions=_sorted(statement.actions),
        not_actions=_sorted(statement.not_actions),
        resources=_sorted(statement.resources),
        principals=named and Principals(_sorted(named.ram), _sorted(named.service), _sorted(named.federated)),
        conditions=tuple(Condition(*place, merged[place]) for place in sorted(merged)),
    )


def _statement_document(statement: Statement) -> dict[str, object]:
    named = statement.principals
    document: dict[str, object] = {"Effect": statement.effect.value}
    for name, values in (
        ("Action", statement.actions),
        ("NotAction", statement.not_actions),
        ("Resource", statement.resources),
    ):
        if values:
            document[name] = list(values)
    if named is not None:
        kinds = {"Federated": named.federated, "RAM": named.ram, "Service": named.service}
        document["Principal"] = {name: list(values) for name, values in kinds.items() if values}
    if statement.conditions:
        blocks: dict[str, dict[str, list[str]]] = {}
        for each in statement.conditions:
            blocks.setdefault(each.operator, {})[each.key] = list(each.values)
        document["Condition"] = blocks
    return document
