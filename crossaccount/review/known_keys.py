"""Policies as one caller meets them: conditions on what is known of the caller are decided already.

`acs:PrincipalARN` is the caller's; the external id and a token's claims reach only the requests that have
them. A row then names no condition that nobody of its principal could meet, or that everybody does. Source:
RAM, "Policy elements", "Edit the trust policy of a RAM role" (facts 1.4).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from crossaccount.access.asking import PRINCIPAL_ARN, principal_key
from crossaccount.access.gates import known_arn, missing_keys
from crossaccount.policy import Source
from crossaccount.policy.rule import ConditionTest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.access import Node
    from crossaccount.policy import Statement


def known_keys(caller: Node, *, identity: bool) -> Mapping[str, str | tuple[str, ...]]:
    """What is known of a caller's requests; a key without a value is missing.

    Args:
        caller: who asks.
        identity: whether its own policies are asked; else a role's trust policy.
    """
    found: dict[str, str | tuple[str, ...]] = dict.fromkeys(missing_keys(caller, identity=identity), ())
    arn = known_arn(caller)
    return found if arn is None else {**found, PRINCIPAL_ARN: principal_key(arn)}


def decided(source: Source, known: Mapping[str, str | tuple[str, ...]]) -> Source:
    """The policy without the conditions that hold and without the statements of which one does not."""
    statements = source.policy.statements
    if not any(each.key in known for statement in statements for each in statement.conditions):
        return source
    kept = [each for statement in statements for each in _decided(statement, known)]
    return Source(source.label, replace(source.policy, statements=tuple(kept)))


def _decided(
    statement: Statement, known: Mapping[str, str | tuple[str, ...]]
) -> tuple[Statement] | tuple[()]:
    left = []
    for each in statement.conditions:
        if each.key not in known:
            left.append(each)
        elif not ConditionTest(each.operator, each.key, each.values).holds(known):
            return ()
    return (
        statement if len(left) == len(statement.conditions) else replace(statement, conditions=tuple(left)),
    )
