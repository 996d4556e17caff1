"""The account's password policy and security preferences, and users who change their passwords."""

from __future__ import annotations

import pytest

OLD, NEW = "Recorded-Passw0rd!", "Another-Passw0rd!"


@pytest.fixture
def dev(root, as_user, allow):
    """A user with a login who may change its own password."""
    root("CreateUser", UserName="dev")
    root("CreateLoginProfile", UserName="dev", Password=OLD, PasswordResetRequired=True)
    root("CreatePolicy", PolicyName="own", PolicyDocument=allow("ram:ChangePassword"))
    root("AttachPolicyToUser", UserName="dev", PolicyType="Custom", PolicyName="own")
    return as_user("dev")


def test_the_default_password_policy(root):
    """Eight characters and nothing else, as the API reference says."""
    assert root("GetPasswordPolicy")["PasswordPolicy"] == {
        "MinimumPasswordLength": 8,
        "MaxLoginAttemps": 0,
        "PasswordReusePrevention": 0,
        "MaxPasswordAge": 0,
        "RequireLowercaseCharacters": False,
        "RequireUppercaseCharacters": False,
        "RequireNumbers": False,
        "RequireSymbols": False,
        "HardExpiry": False,
    }


def test_setting_sets_all_of_it(root):
    """The answer is the policy; what is not sent goes back to its default."""
    first = root("SetPasswordPolicy", MinimumPasswordLength=12, RequireNumbers="True", MaxPasswordAge=90)
    assert root("GetPasswordPolicy") == first
    assert (first["PasswordPolicy"]["RequireNumbers"], first["PasswordPolicy"]["MaxPasswordAge"]) == (
        True,
        90,
    )

    second = root("SetPasswordPolicy", HardExpiry="true")["PasswordPolicy"]
    assert (second["MinimumPasswordLength"], second["RequireNumbers"], second["HardExpiry"]) == (
        8,
        False,
        True,
    )


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        ("MinimumPasswordLength", 8, 32),
        ("MaxLoginAttemps", 0, 32),
        ("PasswordReusePrevention", 0, 24),
        ("MaxPasswordAge", 0, 1095),
    ],
)
def test_numbers_have_bounds(root, name, least, most):
    """Both ends are allowed, one beyond is refused and named."""
    for value in (least, most):
        assert root("SetPasswordPolicy", **{name: value})["PasswordPolicy"][name] == value
    for value in (least - 1, most + 1):
        assert root.refused("SetPasswordPolicy", **{name: value}) == (400, f"InvalidParameter.{name}.Range")
    assert root.refused("SetPasswordPolicy", **{name: "many"}) == (400, f"InvalidParameter.{name}")


@pytest.mark.parametrize(
    ("rule", "weak", "strong"),
    [
        ({}, "7-chars", "8-chars!"),
        ({}, "x" * 33, "x" * 32),
        ({"MinimumPasswordLength": 20}, "x" * 19, "x" * 20),
        ({"RequireLowercaseCharacters": True}, "UPPER-123", "UPPEr-123"),
        ({"RequireUppercaseCharacters": True}, "lower-123", "Lower-123"),
        ({"RequireNumbers": True}, "Passwords!", "Passw0rds!"),
        ({"RequireSymbols": True}, "Passw0rds", "Passw0rd$"),
    ],
)
def test_passwords_are_held_to_it(root, rule, weak, strong):
    """Each rule refuses a login with a password that breaks it, without repeating the password."""
    root("SetPasswordPolicy", **rule)
    root("CreateUser", UserName="u")
    sent = {"UserName": "u", "Password": weak}
    assert root.refused("CreateLoginProfile", **sent) == (400, "InvalidParameter.Password.TooWeak")
    assert weak not in root.message("CreateLoginProfile", **sent)

    assert root("CreateLoginProfile", UserName="u", Password=strong)
    assert root.refused("UpdateLoginProfile", **sent) == (400, "InvalidParameter.Password.TooWeak")


def test_a_user_changes_its_password(root, dev):
    """With the old one; the login then needs no reset, and the old one is not the old one any more."""
    assert dev("ChangePassword", OldPassword=OLD, NewPassword=NEW) == {}
    assert root("GetLoginProfile", UserName="dev")["LoginProfile"]["PasswordResetRequired"] is False
    wrong = dev.refused("ChangePassword", OldPassword=OLD, NewPassword=NEW)
    assert wrong == (400, "InvalidParameter.OldPassword.Incorrect")
    weak = dev.refused("ChangePassword", OldPassword=NEW, NewPassword="short")
    assert weak == (400, "InvalidParameter.NewPassword.TooWeak")
    assert dev.refused("ChangePassword", OldPassword=NEW) == (400, "MissingNewPassword")


def test_only_a_user_with_a_login_changes_a_password(root, dev):
    """The root has no such password; a user without a login has none either."""
    sent = {"OldPassword": OLD, "NewPassword": NEW}
    assert root.refused("ChangePassword", **sent) == (400, "NotSupport.Account")
    root("DeleteLoginProfile", UserName="dev")
    assert dev.refused("ChangePassword", **sent) == (404, "EntityNotExist.User.LoginProfile")


def test_changing_a_password_needs_the_permission(root, as_user):
    """`ram:ChangePassword` on the user itself."""
    root("CreateUser", UserName="other")
    refused = as_user("other").refused("ChangePassword", OldPassword=OLD, NewPassword=NEW)

    assert refused == (403, "NoPermission")


def test_former_passwords_stay_away(root, dev):
    """With reuse prevention 2 neither the present nor the one before comes back, but the one before that."""
    root("SetPasswordPolicy", PasswordReusePrevention=2)
    dev("ChangePassword", OldPassword=OLD, NewPassword=NEW)
    for known in (NEW, OLD):
        refused = dev.refused("ChangePassword", OldPassword=NEW, NewPassword=known)
        assert refused == (400, "InvalidParameter.NewPassword.ReusePrevention")
    dev("ChangePassword", OldPassword=NEW, NewPassword="Third-Passw0rd!")

    assert dev("ChangePassword", OldPassword="Third-Passw0rd!", NewPassword=OLD) == {}


def test_the_default_preferences(root):
    """As the API reference's example shows them."""
    assert root("GetSecurityPreference")["SecurityPreference"] == {
        "LoginProfilePreference": {
            "EnableSaveMFATicket": False,
            "AllowUserToChangePassword": True,
            "LoginSessionDuration": 6,
            "LoginNetworkMasks": "",
        },
        "AccessKeyPreference": {"AllowUserToManageAccessKeys": False},
        "PublicKeyPreference": {"AllowUserToManagePublicKeys": False},
        "MFAPreference": {"AllowUserToManageMFADevices": True},
    }


def test_preferences_are_set_and_kept(root):
    """The answer is what is read later."""
    masks = "192.168.0.0/16;10.0.0.0/8"
    sent = {"AllowUserToManageAccessKeys": "True", "LoginSessionDuration": 24, "LoginNetworkMasks": masks}
    answer = root("SetSecurityPreference", **sent)

    assert root("GetSecurityPreference") == answer
    login = answer["SecurityPreference"]["LoginProfilePreference"]
    assert (login["LoginSessionDuration"], login["LoginNetworkMasks"]) == (24, masks)
    assert answer["SecurityPreference"]["AccessKeyPreference"] == {"AllowUserToManageAccessKeys": True}


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"LoginSessionDuration": 0}, "InvalidParameter.LoginSessionDuration.Range"),
        ({"LoginSessionDuration": 25}, "InvalidParameter.LoginSessionDuration.Range"),
        ({"LoginNetworkMasks": "10.0.0.0/33"}, "InvalidParameter.LoginNetworkMasks.Format"),
        ({"LoginNetworkMasks": ";".join(["10.0.0.1"] * 41)}, "InvalidParameter.LoginNetworkMasks.Length"),
        ({"LoginNetworkMasks": "x" * 513}, "InvalidParameter.LoginNetworkMasks.Length"),
        ({"EnableSaveMFATicket": "maybe"}, "InvalidParameter.EnableSaveMFATicket"),
    ],
)
def test_wrong_preferences_are_named(root, sent, code):
    """Each wrong preference is a 400 that names it, and nothing is changed."""
    before = root("GetSecurityPreference")

    assert root.refused("SetSecurityPreference", **sent) == (400, code)
    assert root("GetSecurityPreference") == before
