"""From a live trust policy to the settings of `trust`, or the reason why they cannot say it.

Source: docs/stack-files.md; "Edit the trust policy of a RAM role" (facts 1.3 and 1.7).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from crossaccount.adopt.model import CannotSayError
from crossaccount.policy import Arn, Effect
from crossaccount.session.handover_file import is_moment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crossaccount.policy import Condition, Policy, Principals, Statement

ASSUME = "sts:AssumeRole"
_OFFSET = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?[+-]\d\d:\d\d")


def foreign_accounts(policy: Policy, own: str) -> tuple[str, ...]:
    """The other accounts somebody of which the policy lets in, by their ids.

    Args:
        policy: a trust policy.
        own: the account of the role.
    """
    named = [each.principals for each in policy.statements if each.effect is Effect.ALLOW and each.principals]
    arns = [Arn.parse(value) for each in named for value in (*each.ram, *each.federated)]
    return tuple(sorted({arn.account for arn in arns} - {own}))


def trust_settings(policy: Policy, own: str) -> dict[str, Any]:
    """What the settings of `trust` say for a policy.

    Args:
        policy: the trust policy.
        own: the account of the role.

    Raises:
        CannotSayError: they cannot say it.
    """
    if len(policy.statements) != 1:
        raise CannotSayError(
            f"its trust policy has {len(policy.statements)} statements, and settings say one: one role for "
            "one partner"
        )
    (statement,) = policy.statements
    if statement.effect is not Effect.ALLOW or statement.principals is None:
        raise CannotSayError("its trust policy denies")
    _only_assuming(statement)
    return {**_whom(statement.principals, own), **_conditions(statement.conditions)}


def _only_assuming(statement: Statement) -> None:
    actions = [each.lower() for each in statement.actions]
    if actions != [ASSUME.lower()]:
        named = ", ".join(f"`{each}`" for each in statement.actions) or "every action but some"
        raise CannotSayError(f"its trust policy is about {named}, and settings say `{ASSUME}` alone")


def _whom(named: Principals, own: str) -> dict[str, Any]:
    if named.federated:
        raise CannotSayError(
            "its trust policy names an identity provider (`Federated`), which settings cannot"
        )
    if named.service:
        raise CannotSayError("its trust policy names a service beside the partner, which settings cannot")
    arns = [Arn.parse(value) for value in named.ram]
    accounts = sorted({arn.account for arn in arns})
    if len(accounts) != 1:
        shown = ", ".join(f"`{each}`" for each in accounts)
        raise CannotSayError(
            f"it trusts several accounts ({shown}), and settings say one role for one partner"
        )
    if accounts == [own]:
        raise CannotSayError("it trusts its own account alone")
    names = [arn.relative for arn in arns]
    said: dict[str, Any] = {"account": accounts[0]}
    if "root" in names:
        if set(names) != {"root"}:
            raise CannotSayError(
                "it trusts the whole account and names some of it: settings say one of the two"
            )
        return {**said, "wholeAccount": True}
    for key, prefix in (("users", "user/"), ("roles", "role/")):
        found = sorted({each.removeprefix(prefix) for each in names if each.startswith(prefix)})
        if found:
            said[key] = found
    return said


def _conditions(conditions: Iterable[Condition]) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for each in conditions:
        key, value = _condition(each)
        if key in said:
            raise CannotSayError(f"it has two conditions on `{each.key}`, and settings say one")
        said[key] = value
    order = ("externalIds", "mfa", "sourceIps", "expires")
    return {key: said[key] for key in order if key in said}


def _condition(condition: Condition) -> tuple[str, Any]:
    """The setting of one condition; its values are not in the refusal, for they may be external ids."""
    values = list(condition.values)
    match (condition.operator, condition.key.lower()):
        case ("StringEquals", "sts:externalid"):
            return "externalIds", values
        case ("Bool", "acs:mfapresent") if [each.lower() for each in values] == ["true"]:
            return "mfa", True
        case ("IpAddress", "acs:sourceip"):
            return "sourceIps", values
        case ("DateLessThan", "acs:currenttime") if len(values) == 1 and _is_moment(values[0]):
            return "expires", values[0]
    raise CannotSayError(
        f"its trust policy asks for `{condition.operator}` of `{condition.key}`, which settings cannot say"
    )


def _is_moment(text: str) -> bool:
    return is_moment(text) or _OFFSET.fullmatch(text) is not None
