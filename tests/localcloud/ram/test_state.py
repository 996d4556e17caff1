"""An account's RAM state: what the evaluator is given, and snapshots."""

from __future__ import annotations

import json

import pytest

from crossaccount.localcloud.ram.state import RamState
from crossaccount.policy import Principal, Request, decide, decide_trust

A, B = "1234567890120000", "1345678901230000"
READ = {"PolicyType": "System", "PolicyName": "AliyunFCReadOnlyAccess"}
OWN = {"PolicyType": "Custom", "PolicyName": "own"}


def may(sources, action):
    """Whether the sources allow an action."""
    return decide(sources, Request(action, f"acs:fc:cn-hangzhou:{A}:functions/f", {})).allowed


@pytest.fixture
def role(root, trust, allow):
    """A role, and a custom policy that is not attached."""
    root("CreateRole", RoleName="R", AssumeRolePolicyDocument=trust())
    root("CreatePolicy", PolicyName="own", PolicyDocument=allow("fc:InvokeFunction"))
    return root.state.role("r")


def test_a_roles_sources_follow_its_attachments(root, role):
    """Attaching and detaching count for the next decision; in between, the same sources are given."""
    state = root.state
    assert state.sources_for_role(role) == ()
    root("AttachPolicyToRole", RoleName="R", **READ)
    assert may(state.sources_for_role(role), "fc:GetFunction")
    assert state.sources_for_role(role) is state.sources_for_role(role)
    root("DetachPolicyFromRole", RoleName="R", **READ)
    assert not may(state.sources_for_role(role), "fc:GetFunction")


def test_a_roles_sources_follow_the_version_in_force(root, role, allow):
    """Another default version counts at once, a version that is not in force never."""
    state = root.state
    root("AttachPolicyToRole", RoleName="R", **OWN)
    assert may(state.sources_for_role(role), "fc:InvokeFunction")
    root("CreatePolicyVersion", PolicyName="own", PolicyDocument=allow("fc:GetFunction"))
    assert not may(state.sources_for_role(role), "fc:GetFunction")
    root("SetDefaultPolicyVersion", PolicyName="own", VersionId="v2")
    assert may(state.sources_for_role(role), "fc:GetFunction")
    assert not may(state.sources_for_role(role), "fc:InvokeFunction")


def test_a_users_sources_are_its_own_then_its_groups(root, role, allow):
    """Own policies come first; groups count from joining to leaving, with every change of theirs."""
    state = root.state
    root("CreateUser", UserName="u")
    root("CreateGroup", GroupName="g")
    root("AddUserToGroup", UserName="u", GroupName="g")
    root("AttachPolicyToGroup", GroupName="g", **OWN)
    root("AttachPolicyToUser", UserName="u", **READ)
    labels = [source.label for source in state.identity_sources_for_user("u")]
    assert labels == [
        "system policy `AliyunFCReadOnlyAccess` of user `u`",
        "custom policy `own` (v1) of group `g`",
    ]
    assert may(state.identity_sources_for_user("u"), "fc:InvokeFunction")
    assert state.identity_sources_for_user("u") is state.identity_sources_for_user("u")

    root("CreatePolicyVersion", PolicyName="own", PolicyDocument=allow("fc:GetLayer"), SetAsDefault="true")
    assert not may(state.identity_sources_for_user("u"), "fc:InvokeFunction")
    root("SetDefaultPolicyVersion", PolicyName="own", VersionId="v1")
    assert may(state.identity_sources_for_user("u"), "fc:InvokeFunction")
    root("RemoveUserFromGroup", UserName="u", GroupName="g")
    assert not may(state.identity_sources_for_user("u"), "fc:InvokeFunction")
    assert may(state.identity_sources_for_user("u"), "fc:GetFunction")
    assert state.identity_sources_for_user("nobody") == ()


def test_the_trust_policy_is_parsed_once_for_each_document(root, role, trust):
    """A role's trust source stays the same until another document is set."""
    request = Request("sts:AssumeRole", role.arn, {})
    before = role.trust
    assert role.trust is before
    assert decide_trust(before, Principal(B, "user", "dev"), request).allowed
    root("UpdateRole", RoleName="R", NewAssumeRolePolicyDocument=trust(f"acs:ram::{A}:root"))
    assert not decide_trust(role.trust, Principal(B, "user", "dev"), request).allowed


def furnish(root, trust, allow):
    """Makes one of everything."""
    root("CreatePolicy", PolicyName="own", PolicyDocument=allow("fc:*"), Tag='[{"Key":"b","Value":"1"}]')
    root("CreatePolicyVersion", PolicyName="own", PolicyDocument=allow("fc:GetFunction"), SetAsDefault="true")
    root("DeletePolicyVersion", PolicyName="own", VersionId="v1")
    root("CreateRole", RoleName="R", AssumeRolePolicyDocument=trust(), Tag='[{"Key":"a","Value":"é"}]')
    root("AttachPolicyToRole", RoleName="R", **OWN)
    root("AttachPolicyToRole", RoleName="R", **READ)
    for name in ("zoe", "dev"):
        root("CreateUser", UserName=name, Email="a@b.example")
    root("CreateLoginProfile", UserName="dev", Password="Recorded-Passw0rd!")
    key = root("CreateAccessKey", UserName="dev")["AccessKey"]["AccessKeyId"]
    root("UpdateAccessKey", UserName="dev", UserAccessKeyId=key, Status="Inactive")
    root.state.users["dev"].access_keys[key].last_used = root.cloud.clock.now()
    root("CreateGroup", GroupName="g")
    root("AddUserToGroup", UserName="zoe", GroupName="g")
    root("AttachPolicyToGroup", GroupName="g", **OWN)
    return key


def test_a_snapshot_restores_everything(root, trust, allow):
    """to_json and from_json are inverse, through JSON text, and the restored state decides the same."""
    key = furnish(root, trust, allow)
    snapshot = root.state.to_json()
    restored = RamState.from_json(json.loads(json.dumps(snapshot)))

    assert restored.to_json() == snapshot
    assert restored.access_key_ids() == (key,)
    user, restored_key = restored.find_access_key(key)
    assert (user.name, restored_key.status) == ("dev", "Inactive")
    assert restored_key.secret == root.state.find_access_key(key)[1].secret
    assert restored_key.last_used == root.state.find_access_key(key)[1].last_used
    assert may(restored.identity_sources_for_user("zoe"), "fc:GetFunction")
    assert len(restored.sources_for_role(restored.role("r"))) == 2
    assert len(restored.holders(("Custom", "own"))) == 2
    assert [item["name"] for item in snapshot["users"]] == ["dev", "zoe"]


def test_a_restored_policy_numbers_its_versions_on(root, trust, allow):
    """A deleted version's number is not used again, not even after a restore."""
    furnish(root, trust, allow)
    root.account.ram = RamState.from_json(root.state.to_json())
    made = root("CreatePolicyVersion", PolicyName="own", PolicyDocument=allow("fc:*"))
    assert made["PolicyVersion"]["VersionId"] == "v3"


def test_no_secret_shows_in_a_repr(root, trust, allow):
    """Neither access key secrets nor password hashes show when an entity is printed."""
    key = furnish(root, trust, allow)
    shown = repr((root.state.users, root.state.groups, root.state.roles, root.state.find_access_key(key)))
    assert root.state.find_access_key(key)[1].secret not in shown
    assert root.state.users["dev"].login_profile.password_hash not in shown


def test_empty_is_told_from_not(root, trust):
    """A state is empty until something is made, and again when it is gone."""
    assert root.state.is_empty()
    root("CreateRole", RoleName="R", AssumeRolePolicyDocument=trust())
    assert not root.state.is_empty()
    root("DeleteRole", RoleName="R")
    assert root.state.is_empty()
