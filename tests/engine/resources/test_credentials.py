"""Access keys, console logins and the account's alias."""

from __future__ import annotations

import pytest

from crossaccount.engine.api_errors import ApiCallError
from crossaccount.engine.errors import StepError
from crossaccount.engine.resources import RESOURCE_TYPES

KEY = RESOURCE_TYPES["alicloud:ram/accessKey:AccessKey"]
LOGIN = RESOURCE_TYPES["alicloud:ram/loginProfile:LoginProfile"]
ALIAS = RESOURCE_TYPES["alicloud:ram/accountAlias:AccountAlias"]
PASSWORD = "Str0ng-Passw0rd!"


@pytest.fixture(autouse=True)
def dev(api):
    api.call("CreateUser", user_name="dev")


def test_the_secret_of_a_key_is_secret_and_kept(api):
    """RAM tells it once: a later read keeps what the state knows."""
    assert KEY.secret_outputs == {"secret"}
    made = KEY.create(api, {"userName": "dev"})
    assert len(made[1]["secret"]) == 30
    assert KEY.read(api, *made)[1]["secret"] == made[1]["secret"]


def test_a_key_is_switched_off_and_on_in_place(api):
    """The status changes in place; another user makes another key."""
    assert KEY.replace_on == {"userName"}
    inputs = {"userName": "dev", "status": "Active"}
    made = KEY.create(api, inputs)
    off = KEY.update(api, *made, inputs, inputs | {"status": "Inactive"})
    assert KEY.read(api, made[0], off)[1] == off == made[1] | {"status": "Inactive"}


def test_a_status_left_out_stays(api):
    """Leaving the status out changes nothing, as with the provider."""
    inputs = {"userName": "dev", "status": "Inactive"}
    made = KEY.create(api, inputs)
    assert KEY.diff_ignores("status", "Inactive", None)
    assert KEY.update(api, *made, inputs, {"userName": "dev"})["status"] == "Inactive"


def test_a_key_whose_status_cannot_be_set_is_taken_back(api, monkeypatch):
    """A creation that fails halfway leaves no key behind."""
    real = api.call

    def refusing(action, **parameters):
        if action == "UpdateAccessKey":
            raise ApiCallError(action, "NoPermission", 403, "no")
        return real(action, **parameters)

    monkeypatch.setattr(api, "call", refusing)
    with pytest.raises(ApiCallError, match="UpdateAccessKey"):
        KEY.create(api, {"userName": "dev", "status": "Inactive"})
    assert real("ListAccessKeys", user_name="dev")["AccessKeys"]["AccessKey"] == []


def test_a_key_that_cannot_be_taken_back_is_named(api, monkeypatch):
    """When even that fails, the error names the key and the command that deletes it."""
    real = api.call

    def refusing(action, **parameters):
        if action in {"UpdateAccessKey", "DeleteAccessKey"}:
            raise ApiCallError(action, "NoPermission", 403, "no")
        return real(action, **parameters)

    monkeypatch.setattr(api, "call", refusing)
    with pytest.raises(
        StepError, match=r"aliyun ram DeleteAccessKey --UserAccessKeyId LTAI\w+ --UserName dev"
    ):
        KEY.create(api, {"userName": "dev", "status": "Inactive"})


def test_a_key_is_gone_with_its_user(api):
    """A key deleted by hand, and one whose user is gone, read as gone and are deleted without complaint."""
    made = KEY.create(api, {"userName": "dev"})
    KEY.delete(api, *made)
    assert KEY.read(api, *made) is None
    api.call("DeleteUser", user_name="dev")
    assert KEY.read(api, *made) is None
    KEY.delete(api, *made)


@pytest.mark.parametrize("name", ["pgpKey", "secretFile"])
def test_other_ways_to_hand_out_a_secret_are_not_understood(name):
    """A key's secret is handed out encrypted in the state, and no other way."""
    assert name not in KEY.inputs


def test_the_password_is_secret_kept_and_changed(api, local_cloud):
    """The password output is secret; a new password alone is sent, and the flags change in place."""
    assert LOGIN.secret_outputs == {"password"}
    assert LOGIN.replace_on == {"userName"}
    inputs = {"userName": "dev", "password": PASSWORD}
    made = LOGIN.create(api, inputs)
    calls = []
    real = api.call
    api.call = lambda action, **given: (calls.append((action, given)), real(action, **given))[1]
    updated = LOGIN.update(api, *made, inputs, inputs | {"password": PASSWORD + "2"})
    assert ("UpdateLoginProfile", {"user_name": "dev", "password": PASSWORD + "2"}) in calls
    assert updated == made[1] | {"password": PASSWORD + "2"}


def test_the_flags_of_a_login_change_in_place(api):
    """Both flags are set; a reset flag left out is off again, an MFA flag left out stays."""
    inputs = {"userName": "dev", "password": PASSWORD}
    made = LOGIN.create(api, inputs)
    both = inputs | {"mfaBindRequired": True, "passwordResetRequired": True}
    updated = LOGIN.update(api, *made, inputs, both)
    assert (updated["mfaBindRequired"], updated["passwordResetRequired"]) == (True, True)
    updated = LOGIN.update(api, made[0], updated, both, inputs)
    assert (updated["mfaBindRequired"], updated["passwordResetRequired"]) == (True, False)
    assert LOGIN.read(api, made[0], updated)[1] == updated


def test_a_login_is_gone_when_it_or_its_user_is(api):
    """A login deleted twice is gone, and so is one whose user was deleted."""
    made = LOGIN.create(api, {"userName": "dev", "password": PASSWORD})
    LOGIN.delete(api, *made)
    assert LOGIN.read(api, *made) is None
    api.call("DeleteUser", user_name="dev")
    assert LOGIN.read(api, *made) is None
    LOGIN.delete(api, *made)


def test_a_wrong_password_input_is_not_shown():
    """A password of another kind is refused without its value."""
    (problem,) = LOGIN.check({"userName": "dev", "password": 12345678})
    assert "password" in problem
    assert "12345678" not in problem


def test_an_alias_is_set_changed_and_left(api):
    """Setting replaces the account's alias in place; deleting the resource makes no call."""
    assert ALIAS.replace_on == frozenset()
    inputs = {"accountAlias": "company-a"}
    made = ALIAS.create(api, inputs)
    assert made == ("1234567890120000", inputs)
    other = {"accountAlias": "company-aa"}
    assert ALIAS.update(api, *made, inputs, other) == other
    ALIAS.delete(None, made[0], other)
    assert ALIAS.read(api, made[0], other) == (other, other)
