"""Why a call was refused, told by the genuine DecodeDiagnosticMessage."""

from __future__ import annotations

import base64

import pytest
from alibabacloud_ram20150501 import models as ram
from alibabacloud_ram20150501.client import Client as RamClient
from alibabacloud_tea_openapi.exceptions import ClientException

from crossaccount.localcloud import Cloud
from tests.localcloud import raw
from tests.localcloud.delegation import config, refused


def message_of(call):
    """The encoded message of a refused SDK call."""
    with pytest.raises(ClientException) as caught:
        call()
    return caught.value.access_denied_detail["EncodedDiagnosticMessage"]


def decoded(delegation, account, message):
    """DecodeDiagnosticMessage through the SDK, as the account's root."""
    request = ram.DecodeDiagnosticMessageRequest(encoded_diagnostic_message=message)
    return delegation.ram_of(account).decode_diagnostic_message(request).body.decoded_diagnostic_message


@pytest.fixture
def denied_message(delegation):
    """The message of a call that one of two policies denies."""
    bob = delegation.user(
        {"Effect": "Allow", "Action": "ram:List*", "Resource": "*"},
        {
            "Effect": "Deny",
            "Action": "ram:ListRoles",
            "Resource": "*",
            "Condition": {"Bool": {"acs:MFAPresent": "false"}},
        },
        name="bob",
    )
    return message_of(lambda: RamClient(config(bob)).list_roles(ram.ListRolesRequest()))


def test_an_explicit_deny_names_the_policy_that_denies(delegation, denied_message):
    """Action, resource, principal, conditions and the policy's statements that applied."""
    told = decoded(delegation, delegation.partner, denied_message)

    assert (told.auth_action, told.explicit_deny) == ("ram:ListRoles", True)
    assert told.auth_resource == f"acs:ram:*:{delegation.partner.id}:role/*"
    assert told.auth_principal.auth_principal_type == "SubUser"
    assert told.auth_principal.auth_principal_owner_id == delegation.partner.id
    assert told.no_permission_policy_type == "AccountLevelIdentityBasedPolicy"
    assert {each.condition_key: each.condition_values for each in told.auth_conditions}["acs:MFAPresent"] == [
        "false"
    ]
    matched = [
        (
            each.policy_identifier,
            each.policy_type,
            each.policy_version,
            each.effect,
            each.attached_entity_type,
        )
        for each in told.matched_policies
    ]
    assert matched == [
        ("for-bob", "Custom", "v1", "Allow", "IMSUser"),
        ("for-bob", "Custom", "v1", "Deny", "IMSUser"),
    ]


def test_an_implicit_deny_matches_no_policy(delegation):
    """Nothing that allows is nothing that matched."""
    bob = delegation.user({"Effect": "Allow", "Action": "fc:*", "Resource": "*"}, name="bob")
    message = message_of(lambda: RamClient(config(bob)).list_roles(ram.ListRolesRequest()))

    told = decoded(delegation, delegation.partner, message)

    assert (told.explicit_deny, told.matched_policies) == (False, [])


def test_a_closed_trust_gate_is_told_apart(delegation):
    """The gate that refused AssumeRole is the trust policy, when the caller's policies allow it."""
    role = delegation.role({"Effect": "Deny", "Action": "sts:AssumeRole", **_named(delegation)})
    alice = delegation.user()

    told = decoded(delegation, delegation.partner, message_of(lambda: delegation.assume(alice, role)))

    assert told.no_permission_policy_type == "AssumeRolePolicy"
    [matched] = told.matched_policies
    assert (matched.policy_type, matched.effect) == ("AssumeRolePolicy", "Deny")


def _named(delegation):
    return {"Principal": {"RAM": [f"acs:ram::{delegation.partner.id}:root"]}}


def test_another_accounts_message_is_not_explained(delegation, denied_message):
    """Only the account of the refused caller learns its policies."""
    with refused("InvalidParameter.EncodedDiagnosticMessage", 400):
        decoded(delegation, delegation.owner, denied_message)


@pytest.mark.parametrize("place", [0, 8, 40, -20, -1])
def test_an_altered_message_is_none(delegation, denied_message, place):
    """One changed byte anywhere, and the message is not this cloud's."""
    packed = bytearray(base64.b64decode(denied_message))
    packed[place] ^= 1

    with refused("InvalidParameter.EncodedDiagnosticMessage", 400):
        decoded(delegation, delegation.partner, base64.b64encode(packed).decode())


@pytest.mark.parametrize("text", ["x", "AQEAAAAA", "%%%", "A" * 20000])
def test_junk_is_no_message(delegation, text):
    """What was never a message is refused by name."""
    with refused("InvalidParameter.EncodedDiagnosticMessage", 400):
        decoded(delegation, delegation.partner, text)


def test_a_message_outlives_the_cloud_that_wrote_it(cloud, delegation, denied_message):
    """A restored cloud explains it; another cloud, with the same account, does not."""
    root = delegation.partner.root_key
    request = ("DecodeDiagnosticMessage", {"EncodedDiagnosticMessage": denied_message})
    with Cloud.from_json(cloud.to_json()) as restored, Cloud([delegation.partner.id]) as other:
        assert raw.acs3(root, *request).sent_to(restored.endpoint).status == 200
        stranger = other.accounts[delegation.partner.id].root_key
        assert raw.acs3(stranger, *request).sent_to(other.endpoint).status == 400


def test_explaining_needs_a_permission_of_its_own(delegation, denied_message):
    """ram:DecodeDiagnosticMessage is asked for like any other."""
    eve = delegation.user({"Effect": "Allow", "Action": "fc:*", "Resource": "*"}, name="eve")
    request = ram.DecodeDiagnosticMessageRequest(encoded_diagnostic_message=denied_message)

    with refused("NoPermission"):
        RamClient(config(eve)).decode_diagnostic_message(request)
