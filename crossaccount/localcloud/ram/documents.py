"""Policy documents as they are sent: what RAM refuses to store (facts 1.1, 1.7, 1.8, 7.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crossaccount.localcloud.parameters import required
from crossaccount.localcloud.ram import faults
from crossaccount.policy import Arn, Policy, PolicyError, PolicyKind, parse, within_size

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.localcloud.account import Account
    from crossaccount.localcloud.call import Call


def identity_document(call: Call) -> str:
    """The policy sent as `PolicyDocument`, verbatim.

    Raises:
        ApiError: `MissingPolicyDocument`, `InvalidParameter.PolicyDocument.Length`,
            `MalformedPolicyDocument`.
    """
    document, _ = _parsed(call, "PolicyDocument", PolicyKind.IDENTITY)
    return document


def trust_document(call: Call, parameter: str) -> str:
    """The trust policy sent as a parameter, verbatim.

    A RAM user or role that it names must exist when its account is one of this cloud's (facts 1.7); what
    another cloud's account holds cannot be known here, and is accepted.

    Raises:
        ApiError: `Missing<parameter>`, `InvalidParameter.<parameter>.Length`, `MalformedPolicyDocument`.
    """
    document, policy = _parsed(call, parameter, PolicyKind.TRUST)
    for statement in policy.statements:
        for principal in statement.principals.ram if statement.principals else ():
            _check_exists(principal, call.cloud.accounts)
    return document


def _parsed(call: Call, parameter: str, kind: PolicyKind) -> tuple[str, Policy]:
    document = required(call.params, parameter)
    if not within_size(document, kind):
        raise faults.too_long(parameter)
    try:
        return document, parse(document, kind)
    except PolicyError as error:
        raise faults.malformed_document(str(error)) from None


def _check_exists(principal: str, accounts: Mapping[str, Account]) -> None:
    arn = Arn.parse(principal)
    account = accounts.get(arn.account)
    if account is None:
        return
    kind, _, name = arn.relative.partition("/")
    if kind == "user" and name not in account.ram.users:
        raise faults.malformed_document(f"the trusted user `{principal}` does not exist; create it first")
    if kind == "role" and account.ram.role(name) is None:
        raise faults.malformed_document(f"the trusted role `{principal}` does not exist; create it first")
