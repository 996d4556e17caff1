"""Console logins of RAM users."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crossaccount.localcloud.parameters import boolean
from crossaccount.localcloud.ram import authorized, faults, lookup, passwords, views
from crossaccount.localcloud.ram.authorized import operation
from crossaccount.localcloud.ram.entities import LoginProfile

if TYPE_CHECKING:
    from crossaccount.localcloud.call import Call
    from crossaccount.localcloud.ram.entities import User


def _login(user: User) -> LoginProfile:
    if user.login_profile is None:
        raise faults.no_such("User.LoginProfile")
    return user.login_profile


def create_login_profile(call: Call) -> views.Wire:
    """CreateLoginProfile: the password is kept only as a salted hash."""
    user = lookup.user(call)
    password_hash = passwords.hashed(call, "Password")
    reset = boolean(call.params, "PasswordResetRequired", default=False)
    mfa = boolean(call.params, "MFABindRequired", default=False)
    if user.login_profile is not None:
        raise faults.exists_already("User.LoginProfile")
    user.login_profile = LoginProfile(password_hash, call.cloud.clock.iso(), bool(reset), bool(mfa))
    return {"LoginProfile": views.login_profile(user, user.login_profile)}


def get_login_profile(call: Call) -> views.Wire:
    """GetLoginProfile, without the password."""
    user = lookup.user(call)
    return {"LoginProfile": views.login_profile(user, _login(user))}


def update_login_profile(call: Call) -> views.Wire:
    """UpdateLoginProfile: changes only what is sent."""
    login = _login(lookup.user(call))
    reset = boolean(call.params, "PasswordResetRequired")
    mfa = boolean(call.params, "MFABindRequired")
    if call.params.get("Password"):
        remembered = lookup.ram(call).password_policy.reuse_prevention
        passwords.replace(login, passwords.hashed(call, "Password"), remembered)
    if reset is not None:
        login.password_reset_required = reset
    if mfa is not None:
        login.mfa_bind_required = mfa
    return {}


def delete_login_profile(call: Call) -> views.Wire:
    """DeleteLoginProfile."""
    user = lookup.user(call)
    _login(user)
    user.login_profile = None
    return {}


OPERATIONS = (
    operation("CreateLoginProfile", create_login_profile, authorized.USER),
    operation("GetLoginProfile", get_login_profile, authorized.USER),
    operation("UpdateLoginProfile", update_login_profile, authorized.USER),
    operation("DeleteLoginProfile", delete_login_profile, authorized.USER),
)
