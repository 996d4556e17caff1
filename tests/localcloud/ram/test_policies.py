"""Policies and their versions."""

from __future__ import annotations

import json

import pytest

from crossaccount.policy import SYSTEM_POLICIES

A = "1234567890120000"
SYSTEM = {"PolicyType": "System", "PolicyName": "AliyunFCReadOnlyAccess"}
CUSTOM = {"PolicyType": "Custom", "PolicyName": "fc-list"}


@pytest.fixture
def policy(root, allow):
    """A custom policy in its first version."""
    document = allow("fc:ListFunctions")
    return root("CreatePolicy", PolicyName="fc-list", PolicyDocument=document, Description="lists")["Policy"]


def version(root, **params):
    """Adds a version to the policy."""
    return root("CreatePolicyVersion", PolicyName="fc-list", **params)["PolicyVersion"]


def ids(root):
    """The versions' ids with a mark on the one in force."""
    listed = root("ListPolicyVersions", **CUSTOM)["PolicyVersions"]["PolicyVersion"]
    return [item["VersionId"] + "*" * item["IsDefaultVersion"] for item in listed]


def test_create_answers_the_policy(policy):
    """CreatePolicy answers type, version and date."""
    assert policy.pop("CreateDate").endswith("Z")
    assert policy == {
        "PolicyName": "fc-list",
        "PolicyType": "Custom",
        "Description": "lists",
        "DefaultVersion": "v1",
    }


def test_get_answers_the_version_in_force(root, policy, allow):
    """GetPolicy answers the policy with its attachment count, and the default version's document verbatim."""
    got = root("GetPolicy", **CUSTOM)
    assert got["Policy"]["AttachmentCount"] == 0
    assert got["DefaultPolicyVersion"]["PolicyDocument"] == allow("fc:ListFunctions")
    assert got["DefaultPolicyVersion"]["IsDefaultVersion"] is True

    root("CreateUser", UserName="dev")
    root("AttachPolicyToUser", UserName="dev", **CUSTOM)
    assert root("GetPolicy", **CUSTOM)["Policy"]["AttachmentCount"] == 1


def test_system_policies_can_be_read(root):
    """A system policy is there without being made, with its published document and version."""
    got = root("GetPolicy", PolicyType="System", PolicyName="AliyunFCFullAccess")
    assert got["Policy"]["DefaultVersion"] == "v2"
    assert got["Policy"]["UpdateDate"] == "2021-05-07T12:55:13Z"
    document = got["DefaultPolicyVersion"]["PolicyDocument"]
    assert document == SYSTEM_POLICIES["AliyunFCFullAccess"].document
    versions = root("ListPolicyVersions", PolicyType="System", PolicyName="AliyunFCFullAccess")
    assert [item["VersionId"] for item in versions["PolicyVersions"]["PolicyVersion"]] == ["v2"]


def test_a_custom_policy_is_not_a_system_policy(root, policy):
    """The type is part of a policy's identity."""
    assert root.refused("GetPolicy", PolicyType="System", PolicyName="fc-list") == (
        404,
        "EntityNotExist.Policy",
    )
    assert root.refused("GetPolicy", **{**SYSTEM, "PolicyType": "Custom"}) == (404, "EntityNotExist.Policy")
    assert root.refused("GetPolicy", **{**CUSTOM, "PolicyType": "custom"}) == (
        400,
        "InvalidParameter.PolicyType",
    )
    assert root.refused("GetPolicy", PolicyName="fc-list") == (400, "MissingPolicyType")


def test_the_description_can_be_changed(root, policy):
    """UpdatePolicyDescription answers the policy as it is now."""
    changed = root("UpdatePolicyDescription", PolicyName="fc-list", NewDescription="reads")["Policy"]
    assert changed["Description"] == "reads"
    assert root("GetPolicy", **CUSTOM)["Policy"]["Description"] == "reads"


@pytest.mark.parametrize(
    ("holder", "code"),
    [
        ("User", "DeleteConflict.Policy.User"),
        ("Group", "DeleteConflict.Policy.Group"),
        ("Role", "DeleteConflict.Role.Policy"),
    ],
)
def test_delete_is_refused_while_attached(root, policy, trust, holder, code):
    """A policy that something holds cannot go, not even with CascadingDelete; detached, it can."""
    extra = {"AssumeRolePolicyDocument": trust()} if holder == "Role" else {}
    name = {f"{holder}Name": "x"}
    root(f"Create{holder}", **name, **extra)
    root(f"AttachPolicyTo{holder}", **name, **CUSTOM)
    assert root.refused("DeletePolicy", PolicyName="fc-list", CascadingDelete="true") == (409, code)

    root(f"DetachPolicyFrom{holder}", **name, **CUSTOM)
    assert root("DeletePolicy", PolicyName="fc-list") == {}
    assert root.refused("GetPolicy", **CUSTOM) == (404, "EntityNotExist.Policy")


def test_delete_with_versions_needs_cascading(root, policy, allow):
    """With more than one version DeletePolicy is refused, unless CascadingDelete is true."""
    version(root, PolicyDocument=allow("fc:GetFunction"))
    assert root.refused("DeletePolicy", PolicyName="fc-list") == (409, "DeleteConflict.Policy.Version")
    assert root("DeletePolicy", PolicyName="fc-list", CascadingDelete="true") == {}


def test_list_answers_both_types_or_one(root, policy):
    """ListPolicies answers custom and system policies; PolicyType chooses; MaxResults is ignored."""
    system = [f"{name}" for name in sorted(SYSTEM_POLICIES)]

    def names(**params):
        listed = root("ListPolicies", **params)
        assert listed["IsTruncated"] is False
        assert "Marker" not in listed
        return [item["PolicyName"] for item in listed["Policies"]["Policy"]]

    assert names() == sorted([*system, "fc-list"])
    assert names(PolicyType="System", MaxResults=1) == system
    assert names(PolicyType="Custom") == ["fc-list"]
    assert root.refused("ListPolicies", PolicyType="Own") == (400, "InvalidParameter.PolicyType")


def test_an_empty_list_is_there(root):
    """Without policies the wrapper is there and empty: the provider needs it."""
    assert root("ListPolicies", PolicyType="Custom") == {"Policies": {"Policy": []}, "IsTruncated": False}


def test_a_new_version_is_in_force_only_when_asked(root, policy, allow):
    """CreatePolicyVersion leaves the default alone unless SetAsDefault is true."""
    made = version(root, PolicyDocument=allow("fc:GetFunction"))
    assert (made["VersionId"], made["IsDefaultVersion"]) == ("v2", False)
    assert ids(root) == ["v1*", "v2"]
    made = version(root, PolicyDocument=allow("fc:GetFunction"), SetAsDefault="true")
    assert (made["VersionId"], made["IsDefaultVersion"]) == ("v3", True)
    assert ids(root) == ["v1", "v2", "v3*"]


def test_five_versions_are_the_limit(root, policy, allow):
    """The sixth version is refused; the rotation drops the oldest one that is not in force."""
    for _ in range(4):
        version(root, PolicyDocument=allow("fc:GetFunction"))
    params = {"PolicyName": "fc-list", "PolicyDocument": allow("fc:GetFunction")}
    assert root.refused("CreatePolicyVersion", **params) == (409, "LimitExceeded.Policy.Version")
    assert root.refused("CreatePolicyVersion", **params, RotateStrategy="None") == (
        409,
        "LimitExceeded.Policy.Version",
    )

    rotate = "DeleteOldestNonDefaultVersionWhenLimitExceeded"
    root("CreatePolicyVersion", **params, RotateStrategy=rotate)
    assert ids(root) == ["v1*", "v3", "v4", "v5", "v6"]
    root("CreatePolicyVersion", **params, RotateStrategy=rotate, SetAsDefault="true")
    assert ids(root) == ["v1", "v4", "v5", "v6", "v7*"]


def test_rotation_below_the_limit_drops_nothing(root, policy, allow):
    """RotateStrategy acts only when the limit is exceeded."""
    rotate = "DeleteOldestNonDefaultVersionWhenLimitExceeded"
    version(root, PolicyDocument=allow("fc:GetFunction"), RotateStrategy=rotate)
    assert ids(root) == ["v1*", "v2"]
    refusal = root.refused(
        "CreatePolicyVersion", PolicyName="fc-list", PolicyDocument=allow("fc:*"), RotateStrategy="Oldest"
    )
    assert refusal == (400, "InvalidParameter.RotateStrategy")


def test_the_default_version_can_be_put_back(root, policy, allow):
    """SetDefaultPolicyVersion puts any version in force; that version cannot be deleted."""
    version(root, PolicyDocument=allow("fc:GetFunction"), SetAsDefault="true")
    root("SetDefaultPolicyVersion", PolicyName="fc-list", VersionId="v1")
    assert ids(root) == ["v1*", "v2"]
    refusal = root.refused("DeletePolicyVersion", PolicyName="fc-list", VersionId="v1")
    assert refusal == (409, "DeleteConflict.Policy.Version.Default")
    root("DeletePolicyVersion", PolicyName="fc-list", VersionId="v2")
    assert ids(root) == ["v1*"]
    made = version(root, PolicyDocument=allow("fc:GetFunction"))
    assert made["VersionId"] == "v3"


def test_a_version_is_answered_verbatim(root, policy, allow):
    """GetPolicyVersion answers the document that was sent."""
    document = allow("fc:GetFunction") + " "
    version(root, PolicyDocument=document)
    got = root("GetPolicyVersion", **CUSTOM, VersionId="v2")["PolicyVersion"]
    assert (got["PolicyDocument"], got["IsDefaultVersion"]) == (document, False)
    system = root("GetPolicyVersion", **SYSTEM, VersionId="v1")["PolicyVersion"]
    assert json.loads(system["PolicyDocument"])["Version"] == "1"


@pytest.mark.parametrize(
    ("version_id", "refusal"),
    [
        ("v9", (404, "EntityNotExist.Policy.Version")),
        ("9", (400, "InvalidParameter.VersionId.Format")),
        ("v01", (400, "InvalidParameter.VersionId.Format")),
        ("", (400, "MissingVersionId")),
    ],
)
def test_unknown_versions_are_named_errors(root, policy, version_id, refusal):
    """Every action with a VersionId tells a malformed one from one that does not exist."""
    assert root.refused("GetPolicyVersion", **CUSTOM, VersionId=version_id) == refusal
    for action in ("SetDefaultPolicyVersion", "DeletePolicyVersion"):
        assert root.refused(action, PolicyName="fc-list", VersionId=version_id) == refusal


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"PolicyName": ""}, (400, "MissingPolicyName")),
        ({"PolicyName": "p" * 129}, (400, "InvalidParameter.PolicyName.Length")),
        ({"PolicyName": "a.b"}, (400, "InvalidParameter.PolicyName.InvalidChars")),
        ({"PolicyDocument": ""}, (400, "MissingPolicyDocument")),
        ({"PolicyDocument": "x" * 6145}, (400, "InvalidParameter.PolicyDocument.Length")),
        ({"PolicyDocument": "[]"}, (400, "MalformedPolicyDocument")),
        ({"Description": "d" * 1025}, (400, "InvalidParameter.Description.Length")),
        ({"PolicyName": "fc-list"}, (409, "EntityAlreadyExists.Policy")),
    ],
)
def test_create_names_what_is_wrong(root, policy, allow, wrong, refusal):
    """Every wrong parameter of CreatePolicy is an error that names it."""
    params = {"PolicyName": "other", "PolicyDocument": allow("fc:*")} | wrong
    assert root.refused("CreatePolicy", **params) == refusal


def test_a_malformed_document_says_where(root):
    """MalformedPolicyDocument carries the detail: place and what is wrong."""
    document = json.dumps(
        {"Version": "1", "Statement": [{"Effect": "Allow", "Action": "fc:*", "Resorce": "*"}]}
    )
    message = root.message("CreatePolicy", PolicyName="p", PolicyDocument=document)
    assert "Resorce" in message
    assert "statement 1" in message


def test_every_policy_action_needs_an_existing_policy(root, allow):
    """What does not exist is EntityNotExist.Policy; a system policy cannot be changed."""
    for action, extra in {
        "UpdatePolicyDescription": {"NewDescription": "d"},
        "DeletePolicy": {},
        "CreatePolicyVersion": {"PolicyDocument": allow("fc:*")},
        "SetDefaultPolicyVersion": {"VersionId": "v1"},
        "DeletePolicyVersion": {"VersionId": "v1"},
    }.items():
        for name in ("none", "AliyunFCReadOnlyAccess"):
            assert root.refused(action, PolicyName=name, **extra) == (404, "EntityNotExist.Policy")
    for action in ("GetPolicy", "ListPolicyVersions", "ListEntitiesForPolicy"):
        assert root.refused(action, PolicyType="System", PolicyName="None") == (404, "EntityNotExist.Policy")


def test_an_account_holds_fifteen_hundred_policies(root, allow):
    """The policy after the limit is LimitExceeded.Policy."""
    document = allow("fc:*")
    for number in range(1500):
        root("CreatePolicy", PolicyName=f"p{number}", PolicyDocument=document)
    refusal = root.refused("CreatePolicy", PolicyName="p1500", PolicyDocument=document)
    assert refusal == (409, "LimitExceeded.Policy")
