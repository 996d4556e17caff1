"""The only softening: what policies deny is decided, recorded and let pass, and every answer says so."""

from __future__ import annotations

import pytest

from crossaccount.localcloud import Cloud
from tests.localcloud import raw

MODE = "x-local-cloud-mode"


@pytest.fixture
def nobody(cloud, delegation):
    """A user of B that may do nothing, in a cloud that observes."""
    cloud.observe = True
    return delegation.user({"Effect": "Allow", "Action": "oss:*", "Resource": "*"}, name="nobody")


def test_what_policies_deny_is_let_pass_and_recorded(cloud, nobody):
    """The call is answered; the log has the decision, its reasons, and that it was let pass."""
    reply = raw.acs3(nobody, "ListRoles").sent_to(cloud.endpoint)

    assert (reply.status, reply.headers[MODE]) == (200, "observe")
    last = cloud.decisions.to_json()[-1]
    assert (last["action"], last["verdict"], last["passed"]) == ("ram:ListRoles", "IMPLICIT_DENY", True)
    assert "oss:*" in last["reason"]


def test_both_gates_of_a_delegation_are_let_pass_and_recorded(cloud, delegation, nobody):
    """Neither the caller's policies nor the trust policy close; both decisions are in the log."""
    role = delegation.role({"Effect": "Deny", "Action": "sts:AssumeRole", **_named(delegation)})

    assert delegation.assume(nobody, role).access_key_id
    assert [(entry["gate"], entry["verdict"]) for entry in cloud.decisions.to_json()[-2:]] == [
        ("AccountLevelIdentityBasedPolicy", "IMPLICIT_DENY"),
        ("AssumeRolePolicy", "EXPLICIT_DENY"),
    ]


def _named(delegation):
    return {"Principal": {"RAM": [f"acs:ram::{delegation.partner.id}:root"]}}


def test_every_permission_of_a_call_is_recorded(cloud, delegation, nobody):
    """Where a call needs two permissions, the log has both, although the first was denied."""
    delegation.ram_of(delegation.partner)
    params = {"UserName": "nobody", "PolicyType": "System", "PolicyName": "AliyunFCReadOnlyAccess"}
    raw.acs3(nobody, "AttachPolicyToUser", params).sent_to(cloud.endpoint)

    asked = [
        entry["resource"] for entry in cloud.decisions.to_json() if entry["principal"].endswith("nobody")
    ]
    assert [arn.rsplit(":", 1)[1] for arn in asked] == ["user/nobody", "policy/AliyunFCReadOnlyAccess"]


def test_signatures_are_checked_all_the_same(cloud, nobody):
    """A wrong secret, and an unsigned call, are refused; the header is on refusals, too."""
    forged = raw.acs3(type(nobody)(nobody.key_id, "wrong"), "ListRoles").sent_to(cloud.endpoint)
    unsigned = raw.Request("GET", "/?Action=ListRoles&Version=2015-05-01", {"host": "127.0.0.1"})

    assert (forged.code, forged.headers[MODE]) == ("SignatureDoesNotMatch", "observe")
    assert unsigned.sent_to(cloud.endpoint).code == "MissingAccessKeyId"


def test_it_is_off_unless_it_is_said(cloud, account_a, nobody):
    """A new cloud enforces, and so does one that is told to again; neither sends the header."""
    cloud.observe = False
    reply = raw.acs3(nobody, "ListRoles").sent_to(cloud.endpoint)

    assert reply.code == "NoPermission"
    assert MODE not in reply.headers
    assert not Cloud().observe


def test_a_reset_does_not_end_it(cloud, nobody):
    """Observing is how the cloud was begun, not what a test put into it."""
    cloud.reset()

    assert cloud.observe
