"""A row names no condition that its principal could never meet, and none that it always meets."""

from __future__ import annotations

import pytest

from tests.access.states import OWNER, PARTNER, StackState, allow, root, trust
from tests.review.pairs import DEV, READER, diff, of

PROVIDER = f"acs:ram::{OWNER}:oidc-provider/ci"


def world(trusting=None, granting=None):
    """The delegation with another trust statement or another grant of B's."""
    owner, partner = StackState("owner", OWNER), StackState("partner", PARTNER)
    owner.role("fc-reader", trusting or trust(root(PARTNER)))
    owner.attach("role", "fc-reader", "AliyunFCReadOnlyAccess", "System")
    partner.user("dev")
    partner.policy("assume", granting or allow("sts:AssumeRole", READER))
    partner.attach("user", "dev", "assume")
    return owner, partner


def closed(granting=None):
    """The same before anybody was let in."""
    owner = StackState("owner", OWNER)
    owner.role("fc-reader", trust(root(PARTNER), effect="Deny"))
    owner.attach("role", "fc-reader", "AliyunFCReadOnlyAccess", "System")
    return owner, world(granting=granting)[1]


@pytest.mark.parametrize(
    ("pattern", "gains"),
    [(f"acs:ram:*:{PARTNER}:user/dev", True), ("acs:ram:*:*:user/d*", True), ("acs:ram:*:*:user/eve", False)],
)
def test_a_trust_in_a_principals_arn_is_decided(pattern, gains) -> None:
    """Of a known user the key has one value: the row has no condition on it, or there is no row."""
    rows = of(diff(closed(), world(trust(root(PARTNER), StringLike={"acs:PrincipalARN": pattern}))))

    assert bool(rows) is gains
    assert all(row.conditions == () for row in rows)


def test_whoever_an_account_lets_keeps_the_condition() -> None:
    """Of an account nobody knows who asks: the condition stays in the row."""
    trusting = trust(root(PARTNER), StringEquals={"acs:PrincipalARN": "acs:ram:*:*:user/eve"})
    (row,) = of(diff(closed(), world(trusting)), root(PARTNER))

    assert row.conditions[0].startswith("acs:PrincipalARN is `acs:ram:*:*:user/eve`")


@pytest.mark.parametrize(("operator", "gains"), [("StringEquals", False), ("StringNotEquals", True)])
def test_the_external_id_never_reaches_the_callers_own_policy(operator, gains) -> None:
    """A grant that asks for the external id opens nothing; one that refuses some opens everything."""
    granting = allow("sts:AssumeRole", READER, **{operator: {"sts:ExternalId": "x"}})
    found = diff(closed(granting), world(granting=granting))

    assert bool(of(found)) is gains


def test_an_external_id_in_the_trust_is_a_condition() -> None:
    """There the caller sends it, and the row says so."""
    (row,) = of(diff(closed(), world(trust(root(PARTNER), StringEquals={"sts:ExternalId": "x"}))))

    assert "sts:ExternalId" in row.conditions[0]


def test_a_federated_trust_is_a_way_in() -> None:
    """A pipeline that gets in by its token gains a row, under the claim that the trust policy asks for."""
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Federated": PROVIDER}}
    asked = {"StringEquals": {"oidc:sub": "repo:a/b"}}
    (row,) = of(diff(closed(), world({**statement, "Condition": asked})), PROVIDER)

    assert row.role == READER
    assert "oidc:sub" in row.conditions[0]
    denied = {"Effect": "Deny", "Action": "sts:AssumeRoleWithOIDC", "Principal": {"Federated": PROVIDER}}
    owner, partner = closed()
    owner.role("r2", statement, denied)
    assert of(diff(closed(), (owner, partner)), PROVIDER) == []
    assert DEV not in {each.principal_arn for each in diff(closed(), (owner, partner)).rows}
