"""The trust policy of a delegation. Source: facts 1.3 and 1.7, "Edit the trust policy of a RAM role"."""

from components.declarations import Trust
from components.limits import within
from crossaccount.policy import SIZE_LIMITS, PolicyKind, canonical, parse

OWN_ACCOUNT = "is the owner's own account: write the partner's account id"


def document(owner: str, trust: Trust, *, suspended: bool) -> str:
    """The canonical trust policy: equal declarations in any order give the same text.

    Args:
        owner: the account id of the role's owner.
        trust: who may assume the role and under which conditions.
        suspended: deny the partner's whole account instead, whatever the conditions. The account needs no
            name that has to exist: RAM refuses a trust policy that names a user or role who is gone, and the
            partner must not be able to stand in the way of being cut off.

    Raises:
        ValueError: the trust is in the owner's own account, or the document is longer than RAM takes.
    """
    if trust.account == owner:
        raise ValueError(f"the trusted account `{owner}` {OWN_ACCOUNT}")
    statement: dict[str, object] = {
        "Effect": "Deny" if suspended else "Allow",
        "Action": ["sts:AssumeRole"],
        "Principal": {"RAM": [_whole(trust)] if suspended else principals(trust)},
    }
    conditions = {} if suspended else _conditions(trust)
    if conditions:
        statement["Condition"] = conditions
    written = canonical(parse({"Version": "1", "Statement": [statement]}, PolicyKind.TRUST))
    return within(written, SIZE_LIMITS[PolicyKind.TRUST], "the trust policy")


def principals(trust: Trust) -> list[str]:
    """The ARNs of those who are trusted: the root stands for all users and roles, not for itself."""
    if trust.whole_account:
        return [_whole(trust)]
    account = f"acs:ram::{trust.account}"
    users = [f"{account}:user/{name}" for name in trust.users or []]
    return users + [f"{account}:role/{name}" for name in trust.roles or []]


def _whole(trust: Trust) -> str:
    return f"acs:ram::{trust.account}:root"


def _conditions(trust: Trust) -> dict[str, dict[str, list[str]]]:
    conditions = {}
    if trust.external_ids:
        conditions["StringEquals"] = {"sts:ExternalId": trust.external_ids}
    if trust.mfa:
        conditions["Bool"] = {"acs:MFAPresent": ["true"]}
    if trust.source_ips:
        conditions["IpAddress"] = {"acs:SourceIp": trust.source_ips}
    if trust.expires:
        conditions["DateLessThan"] = {"acs:CurrentTime": [trust.expires]}
    return conditions
