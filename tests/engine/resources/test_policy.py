"""A custom policy: its versions, its updates, and what keeps it from being deleted."""

from __future__ import annotations

import json

import pytest

from crossaccount.engine.errors import StepError
from crossaccount.engine.resources import RESOURCE_TYPES

POLICY = RESOURCE_TYPES["alicloud:ram/policy:Policy"]
ROTATING = "DeleteOldestNonDefaultVersionWhenLimitExceeded"


def document(*actions):
    statement = {"Action": list(actions), "Effect": "Allow", "Resource": "*"}
    return json.dumps({"Version": "1", "Statement": [statement]})


INPUTS = {"policyName": "fc-list", "policyDocument": document("fc:ListFunctions"), "description": "lists"}


@pytest.fixture
def policy(api):
    return POLICY.create(api, INPUTS)


def test_a_policy_is_replaced_only_for_its_name():
    """Only another name makes another policy."""
    assert POLICY.replace_on == {"policyName"}


def test_a_changed_document_becomes_the_default_version(api, policy):
    """A new document is a new default version; the statements output follows it."""
    inputs = INPUTS | {"policyDocument": document("fc:GetFunction")}
    updated = POLICY.update(api, policy[0], policy[1], INPUTS, inputs)
    assert (updated["defaultVersion"], updated["versionId"]) == ("v2", "v2")
    assert updated["statements"] == [{"actions": ["fc:GetFunction"], "effect": "Allow", "resources": ["*"]}]
    assert POLICY.read(api, policy[0], updated)[1] == updated


def test_a_document_of_the_same_meaning_makes_no_version(api, policy):
    """A reordered document changes nothing."""
    reordered = json.dumps(dict(reversed(json.loads(INPUTS["policyDocument"]).items())))
    updated = POLICY.update(api, policy[0], policy[1], INPUTS, INPUTS | {"policyDocument": reordered})
    assert updated["defaultVersion"] == "v1"


def test_description_and_tags_change_without_a_new_version(api, policy):
    """Neither touches the document."""
    inputs = INPUTS | {"description": "other", "tags": {"team": "x"}}
    updated = POLICY.update(api, policy[0], policy[1], INPUTS, inputs)
    assert (updated["description"], updated["tags"], updated["versionId"]) == ("other", {"team": "x"}, "v1")
    updated = POLICY.update(api, policy[0], updated, inputs, INPUTS | {"description": "other"})
    assert updated["tags"] == {}


def change_five_times(api, policy, **others):
    """Change the document five times: one version more than RAM keeps."""
    old = INPUTS | others
    for number in range(5):
        new = old | {"policyDocument": document(f"fc:Get{number}")}
        outputs = POLICY.update(api, policy[0], policy[1], old, new)
        old = new
    return outputs


def test_one_version_too_many_says_how_to_go_on(api, policy):
    """The sixth version is refused with the two ways out; the named command is one that RAM accepts."""
    with pytest.raises(StepError, match="set `rotateStrategy` to") as caught:
        change_five_times(api, policy)
    assert "aliyun ram DeletePolicyVersion --PolicyName fc-list --VersionId v1" in str(caught.value)
    api.call("DeletePolicyVersion", policy_name="fc-list", version_id="v1")


def test_versions_rotate_when_asked(api, policy):
    """With the rotating strategy the oldest version makes room."""
    outputs = change_five_times(api, policy, rotateStrategy=ROTATING)
    assert (outputs["versionId"], outputs["rotateStrategy"]) == ("v6", ROTATING)


def test_who_holds_a_policy_is_named(api, policy):
    """Each user, group and role it is attached to is named with the command for it."""
    trust = {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": ["fc.aliyuncs.com"]}}
    api.call("CreateUser", user_name="dev")
    api.call("CreateGroup", group_name="ops")
    api.call(
        "CreateRole",
        role_name="worker",
        assume_role_policy_document=json.dumps({"Version": "1", "Statement": [trust]}),
    )
    for kind, name in (("User", "dev"), ("Group", "ops"), ("Role", "worker")):
        owner = {f"{kind.lower()}_name": name}
        api.call(f"AttachPolicyTo{kind}", policy_name="fc-list", policy_type="Custom", **owner)
    with pytest.raises(StepError) as caught:
        POLICY.delete(api, *policy)
    message = str(caught.value)
    assert message.startswith("cannot delete policy `fc-list`")
    flags = "--PolicyType Custom --PolicyName fc-list"
    assert f"user `dev`; take it off with `aliyun ram DetachPolicyFromUser {flags} --UserName dev`" in message
    assert (
        f"group `ops`; take it off with `aliyun ram DetachPolicyFromGroup {flags} --GroupName ops`" in message
    )
    assert (
        f"role `worker`; take it off with `aliyun ram DetachPolicyFromRole {flags} --RoleName worker`"
        in message
    )
    POLICY.delete(api, policy[0], policy[1] | {"force": True})
    assert POLICY.read(api, *policy) is None


def test_a_policy_goes_with_all_its_versions(api, policy):
    """Versions that are not the default do not keep it."""
    outputs = POLICY.update(api, *policy, INPUTS, INPUTS | {"policyDocument": document("fc:Get*")})
    POLICY.delete(api, policy[0], outputs)
    assert POLICY.read(api, *policy) is None
    POLICY.delete(api, *policy)
