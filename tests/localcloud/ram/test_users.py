"""Users, their access keys and logins."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

A = "1234567890120000"
SYSTEM = {"PolicyType": "System", "PolicyName": "AliyunSTSAssumeRoleAccess"}
PASSWORD = "Recorded-Passw0rd!"


@pytest.fixture
def dev(root):
    """A RAM user."""
    return root("CreateUser", UserName="Dev", DisplayName="Developer", Comments="of B")["User"]


def test_create_and_get(root, dev):
    """CreateUser answers every field, GetUser two more; the id is 18 digits beginning with 2."""
    assert dev["UserId"].startswith("2")
    assert len(dev["UserId"]) == 18
    got = root("GetUser", UserName="Dev")["User"]
    assert got == dev | {"UpdateDate": dev["CreateDate"], "LastLoginDate": ""}
    assert {key: got[key] for key in ("DisplayName", "Comments", "Email", "MobilePhone")} == {
        "DisplayName": "Developer",
        "Comments": "of B",
        "Email": "",
        "MobilePhone": "",
    }


def test_update_changes_what_is_sent(root, dev):
    """UpdateUser with the same NewUserName, as the provider sends it, changes only the rest."""
    changed = root("UpdateUser", UserName="Dev", NewUserName="Dev", NewEmail="dev@b.example")["User"]
    assert (changed["Email"], changed["DisplayName"]) == ("dev@b.example", "Developer")
    assert changed["UserId"] == dev["UserId"]


def test_rename_keeps_everything(root, dev):
    """A renamed user keeps id, keys, groups and policies, and the old name is free."""
    key = root("CreateAccessKey", UserName="Dev")["AccessKey"]["AccessKeyId"]
    root("CreateGroup", GroupName="ops")
    root("AddUserToGroup", UserName="Dev", GroupName="ops")
    root("AttachPolicyToUser", UserName="Dev", **SYSTEM)
    renamed = root("UpdateUser", UserName="Dev", NewUserName="ops.dev")["User"]

    assert (renamed["UserName"], renamed["UserId"]) == ("ops.dev", dev["UserId"])
    assert root.refused("GetUser", UserName="Dev") == (404, "EntityNotExist.User")
    assert root("ListAccessKeys", UserName="ops.dev")["AccessKeys"]["AccessKey"][0]["AccessKeyId"] == key
    assert root("ListUsersForGroup", GroupName="ops")["Users"]["User"][0]["UserName"] == "ops.dev"
    assert root("ListEntitiesForPolicy", **SYSTEM)["Users"]["User"][0]["UserName"] == "ops.dev"
    assert "user `ops.dev`" in root.state.identity_sources_for_user("ops.dev")[0].label
    assert root.state.find_access_key(key)[0].arn == f"acs:ram::{A}:user/ops.dev"
    assert root("CreateUser", UserName="Dev")["User"]["UserId"] != dev["UserId"]


def test_a_taken_name_is_refused(root, dev):
    """Neither CreateUser nor a rename takes a name that exists."""
    root("CreateUser", UserName="other")
    assert root.refused("CreateUser", UserName="Dev") == (409, "EntityAlreadyExists.User")
    refusal = root.refused("UpdateUser", UserName="other", NewUserName="Dev", NewComments="changed")
    assert refusal == (409, "EntityAlreadyExists.User")
    assert root("GetUser", UserName="other")["User"]["Comments"] == ""


@pytest.mark.parametrize(
    ("code", "give", "take"),
    [
        ("AccessKey", "CreateAccessKey", "DeleteAccessKey"),
        ("Group", "AddUserToGroup", "RemoveUserFromGroup"),
        ("LoginProfile", "CreateLoginProfile", "DeleteLoginProfile"),
        ("Policy", "AttachPolicyToUser", "DetachPolicyFromUser"),
    ],
)
def test_delete_is_refused_while_the_user_has_anything(root, dev, code, give, take):
    """Each thing a user can have keeps it from being deleted, until it is taken away."""
    root("CreateGroup", GroupName="ops")
    extra = {"Group": {"GroupName": "ops"}, "Policy": SYSTEM}.get(code, {})
    password = {"Password": PASSWORD} if code == "LoginProfile" else {}
    given = root(give, UserName="Dev", **extra, **password)
    assert root.refused("DeleteUser", UserName="Dev") == (409, f"DeleteConflict.User.{code}")

    key = {"UserAccessKeyId": given["AccessKey"]["AccessKeyId"]} if code == "AccessKey" else {}
    root(take, UserName="Dev", **extra, **key)
    assert root("DeleteUser", UserName="Dev") == {}
    assert root.refused("DeleteUser", UserName="Dev") == (404, "EntityNotExist.User")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"UserName": ""}, "MissingUserName"),
        ({"UserName": "u" * 65}, "InvalidParameter.UserName.Length"),
        ({"UserName": "a@b"}, "InvalidParameter.UserName.InvalidChars"),
        ({"DisplayName": "d" * 129}, "InvalidParameter.DisplayName.Length"),
        ({"DisplayName": "a\x01"}, "InvalidParameter.DisplayName.InvalidChars"),
        ({"Comments": "c" * 129}, "InvalidParameter.Comments.Length"),
        ({"Email": "nobody"}, "InvalidParameter.Email.Format"),
        ({"MobilePhone": "phone"}, "InvalidParameter.MobilePhone.Format"),
    ],
)
def test_create_names_what_is_wrong(root, wrong, code):
    """Every wrong parameter of CreateUser is a 400 that names it."""
    assert root.refused("CreateUser", **({"UserName": "x"} | wrong)) == (400, code)


def test_update_names_its_own_parameters(root, dev):
    """UpdateUser names its New parameters."""
    assert root.refused("UpdateUser", UserName="Dev", NewEmail="x") == (
        400,
        "InvalidParameter.NewEmail.Format",
    )
    refusal = root.refused("UpdateUser", UserName="Dev", NewUserName="a b")
    assert refusal == (400, "InvalidParameter.NewUserName.InvalidChars")


def test_an_account_holds_a_thousand_users(root):
    """The user after the limit is LimitExceeded.User."""
    for number in range(1000):
        root("CreateUser", UserName=f"u{number}")
    assert root.refused("CreateUser", UserName="u1000") == (409, "LimitExceeded.User")


def test_the_secret_is_shown_once(root, dev):
    """CreateAccessKey answers the secret; nothing else does, and no repr does."""
    key = root("CreateAccessKey", UserName="Dev")["AccessKey"]
    assert key["AccessKeyId"].startswith("LTAI5t")
    assert len(key["AccessKeySecret"]) == 30
    assert key["Status"] == "Active"
    listed = root("ListAccessKeys", UserName="Dev")["AccessKeys"]["AccessKey"]
    assert listed == [{name: key[name] for name in ("AccessKeyId", "Status", "CreateDate")}]
    assert key["AccessKeySecret"] not in repr(root.state.users["Dev"])


def test_two_keys_are_the_limit(root, dev):
    """A third key is refused; a deleted one makes room."""
    first = root("CreateAccessKey", UserName="Dev")["AccessKey"]["AccessKeyId"]
    root("CreateAccessKey", UserName="Dev")
    assert root.refused("CreateAccessKey", UserName="Dev") == (409, "LimitExceeded.User.AccessKey")
    root("DeleteAccessKey", UserName="Dev", UserAccessKeyId=first)
    assert root.state.find_access_key(first) is None
    assert root.cloud.keyring.find(first) is None
    assert root("CreateAccessKey", UserName="Dev")


def test_a_key_can_be_switched_off_and_on(root, dev):
    """UpdateAccessKey sets the status; anything but Active and Inactive is an error."""
    key = {
        "UserName": "Dev",
        "UserAccessKeyId": root("CreateAccessKey", UserName="Dev")["AccessKey"]["AccessKeyId"],
    }
    for status in ("Inactive", "Active"):
        assert root("UpdateAccessKey", **key, Status=status) == {}
        assert root("ListAccessKeys", UserName="Dev")["AccessKeys"]["AccessKey"][0]["Status"] == status
    assert root.refused("UpdateAccessKey", **key, Status="off") == (400, "InvalidParameter.Status")
    assert root.refused("UpdateAccessKey", **key) == (400, "MissingStatus")


def test_another_users_key_does_not_exist(root, dev):
    """A key is found only under its own user."""
    key = root("CreateAccessKey", UserName="Dev")["AccessKey"]["AccessKeyId"]
    root("CreateUser", UserName="other")
    missing = (404, "EntityNotExist.User.AccessKey")
    assert root.refused("DeleteAccessKey", UserName="other", UserAccessKeyId=key) == missing
    assert root.refused("UpdateAccessKey", UserName="other", UserAccessKeyId=key, Status="Active") == missing
    assert root.refused("GetAccessKeyLastUsed", UserName="other", UserAccessKeyId=key) == missing


def test_the_last_use_of_a_key(root, dev):
    """GetAccessKeyLastUsed is empty until the key was used."""
    key = root("CreateAccessKey", UserName="Dev")["AccessKey"]["AccessKeyId"]
    params = {"UserName": "Dev", "UserAccessKeyId": key}
    assert root("GetAccessKeyLastUsed", **params) == {"AccessKeyLastUsed": {"LastUsedDate": ""}}
    root.state.users["Dev"].access_keys[key].last_used = datetime(2026, 11, 23, 1, 2, 3, tzinfo=timezone.utc)
    used = root("GetAccessKeyLastUsed", **params)["AccessKeyLastUsed"]["LastUsedDate"]
    assert used == "2026-11-23T01:02:03Z"


def test_a_user_may_leave_its_name_out(root, dev, as_user):
    """Without UserName a RAM user means itself; the root means nobody."""
    root("AttachPolicyToUser", UserName="Dev", PolicyType="System", PolicyName="AliyunRAMFullAccess")
    key = as_user("Dev")("CreateAccessKey")["AccessKey"]["AccessKeyId"]
    assert list(root.state.users["Dev"].access_keys) == [key]
    assert as_user("Dev")("ListAccessKeys")["AccessKeys"]["AccessKey"][0]["AccessKeyId"] == key
    assert root.refused("CreateAccessKey") == (400, "MissingUserName")


def test_login_profile_life(root, dev):
    """A login is made, read, changed and deleted; the password is in no answer and not in the state."""
    made = root("CreateLoginProfile", UserName="Dev", Password=PASSWORD, MFABindRequired="true")[
        "LoginProfile"
    ]
    assert made.pop("CreateDate").endswith("Z")
    assert made == {"UserName": "Dev", "PasswordResetRequired": False, "MFABindRequired": True}
    assert root.refused("CreateLoginProfile", UserName="Dev", Password=PASSWORD) == (
        409,
        "EntityAlreadyExists.User.LoginProfile",
    )
    first = root.state.users["Dev"].login_profile.password_hash
    assert root("UpdateLoginProfile", UserName="Dev", PasswordResetRequired="True", Password=PASSWORD) == {}
    assert root.state.users["Dev"].login_profile.password_hash != first
    got = root("GetLoginProfile", UserName="Dev")["LoginProfile"]
    assert (got["PasswordResetRequired"], got["MFABindRequired"]) == (True, True)
    assert PASSWORD not in str(root.state.to_json())
    assert "scrypt" not in repr(root.state.users["Dev"])

    assert root("DeleteLoginProfile", UserName="Dev") == {}
    missing = (404, "EntityNotExist.User.LoginProfile")
    for action in ("GetLoginProfile", "UpdateLoginProfile", "DeleteLoginProfile"):
        assert root.refused(action, UserName="Dev") == missing
