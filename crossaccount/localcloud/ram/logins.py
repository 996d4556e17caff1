"""Console logins of RAM users, and the MFA device that a login may have."""

from __future__ import annotations

import hashlib
import string
from typing import TYPE_CHECKING

from crossaccount.localcloud.errors import ApiError
from crossaccount.localcloud.parameters import boolean, required
from crossaccount.localcloud.ram import authorized, faults, lookup, views
from crossaccount.localcloud.ram.authorized import operation
from crossaccount.localcloud.ram.entities import LoginProfile

if TYPE_CHECKING:
    from crossaccount.localcloud.call import Call
    from crossaccount.localcloud.ram.entities import User

_PASSWORD_CHARS = range(8, 33)
_CLASSES = (string.ascii_lowercase, string.ascii_uppercase, string.digits, string.punctuation)
_CLASSES_NEEDED = 3


def _hashed(call: Call) -> str:
    password = required(call.params, "Password")
    classes = sum(any(char in members for char in password) for members in _CLASSES)
    if len(password) not in _PASSWORD_CHARS or classes < _CLASSES_NEEDED:
        raise ApiError(
            400,
            "InvalidParameter.Password.TooWeak",
            "The password is too weak. Use 8 to 32 characters, and three of: lower-case letters, "
            "upper-case letters, digits, symbols.",
        )
    salt = call.cloud.ids.uuid()
    digest = hashlib.scrypt(password.encode(), salt=salt.encode(), n=2**12, r=8, p=1)
    return f"scrypt:{salt}:{digest.hex()}"


def _login(user: User) -> LoginProfile:
    if user.login_profile is None:
        raise faults.no_such("User.LoginProfile")
    return user.login_profile


def create_login_profile(call: Call) -> views.Wire:
    """CreateLoginProfile: the password is kept only as a salted hash."""
    user = lookup.user(call)
    password_hash = _hashed(call)
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
        login.password_hash = _hashed(call)
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


def _mfa_serial(user: User) -> str:
    if user.mfa_serial is None:
        raise faults.no_such("User.MFADevice")
    return user.mfa_serial


def get_user_mfa_info(call: Call) -> views.Wire:
    """GetUserMFAInfo: the virtual device a user has bound."""
    return {"MFADevice": {"SerialNumber": _mfa_serial(lookup.user(call)), "Type": "VMFA"}}


def unbind_mfa_device(call: Call) -> views.Wire:
    """UnbindMFADevice."""
    user = lookup.user(call)
    serial = _mfa_serial(user)
    user.mfa_serial = None
    return {"MFADevice": {"SerialNumber": serial}}


OPERATIONS = (
    operation("CreateLoginProfile", create_login_profile, authorized.USER),
    operation("GetLoginProfile", get_login_profile, authorized.USER),
    operation("UpdateLoginProfile", update_login_profile, authorized.USER),
    operation("DeleteLoginProfile", delete_login_profile, authorized.USER),
    operation("GetUserMFAInfo", get_user_mfa_info, authorized.USER),
    operation("UnbindMFADevice", unbind_mfa_device, authorized.USER),
)
