"""Groups, memberships and the account alias."""

from __future__ import annotations

import pytest

A = "1234567890120000"
SYSTEM = {"PolicyType": "System", "PolicyName": "AliyunSTSAssumeRoleAccess"}


@pytest.fixture
def ops(root):
    """A group and a user outside it."""
    root("CreateUser", UserName="dev", DisplayName="Developer")
    return root("CreateGroup", GroupName="ops", Comments="operators")["Group"]


def test_create_get_update(root, ops):
    """A group is answered whole; renamed, it keeps id, members and policies."""
    assert ops["GroupId"].startswith("g-")
    assert root("GetGroup", GroupName="ops")["Group"] == ops
    root("AddUserToGroup", UserName="dev", GroupName="ops")
    root("AttachPolicyToGroup", GroupName="ops", **SYSTEM)

    renamed = root("UpdateGroup", GroupName="ops", NewGroupName="Ops2", NewComments="c")["Group"]
    assert (renamed["GroupId"], renamed["GroupName"], renamed["Comments"]) == (ops["GroupId"], "Ops2", "c")
    assert root.refused("GetGroup", GroupName="ops") == (404, "EntityNotExist.Group")
    assert root("ListGroupsForUser", UserName="dev")["Groups"]["Group"][0]["GroupName"] == "Ops2"
    assert root("ListPoliciesForGroup", GroupName="Ops2")["Policies"]["Policy"]
    assert "group `Ops2`" in root.state.identity_sources_for_user("dev")[0].label


def test_names_are_taken_once(root, ops):
    """Neither CreateGroup nor a rename takes a name that exists."""
    root("CreateGroup", GroupName="other")
    assert root.refused("CreateGroup", GroupName="ops") == (409, "EntityAlreadyExists.Group")
    refusal = root.refused("UpdateGroup", GroupName="other", NewGroupName="ops")
    assert refusal == (409, "EntityAlreadyExists.Group")


def test_membership(root, ops):
    """A user joins and leaves; both sides list it with the date."""
    assert root("AddUserToGroup", UserName="dev", GroupName="ops") == {}
    users = root("ListUsersForGroup", GroupName="ops")
    groups = root("ListGroupsForUser", UserName="dev")["Groups"]["Group"]
    date = groups[0]["JoinDate"]
    assert users == {
        "Users": {"User": [{"UserName": "dev", "DisplayName": "Developer", "JoinDate": date}]},
        "IsTruncated": False,
    }
    assert groups == [
        {"GroupId": ops["GroupId"], "GroupName": "ops", "Comments": "operators", "JoinDate": date}
    ]
    assert root.refused("AddUserToGroup", UserName="dev", GroupName="ops") == (
        409,
        "EntityAlreadyExists.User.Group",
    )

    assert root("RemoveUserFromGroup", UserName="dev", GroupName="ops") == {}
    refusal = root.refused("RemoveUserFromGroup", UserName="dev", GroupName="ops")
    assert refusal == (404, "EntityNotExist.User.Group")
    assert root("ListUsersForGroup", GroupName="ops") == {"Users": {"User": []}, "IsTruncated": False}


def test_delete_is_refused_while_used(root, ops):
    """Members and policies keep a group, in whatever order they are taken away."""
    root("AddUserToGroup", UserName="dev", GroupName="ops")
    root("AttachPolicyToGroup", GroupName="ops", **SYSTEM)
    assert root.refused("DeleteGroup", GroupName="ops") == (409, "DeleteConflict.Group.User")
    root("RemoveUserFromGroup", UserName="dev", GroupName="ops")
    assert root.refused("DeleteGroup", GroupName="ops") == (409, "DeleteConflict.Group.Policy")
    root("AddUserToGroup", UserName="dev", GroupName="ops")
    root("DetachPolicyFromGroup", GroupName="ops", **SYSTEM)
    assert root.refused("DeleteGroup", GroupName="ops") == (409, "DeleteConflict.Group.User")
    root("RemoveUserFromGroup", UserName="dev", GroupName="ops")
    assert root("DeleteGroup", GroupName="ops") == {}
    assert root("ListGroups") == {"Groups": {"Group": []}, "IsTruncated": False}


def test_a_user_is_in_five_groups_at_most(root, ops):
    """The sixth group is LimitExceeded.User.Group."""
    for number in range(6):
        root("CreateGroup", GroupName=f"g{number}")
    for number in range(5):
        root("AddUserToGroup", UserName="dev", GroupName=f"g{number}")
    refusal = root.refused("AddUserToGroup", UserName="dev", GroupName="g5")
    assert refusal == (409, "LimitExceeded.User.Group")


def test_an_account_holds_fifty_groups(root):
    """The group after the limit is LimitExceeded.Group."""
    for number in range(50):
        root("CreateGroup", GroupName=f"g{number}")
    assert root.refused("CreateGroup", GroupName="g50") == (409, "LimitExceeded.Group")


def test_what_is_missing_is_named(root, ops):
    """A missing user and a missing group are told apart."""
    assert root.refused("AddUserToGroup", UserName="no", GroupName="ops") == (404, "EntityNotExist.User")
    assert root.refused("AddUserToGroup", UserName="dev", GroupName="no") == (404, "EntityNotExist.Group")
    assert root.refused("GetGroup", GroupName="a b") == (400, "InvalidParameter.GroupName.InvalidChars")
    assert root.refused("CreateGroup", GroupName="x", Comments="c" * 129) == (
        400,
        "InvalidParameter.Comments.Length",
    )


def test_the_alias_is_the_id_until_set(root):
    """GetAccountAlias answers the account id, then the alias, then the id again."""
    assert root("GetAccountAlias") == {"AccountAlias": A}
    assert root("SetAccountAlias", AccountAlias="company-a") == {}
    assert root("SetAccountAlias", AccountAlias="company-a") == {}
    assert root("GetAccountAlias") == {"AccountAlias": "company-a"}
    assert root("ClearAccountAlias") == {}
    assert root("GetAccountAlias") == {"AccountAlias": A}


def test_an_alias_belongs_to_one_account(root, root_b):
    """No two accounts have the same alias, and no alias is another account's id."""
    root("SetAccountAlias", AccountAlias="company")
    assert root_b.refused("SetAccountAlias", AccountAlias="company") == (
        409,
        "EntityAlreadyExists.AccountAlias",
    )
    assert root_b.refused("SetAccountAlias", AccountAlias=A) == (409, "EntityAlreadyExists.AccountAlias")


@pytest.mark.parametrize(
    ("alias", "code"),
    [
        ("ab", "InvalidParameter.AccountAlias.Length"),
        ("a" * 33, "InvalidParameter.AccountAlias.Length"),
        ("-abc", "InvalidParameter.AccountAlias.Format"),
        ("abc-", "InvalidParameter.AccountAlias.Format"),
        ("a--b", "InvalidParameter.AccountAlias.Format"),
        ("Company", "InvalidParameter.AccountAlias.Format"),
        ("", "MissingAccountAlias"),
    ],
)
def test_an_alias_has_a_form(root, alias, code):
    """An alias has 3 to 32 lower-case letters, digits and single inner hyphens."""
    assert root.refused("SetAccountAlias", AccountAlias=alias) == (400, code)
