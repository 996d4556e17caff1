"""From the policies on a live role to the settings of `permissions`, or why one stays attached by hand.

The component makes a custom policy of the statements, named after the role. An existing policy is taken over
where it has that name: another name would be a new policy, and the right a gain of the stack's until somebody
detaches the old one. Source: docs/stack-files.md; facts 1.8 and 7.3.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from crossaccount.adopt.model import CannotSayError, LeftOut
from crossaccount.policy import SYSTEM_POLICIES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.adopt.model import CustomPolicy
    from crossaccount.policy import Statement

_SYSTEM_NAME = re.compile(r"[A-Za-z0-9-]{1,128}")


def own_policy(role: str) -> str:
    """The name that the component gives the policy of a role's own statements."""
    return f"{role.replace('.', '-')}-custom"


def system_settings(role: str, names: list[str]) -> tuple[dict[str, Any], list[str], list[LeftOut]]:
    """The settings of system policies, the names they hold, and those that stay attached by hand."""
    known = [name for name in names if name in SYSTEM_POLICIES]
    other = [name for name in names if name not in SYSTEM_POLICIES and _SYSTEM_NAME.fullmatch(name)]
    left = [
        LeftOut(role, name, "settings cannot hold this name")
        for name in names
        if name not in known and name not in other
    ]
    said = {key: value for key, value in (("systemPolicies", known), ("otherSystemPolicies", other)) if value}
    return said, [*known, *other], left


def custom_settings(
    role: str, names: list[str], policies: Mapping[str, CustomPolicy]
) -> tuple[dict[str, Any], str, list[LeftOut]]:
    """The settings of custom policies, the one that is taken over, and those that stay attached by hand.

    Args:
        role: the role.
        names: the custom policies on it.
        policies: those of the account, by name.
    """
    said: dict[str, Any] = {}
    taken, left = "", []
    for name in names:
        try:
            said["statements"] = _statements(role, name, policies.get(name))
            taken = name
        except CannotSayError as error:  # noqa: PERF203  each has its own reason
            left.append(LeftOut(role, name, str(error)))
    return said, taken, left


def _statements(role: str, name: str, found: CustomPolicy | None) -> list[dict[str, Any]]:
    if name != own_policy(role):
        raise CannotSayError(
            f"the stack would make it under the name `{own_policy(role)}`, a policy of its own; to have it "
            "in the stack, write its statements in the settings after the import, `pulumi up`, "
            "then detach it"
        )
    if found is None or found.policy is None:
        raise CannotSayError("what it says could not be read")
    if not found.surely:
        raise CannotSayError("who else holds it could not be read")
    if found.others:
        raise CannotSayError(f"it is shared with {', '.join(found.others)}")
    if found.tags is None:
        raise CannotSayError("its tags could not be read")
    if found.tags:
        raise CannotSayError("it has tags, which the stack would take off")
    return [_statement(each) for each in found.policy.statements]


def _statement(statement: Statement) -> dict[str, Any]:
    conditions: dict[str, dict[str, list[str]]] = {}
    for each in statement.conditions:
        conditions.setdefault(each.operator, {})[each.key] = list(each.values)
    said = {
        "effect": statement.effect.value,
        "actions": list(statement.actions),
        "notActions": list(statement.not_actions),
        "resources": list(statement.resources),
        "conditions": conditions,
    }
    return {key: value for key, value in said.items() if value}
