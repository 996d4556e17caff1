"""The 17 decisions that public cloud fakes get wrong, each decided right on the wire, by the real SDKs."""

from __future__ import annotations

import json

import pytest
from alibabacloud_fc20230330 import models as fc
from alibabacloud_ram20150501 import models as ram
from alibabacloud_ram20150501.client import Client as RamClient
from alibabacloud_sts20150401.client import Client as StsClient
from alibabacloud_tea_openapi.exceptions import ClientException

from tests.localcloud.delegation import config, functions, refused, trusting

ASSUME = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}


def test_trust_needs_an_external_id_and_gets_none(delegation):
    """A role that asks for an external id is not assumed without one."""
    role = delegation.role(delegation.trust(StringEquals={"sts:ExternalId": "contract-7"}))

    with refused("NoPermission"):
        delegation.assume(delegation.user(), role)


def test_trust_needs_an_external_id_and_gets_a_wrong_one(delegation):
    """A role that asks for an external id is not assumed with another one, nor in another letter case."""
    role = delegation.role(delegation.trust(StringEquals={"sts:ExternalId": "contract-7"}))
    alice = delegation.user()

    for wrong in ("contract-8", "Contract-7", "contract-77"):
        with refused("NoPermission"):
            delegation.assume(alice, role, external_id=wrong)


def test_trust_needs_an_external_id_and_gets_the_right_one(delegation):
    """A role that asks for an external id is assumed with it."""
    role = delegation.role(delegation.trust(StringEquals={"sts:ExternalId": "contract-7"}))

    session = delegation.assume(delegation.user(), role, external_id="contract-7")

    assert session.access_key_id.startswith("STS.")


def test_an_operator_that_the_evaluator_lacks_is_refused_by_name(delegation):
    """An operator outside the language is refused when the policy is saved; it never means no condition."""
    with refused("MalformedPolicyDocument", 400) as refusal:
        delegation.role(delegation.trust(StringEqualsIfExists={"sts:ExternalId": "contract-7"}))
    assert "StringEqualsIfExists" in refusal.value.message
    assert delegation.owner.ram.roles == {}


def test_an_operator_that_other_fakes_lack_is_evaluated(delegation):
    """StringLike, which public fakes skip, decides: a value that does not match is refused."""
    role = delegation.role(delegation.trust(StringLike={"sts:ExternalId": "contract-*"}))
    alice = delegation.user()

    with refused("NoPermission"):
        delegation.assume(alice, role, external_id="other-7")
    assert delegation.assume(alice, role, external_id="contract-7")


def test_an_explicit_deny_in_a_trust_policy(delegation):
    """A trust policy that denies one user and allows the account refuses that user and admits another."""
    denied = trusting(f"acs:ram::{delegation.partner.id}:user/alice", effect="Deny")
    alice, bob = delegation.user(), delegation.user(name="bob")
    role = delegation.role(delegation.trust(), denied)

    with refused("NoPermission") as refusal:
        delegation.assume(alice, role)
    assert refusal.value.access_denied_detail["NoPermissionType"] == "ExplicitDeny"
    assert delegation.assume(bob, role)


def test_a_trust_that_names_the_accounts_root(delegation):
    """Naming an account's root trusts its users that hold sts:AssumeRole themselves."""
    role = delegation.role(delegation.trust())

    session = delegation.assume(delegation.user(), role)

    assert session.security_token


def test_a_trust_that_names_the_accounts_root_is_not_enough_alone(delegation):
    """A user of the trusted account without sts:AssumeRole of its own is refused, and so is the root."""
    role = delegation.role(delegation.trust())
    carol = delegation.user({**ASSUME, "Action": "ram:GetRole"}, name="carol")

    with refused("NoPermission"):
        delegation.assume(carol, role)
    with refused("NoPermission") as refusal:
        delegation.assume(delegation.partner.root_key, role)
    assert "Roles may not be assumed by root accounts." in refusal.value.message


def test_a_trust_in_somebody_else(delegation):
    """A role that trusts another account or user is not assumed by B's user, whatever it may do at home."""
    alice, _ = delegation.user({**ASSUME, "Action": "*"}), delegation.user(name="bob")
    role = delegation.role(
        trusting(f"acs:ram::{delegation.owner.id}:root"),
        trusting(f"acs:ram::{delegation.partner.id}:user/bob"),
    )

    with refused("NoPermission") as refusal:
        delegation.assume(alice, role)
    assert refusal.value.access_denied_detail["PolicyType"] == "AssumeRolePolicy"


def test_a_role_that_does_not_exist_in_the_other_account(delegation):
    """A role missing in A is not found, although B has one of that name."""
    delegation.role(delegation.trust(), account=delegation.partner)

    with refused("EntityNotExist.Role", 404):
        delegation.assume(delegation.user(), f"acs:ram::{delegation.owner.id}:role/fc-reader")


def test_deny_with_not_action_alone(delegation):
    """A lone deny of everything but one action allows nothing, that action included."""
    role = delegation.role(delegation.trust())
    alice = delegation.user({"Effect": "Deny", "NotAction": "sts:AssumeRole", "Resource": "*"})

    with refused("NoPermission") as refusal:
        delegation.assume(alice, role)
    assert refusal.value.access_denied_detail["NoPermissionType"] == "ImplicitDeny"
    with refused("NoPermission") as refusal:
        RamClient(config(alice)).list_roles(ram.ListRolesRequest())
    assert refusal.value.access_denied_detail["NoPermissionType"] == "ExplicitDeny"


def test_deny_with_not_action_beside_an_allow(delegation):
    """Beside an allow of everything, a deny of everything but one action leaves that action alone."""
    role = delegation.role(delegation.trust())
    alice = delegation.user(
        {"Effect": "Allow", "Action": "*", "Resource": "*"},
        {"Effect": "Deny", "NotAction": "ram:ListRoles", "Resource": "*"},
    )

    assert RamClient(config(alice)).list_roles(ram.ListRolesRequest()).body.roles.role == []
    with refused("NoPermission"):
        delegation.assume(alice, role)


def test_a_condition_that_is_not_met(delegation):
    """A right bound to another network, or whose key the call does not carry, is no right."""
    role = delegation.role(delegation.trust())
    elsewhere = delegation.user({**ASSUME, "Condition": {"IpAddress": {"acs:SourceIp": "203.0.113.0/24"}}})
    unnamed = delegation.user(
        {**ASSUME, "Condition": {"StringEquals": {"sts:SourceIdentity": "alice"}}}, name="bob"
    )
    here = delegation.user(
        {**ASSUME, "Condition": {"IpAddress": {"acs:SourceIp": "127.0.0.0/8"}}}, name="eve"
    )

    for key in (elsewhere, unnamed):
        with refused("NoPermission"):
            delegation.assume(key, role)
    assert delegation.assume(here, role)


def test_an_action_in_another_letter_case(delegation):
    """Action names are compared without regard to case."""
    role = delegation.role(delegation.trust())
    alice = delegation.user({**ASSUME, "Action": "STS:assumerole"})

    assert delegation.assume(alice, role)


def test_the_question_mark_wildcard(delegation):
    """`?` stands for exactly one character, in actions and in resources."""
    role = delegation.role(delegation.trust())
    alice = delegation.user(
        {**ASSUME, "Action": "sts:AssumeRol?", "Resource": f"acs:ram:*:{delegation.owner.id}:role/fc-reade?"}
    )
    bob = delegation.user({**ASSUME, "Action": "sts:AssumeRole?"}, name="bob")

    assert delegation.assume(alice, role)
    with refused("NoPermission"):
        delegation.assume(bob, role)


def test_a_session_policy_that_narrows(delegation):
    """A session has only what both its role and its session policy allow."""
    role = delegation.role(delegation.trust(), policy="AliyunFCReadOnlyAccess")
    alice = delegation.user()
    narrow = json.dumps(
        {"Version": "1", "Statement": [{"Effect": "Allow", "Action": "fc:ListFunctions", "Resource": "*"}]}
    )
    wider = json.dumps(
        {"Version": "1", "Statement": [{"Effect": "Allow", "Action": "fc:*", "Resource": "*"}]}
    )

    narrowed = functions(delegation.assume(alice, role, policy=narrow))
    assert narrowed.list_functions(fc.ListFunctionsRequest()).body.functions == []
    with refused("AccessDenied") as refusal:
        narrowed.get_function("f", fc.GetFunctionRequest())
    assert refusal.value.access_denied_detail["PolicyType"] == "SessionPolicy"
    with refused("AccessDenied"):
        functions(delegation.assume(alice, role, policy=wider)).delete_function("f")


def test_a_session_long_expired(delegation):
    """A session works until its expiry and not a moment longer."""
    role = delegation.role(delegation.trust(), policy="AliyunFCReadOnlyAccess")
    client = functions(delegation.assume(delegation.user(), role, duration_seconds=900))

    delegation.cloud.clock.advance(880)
    assert client.list_functions(fc.ListFunctionsRequest()).status_code == 200
    delegation.cloud.clock.advance(21)
    with refused("InvalidSecurityToken.Expired", 400):
        client.list_functions(fc.ListFunctionsRequest())
    delegation.cloud.clock.advance(7 * 86400)
    with refused("InvalidSecurityToken.Expired", 400):
        client.list_functions(fc.ListFunctionsRequest())


@pytest.mark.parametrize("region", ["", "*"])
def test_an_exact_resource(delegation, region):
    """A right on one role's ARN, with the region empty or `*`, opens that role and no other."""
    role = delegation.role(delegation.trust())
    other = delegation.role(delegation.trust(), account=delegation.partner)
    alice = delegation.user({**ASSUME, "Resource": f"acs:ram:{region}:{delegation.owner.id}:role/fc-reader"})

    assert delegation.assume(alice, role)
    with refused("NoPermission"):
        delegation.assume(alice, other)


def test_a_wrong_secret(delegation):
    """A request signed with another secret is refused, and says nothing about the account."""
    key = delegation.owner.root_key
    wrong = config(key)
    wrong.access_key_secret = key.secret[:-1] + ("a" if key.secret[-1] != "a" else "b")

    with pytest.raises(ClientException) as refusal:
        StsClient(wrong).get_caller_identity()
    assert (refusal.value.code, refusal.value.status_code) == ("SignatureDoesNotMatch", 400)
    assert key.secret not in str(refusal.value)
