"""RAM users and groups: renaming, updates, and what keeps them from being deleted."""

from __future__ import annotations

import pytest

from crossaccount.engine.errors import StepError
from crossaccount.engine.resources import RESOURCE_TYPES

USER = RESOURCE_TYPES["alicloud:ram/user:User"]
GROUP = RESOURCE_TYPES["alicloud:ram/group:Group"]
MEMBER = RESOURCE_TYPES["alicloud:ram/userGroupAttachment:UserGroupAttachment"]
INPUTS = {"name": "dev", "displayName": "Developer", "comments": "of B", "email": "dev@example.com"}
GROUP_INPUTS = {"groupName": "operators", "comments": "may assume"}


@pytest.fixture
def user(api):
    return USER.create(api, INPUTS)


@pytest.fixture
def group(api):
    return GROUP.create(api, GROUP_INPUTS)


def test_a_user_is_renamed_in_place(api, user):
    """Another name is the same user: id and everything else stay."""
    assert USER.replace_on == frozenset()
    updated = USER.update(api, *user, INPUTS, INPUTS | {"name": "dev2"})
    assert updated == user[1] | {"name": "dev2"}
    assert USER.read(api, user[0], updated)[1] == updated


@pytest.mark.parametrize("name", ["displayName", "comments", "email"])
def test_what_a_user_has_changes_and_is_cleared(api, user, name):
    """A changed value is set; a value left out is cleared, but for a display name RAM may fill in."""
    changed = "new@example.com" if name == "email" else "new"
    updated = USER.update(api, *user, INPUTS, INPUTS | {name: changed})
    assert updated[name] == changed
    left_out = {key: value for key, value in INPUTS.items() if key != name}
    updated = USER.update(api, user[0], updated, INPUTS | {name: changed}, left_out)
    assert updated[name] != changed
    assert USER.read(api, user[0], updated)[1] == updated


def test_a_user_renamed_by_hand_is_still_found(api, user):
    """The user's id finds it under its new name: read shows the drift, delete deletes it."""
    api.call("UpdateUser", user_name="dev", new_user_name="by-hand")
    assert USER.read(api, *user)[0]["name"] == "by-hand"
    USER.delete(api, *user)
    assert api.call("ListUsers")["Users"]["User"] == []


def test_a_namesake_is_not_the_user(api, user):
    """A user deleted and made again by hand under the same name is another one, and is left alone."""
    api.call("DeleteUser", user_name="dev")
    api.call("CreateUser", user_name="dev")
    assert USER.read(api, *user) is None
    USER.delete(api, *user)
    assert [each["UserName"] for each in api.call("ListUsers")["Users"]["User"]] == ["dev"]
    with pytest.raises(StepError, match="refresh the stack"):
        USER.update(api, *user, INPUTS, INPUTS | {"comments": "x"})


def test_a_user_is_looked_up_by_name_as_well(api, user):
    """The provider takes a user's name for its id, and so does a lookup here."""
    assert USER.read(api, "dev", {})[1] == user[1]


def laden(api, name="dev"):
    """Give a user everything that keeps it from being deleted."""
    key = api.call("CreateAccessKey", user_name=name)["AccessKey"]["AccessKeyId"]
    api.call("CreateLoginProfile", user_name=name, password="Str0ng-Passw0rd!")
    api.call("CreateGroup", group_name="ops")
    api.call("AddUserToGroup", user_name=name, group_name="ops")
    api.call(
        "AttachPolicyToUser", user_name=name, policy_name="AliyunSTSAssumeRoleAccess", policy_type="System"
    )
    return key


def test_all_that_holds_a_user_is_named_at_once(api, user):
    """RAM names one obstacle at a time; the error names each with its command."""
    key = laden(api)
    with pytest.raises(StepError) as caught:
        USER.delete(api, *user)
    message = str(caught.value)
    assert message.startswith("cannot delete user `dev`")
    for line in (
        f"access key `{key}`; take it off with `aliyun ram DeleteAccessKey --UserName dev --User",
        "its console login; take it off with `aliyun ram DeleteLoginProfile --UserName dev`",
        "group `ops`; take it off with `aliyun ram RemoveUserFromGroup --UserName dev --GroupName ops`",
        "system policy `AliyunSTSAssumeRoleAccess`",
    ):
        assert line in message


def test_force_takes_everything_off_a_user(api):
    """With force the user goes with its key, login, membership and policy."""
    user = USER.create(api, INPUTS | {"force": True})
    laden(api)
    USER.delete(api, *user)
    assert USER.read(api, *user) is None


def test_a_group_changes_its_comments_and_is_replaced_for_its_name(api, group):
    """Comments change in place and are cleared when left out."""
    assert GROUP.replace_on == {"groupName"}
    updated = GROUP.update(api, *group, GROUP_INPUTS, GROUP_INPUTS | {"comments": "new"})
    assert updated["comments"] == "new"
    cleared = GROUP.update(api, group[0], updated, GROUP_INPUTS, {"groupName": "operators"})
    assert cleared["comments"] == ""
    assert GROUP.read(api, group[0], cleared) == ({"groupName": "operators"}, cleared)


def test_members_and_policies_of_a_group_are_named(api, group, user):
    """What holds a group is named with its commands, and force takes it off."""
    api.call("AddUserToGroup", user_name="dev", group_name="operators")
    api.call(
        "AttachPolicyToGroup",
        group_name="operators",
        policy_name="AliyunSTSAssumeRoleAccess",
        policy_type="System",
    )
    with pytest.raises(StepError) as caught:
        GROUP.delete(api, *group)
    assert "user `dev`; take it off with `aliyun ram RemoveUserFromGroup" in str(caught.value)
    assert "system policy `AliyunSTSAssumeRoleAccess`" in str(caught.value)
    GROUP.delete(api, group[0], group[1] | {"force": True})
    assert GROUP.read(api, *group) is None
    GROUP.delete(api, *group)


def test_a_membership_that_exists_is_taken_over(api, group, user):
    """Like the provider: a user who is a member already becomes one."""
    api.call("AddUserToGroup", user_name="dev", group_name="operators")
    made = MEMBER.create(api, {"groupName": "operators", "userName": "dev"})
    assert made == ("operators:dev", {"groupName": "operators", "userName": "dev"})


def test_a_membership_ends_by_hand_or_with_its_group(api, group, user):
    """A membership that is gone, or whose group is, reads as gone and deletes without complaint."""
    made = MEMBER.create(api, {"groupName": "operators", "userName": "dev"})
    assert MEMBER.replace_on == {"groupName", "userName"}
    api.call("RemoveUserFromGroup", user_name="dev", group_name="operators")
    assert MEMBER.read(api, *made) is None
    MEMBER.delete(api, *made)
    GROUP.delete(api, *group)
    assert MEMBER.read(api, *made) is None
    MEMBER.delete(api, *made)
