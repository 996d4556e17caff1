"""Roles: create, get, update, delete, list."""

from __future__ import annotations

import json

import pytest

A, B, STRANGER = "1234567890120000", "1345678901230000", "9999999999990000"


@pytest.fixture
def reader(root, trust):
    """A role whose name has capitals."""
    return root("CreateRole", RoleName="FC-Reader", AssumeRolePolicyDocument=trust(), Description="reads")


def test_create_answers_the_role(reader, trust):
    """CreateRole answers every field, typed; the name keeps its case, the ARN is lower case."""
    role = reader["Role"]
    assert role.pop("RoleId").startswith("3")
    assert role.pop("CreateDate").endswith("Z")
    assert role == {
        "RoleName": "FC-Reader",
        "Arn": f"acs:ram::{A}:role/fc-reader",
        "Description": "reads",
        "AssumeRolePolicyDocument": trust(),
        "MaxSessionDuration": 3600,
        "AllowConsoleLogin": True,
    }


def test_get_finds_a_role_in_any_case(root, reader):
    """GetRole takes the name in any letter case and answers more than CreateRole."""
    role = root("GetRole", RoleName="fc-reader")["Role"]
    assert role["RoleName"] == "FC-Reader"
    assert role["RolePrincipalName"] == f"FC-Reader@role.{A}.onaliyunservice.com"
    assert role["IsServiceLinkedRole"] is False
    assert role["UpdateDate"] == role["CreateDate"]


def test_the_principal_name_carries_the_alias(root, reader):
    """With an account alias, the role's principal name carries it."""
    root("SetAccountAlias", AccountAlias="company-a")
    name = root("GetRole", RoleName="FC-Reader")["Role"]["RolePrincipalName"]
    assert name == "FC-Reader@role.company-a.onaliyunservice.com"


def test_documents_come_back_verbatim(root):
    """A trust policy is answered exactly as it was sent, blanks and key order included."""
    document = '{ "Statement":[{"Principal":{"RAM":["acs:ram::9999999999990000:root"]},\n"Effect":"Allow",'
    document += '"Action":"sts:AssumeRole"}], "Version":"1"}'
    root("CreateRole", RoleName="r", AssumeRolePolicyDocument=document)
    assert root("GetRole", RoleName="r")["Role"]["AssumeRolePolicyDocument"] == document


def test_names_are_unique_in_any_case(root, reader, trust):
    """A second role of the same name, in whatever case, exists already."""
    refusal = root.refused("CreateRole", RoleName="fc-READER", AssumeRolePolicyDocument=trust())
    assert refusal == (409, "EntityAlreadyExists.Role")


def test_update_changes_only_what_is_sent(root, reader, trust):
    """UpdateRole leaves what it does not name; the new trust policy is in force at once."""
    root.cloud.clock.advance(60)
    role = root("UpdateRole", RoleName="FC-Reader", NewDescription="changed", NewMaxSessionDuration=7200)[
        "Role"
    ]
    assert (role["Description"], role["MaxSessionDuration"]) == ("changed", 7200)
    assert role["AssumeRolePolicyDocument"] == trust()
    assert role["UpdateDate"] > role["CreateDate"]

    before = root.state.role("fc-reader").trust
    root("UpdateRole", RoleName="FC-Reader", NewAssumeRolePolicyDocument=trust(f"acs:ram::{STRANGER}:root"))
    assert root.state.role("fc-reader").trust != before


def test_update_can_close_the_console_and_empty_the_description(root, reader):
    """NewAllowConsoleLogin and an empty NewDescription are taken."""
    changed = root("UpdateRole", RoleName="FC-Reader", NewAllowConsoleLogin="False", NewDescription="")
    assert changed["Role"]["AllowConsoleLogin"] is False
    assert changed["Role"]["Description"] == ""


def test_a_refused_update_changes_nothing(root, reader, trust):
    """When one field of UpdateRole is wrong, none is changed."""
    before = root("GetRole", RoleName="FC-Reader")
    for wrong in ({"NewMaxSessionDuration": 1}, {"NewAssumeRolePolicyDocument": "{}"}):
        root.refused("UpdateRole", RoleName="FC-Reader", NewDescription="changed", **wrong)
    assert root("GetRole", RoleName="FC-Reader") == before


def test_delete_is_refused_while_policies_are_attached(root, reader):
    """Policies are detached before the role goes, never the other way round."""
    policy = {"PolicyType": "System", "PolicyName": "AliyunFCReadOnlyAccess"}
    root("AttachPolicyToRole", RoleName="FC-Reader", **policy)
    assert root.refused("DeleteRole", RoleName="FC-Reader") == (409, "DeleteConflict.Role.Policy")
    message = "The role CAN NOT has any attached policy while deleting the role."
    assert root.message("DeleteRole", RoleName="FC-Reader") == message

    root("DetachPolicyFromRole", RoleName="FC-Reader", **policy)
    assert root("DeleteRole", RoleName="FC-Reader") == {}
    assert root.refused("GetRole", RoleName="FC-Reader") == (404, "EntityNotExist.Role")


def test_a_recreated_role_is_another(root, reader, trust):
    """The same name made again has another RoleId."""
    root("DeleteRole", RoleName="FC-Reader")
    again = root("CreateRole", RoleName="FC-Reader", AssumeRolePolicyDocument=trust())
    assert again["Role"]["RoleId"] != reader["Role"]["RoleId"]


def test_list_has_no_trust_policies(root, reader, trust):
    """ListRoles answers in the order of names, without documents, with tags and a boolean IsTruncated."""
    root("CreateRole", RoleName="a", AssumeRolePolicyDocument=trust(), Tag='[{"Key":"k","Value":"v"}]')
    listed = root("ListRoles")
    assert [role["RoleName"] for role in listed["Roles"]["Role"]] == ["a", "FC-Reader"]
    assert listed["IsTruncated"] is False
    assert "Marker" not in listed
    assert "AssumeRolePolicyDocument" not in listed["Roles"]["Role"][0]
    assert listed["Roles"]["Role"][0]["Tags"] == {"Tag": [{"TagKey": "k", "TagValue": "v"}]}
    assert listed["Roles"]["Role"][1]["Tags"] == {"Tag": []}


def test_list_filters_by_tag(root, trust):
    """ListRoles with Tag answers the roles that have every tag; a tag without a value asks for the key."""
    for name, value in (("a", "x"), ("b", "y")):
        tag = json.dumps([{"Key": "team", "Value": value}])
        root("CreateRole", RoleName=name, AssumeRolePolicyDocument=trust(), Tag=tag)
    root("CreateRole", RoleName="c", AssumeRolePolicyDocument=trust())

    def names(tag):
        return [role["RoleName"] for role in root("ListRoles", Tag=json.dumps(tag))["Roles"]["Role"]]

    assert names([{"Key": "team", "Value": "x"}]) == ["a"]
    assert names([{"Key": "team"}]) == ["a", "b"]
    assert names([{"Key": "team"}, {"Key": "other"}]) == []


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"RoleName": ""}, "MissingRoleName"),
        ({"RoleName": "a" * 65}, "InvalidParameter.RoleName.Length"),
        ({"RoleName": "a b"}, "InvalidParameter.RoleName.InvalidChars"),
        ({"RoleName": "a_b"}, "InvalidParameter.RoleName.InvalidChars"),
        ({"RoleName": "rolé"}, "InvalidParameter.RoleName.InvalidChars"),
        ({"AssumeRolePolicyDocument": ""}, "MissingAssumeRolePolicyDocument"),
        ({"AssumeRolePolicyDocument": " " * 4097}, "InvalidParameter.AssumeRolePolicyDocument.Length"),
        ({"AssumeRolePolicyDocument": "{"}, "MalformedPolicyDocument"),
        ({"Description": "d" * 1025}, "InvalidParameter.Description.Length"),
        ({"Description": "a\x00b"}, "InvalidParameter.Description.InvalidChars"),
        ({"MaxSessionDuration": 3599}, "InvalidParameter.MaxSessionDuration"),
        ({"MaxSessionDuration": 43201}, "InvalidParameter.MaxSessionDuration"),
        ({"MaxSessionDuration": "1h"}, "InvalidParameter.MaxSessionDuration"),
        ({"AllowConsoleLogin": "maybe"}, "InvalidParameter.AllowConsoleLogin"),
        ({"Tag": "k=v"}, "InvalidParameter.Tag"),
    ],
)
def test_create_names_what_is_wrong(root, trust, wrong, code):
    """Every wrong parameter of CreateRole is a 400 that names it, and nothing is made."""
    params = {"RoleName": "r", "AssumeRolePolicyDocument": trust()} | wrong
    assert root.refused("CreateRole", **params) == (400, code)
    assert root.state.is_empty()


def test_messages_are_the_documented_ones(root, trust):
    """The messages for names are those of the API reference."""
    message = root.message("GetRole", RoleName="a b")
    assert message == 'The parameter - "RoleName" contains invalid chars.'
    message = root.message("GetRole", RoleName="a" * 65)
    assert message == 'The parameter - "RoleName" beyond the length limit.'
    assert root.message("GetRole", RoleName="none") == "The role does not exist."


def test_the_new_trust_policy_is_checked_under_its_own_name(root, reader):
    """UpdateRole names NewAssumeRolePolicyDocument when it is too long, and its grammar when it is wrong."""
    too_long = root.refused("UpdateRole", RoleName="FC-Reader", NewAssumeRolePolicyDocument=" " * 4097)
    assert too_long == (400, "InvalidParameter.NewAssumeRolePolicyDocument.Length")
    empty = root.refused("UpdateRole", RoleName="FC-Reader", NewAssumeRolePolicyDocument="{}")
    assert empty == (400, "MalformedPolicyDocument")


@pytest.mark.parametrize("kind", ["user", "role"])
def test_a_trusted_user_or_role_must_exist(root, root_b, trust, kind):
    """A trust policy may name a user or role of an account of this cloud only when it exists."""
    principal = f"acs:ram::{B}:{kind}/dev"
    params = {"RoleName": "r", "AssumeRolePolicyDocument": trust(principal)}
    assert root.refused("CreateRole", **params) == (400, "MalformedPolicyDocument")
    assert principal in root.message("CreateRole", **params)

    if kind == "user":
        root_b("CreateUser", UserName="dev")
    else:
        root_b("CreateRole", RoleName="DEV", AssumeRolePolicyDocument=trust(f"acs:ram::{A}:root"))
    assert root("CreateRole", **params)["Role"]["RoleName"] == "r"


def test_a_user_of_an_account_elsewhere_is_accepted(root, trust):
    """What an account outside this cloud holds cannot be known, so it is accepted."""
    document = trust(f"acs:ram::{STRANGER}:user/anyone")
    assert root("CreateRole", RoleName="r", AssumeRolePolicyDocument=document)


@pytest.mark.parametrize(
    "document",
    [
        '{"Version":"1","Statement":{"Action":"sts:AssumeRole","Effect":"Allow","Principal":{"RAM":"x"}}}',
        '{"Version":"1","Statement":[{"Action":"sts:AssumeRole","Effect":"Allow","Principal":"*"}]}',
        '{"Version":"2","Statement":[]}',
    ],
)
def test_documents_that_crash_the_provider_are_refused(root, document):
    """A Statement that is no list and a Principal that is no object crash the alicloud provider's reader."""
    refusal = root.refused("CreateRole", RoleName="r", AssumeRolePolicyDocument=document)
    assert refusal == (400, "MalformedPolicyDocument")


def test_an_account_holds_a_thousand_roles(root, trust):
    """The role after the limit is LimitExceeded.Role."""
    document = trust()
    for number in range(1000):
        root("CreateRole", RoleName=f"r{number}", AssumeRolePolicyDocument=document)
    assert root.refused("CreateRole", RoleName="r1000", AssumeRolePolicyDocument=document) == (
        409,
        "LimitExceeded.Role",
    )
