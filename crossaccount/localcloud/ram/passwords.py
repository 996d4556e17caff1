"""Passwords: checked against the account's policy, kept only as salted hashes, changed by their user.

`GetPasswordPolicy` and `SetPasswordPolicy` are the account's, `ChangePassword` a RAM user's own.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Any

from crossaccount.localcloud.errors import ApiError
from crossaccount.localcloud.parameters import boolean, required
from crossaccount.localcloud.ram import authorized, faults, lookup, views
from crossaccount.localcloud.ram.authorized import operation
from crossaccount.localcloud.ram.fields import bounded
from crossaccount.localcloud.ram.settings import PASSWORD_BOUNDS, PasswordPolicy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crossaccount.localcloud.call import Call
    from crossaccount.localcloud.ram.entities import LoginProfile

_COST = {"n": 2**12, "r": 8, "p": 1}

_NUMBERS: Mapping[str, str] = {
    "MinimumPasswordLength": "minimum_length",
    "MaxLoginAttemps": "max_login_attempts",
    "PasswordReusePrevention": "reuse_prevention",
    "MaxPasswordAge": "max_age",
}
_SWITCHES: Mapping[str, str] = {
    "RequireLowercaseCharacters": "lowercase",
    "RequireUppercaseCharacters": "uppercase",
    "RequireNumbers": "numbers",
    "RequireSymbols": "symbols",
    "HardExpiry": "hard_expiry",
}


def hashed(call: Call, parameter: str) -> str:
    """The salted hash of the password sent as a parameter.

    Raises:
        ApiError: `Missing<parameter>`, or `InvalidParameter.<parameter>.TooWeak` when the account's password
            policy does not accept it; the message does not repeat it.
    """
    password = required(call.params, parameter)
    if not lookup.ram(call).password_policy.accepts(password):
        raise _refused(parameter, "TooWeak", "password policy")
    salt = call.cloud.ids.uuid()
    return f"scrypt:{salt}:{_digest(password, salt)}"


def matches(password: str, stored: str) -> bool:
    """Whether a password is the one that `hashed` hashed."""
    _, salt, digest = stored.split(":")
    return hmac.compare_digest(_digest(password, salt), digest)


def _digest(password: str, salt: str) -> str:
    return hashlib.scrypt(password.encode(), salt=salt.encode(), **_COST).hex()


def _refused(parameter: str, why: str, policy: str) -> ApiError:
    message = f'The parameter - "{parameter}" is not compliant with the {policy}.'
    return ApiError(400, f"InvalidParameter.{parameter}.{why}", message)


def replace(login: LoginProfile, password_hash: str, remembered: int) -> None:
    """Gives a login another password and remembers the former ones.

    Args:
        login: the login.
        password_hash: the new password's hash.
        remembered: how many former passwords to keep.
    """
    former = (login.password_hash, *login.former_hashes)
    login.former_hashes = former[:remembered]
    login.password_hash = password_hash


def change_password(call: Call) -> views.Wire:
    """ChangePassword: a RAM user changes its own, knowing the old one."""
    user = call.caller.user
    if user is None:
        raise ApiError(400, "NotSupport.Account", "This method can be only invoked by sub user.")
    old = required(call.params, "OldPassword")
    required(call.params, "NewPassword")
    login = user.login_profile
    if login is None:
        raise faults.no_such("User.LoginProfile")
    if not matches(old, login.password_hash):
        message = 'The parameter - "OldPassword" is incorrect.'
        raise ApiError(400, "InvalidParameter.OldPassword.Incorrect", message)
    new_hash = hashed(call, "NewPassword")
    new, remembered = call.params["NewPassword"], lookup.ram(call).password_policy.reuse_prevention
    if any(matches(new, former) for former in (login.password_hash, *login.former_hashes)[:remembered]):
        raise _refused("NewPassword", "ReusePrevention", "reuse prevention password policy")
    replace(login, new_hash, remembered)
    login.password_reset_required = False
    return {}


def _view(policy: PasswordPolicy) -> views.Wire:
    fields = {name: getattr(policy, field) for name, field in {**_NUMBERS, **_SWITCHES}.items()}
    return {"PasswordPolicy": fields}


def get_password_policy(call: Call) -> views.Wire:
    """GetPasswordPolicy."""
    return _view(lookup.ram(call).password_policy)


def set_password_policy(call: Call) -> views.Wire:
    """SetPasswordPolicy: sets all of it; what is not sent takes its default."""
    default = PasswordPolicy()
    sent: dict[str, Any] = {
        field: bounded(call, name, getattr(default, field), *PASSWORD_BOUNDS[field])
        for name, field in _NUMBERS.items()
    }
    for name, field in _SWITCHES.items():
        sent[field] = bool(boolean(call.params, name, getattr(default, field)))
    policy = PasswordPolicy(**sent)
    lookup.ram(call).password_policy = policy
    return _view(policy)


def _own(call: Call) -> Sequence[str]:
    name = call.caller.user.name if call.caller.user is not None else ""
    return [f"acs:ram:*:{call.account.id}:user/{name}"]


_SOURCE = "RAM: ChangePassword, SetPasswordPolicy; facts 3.2"

OPERATIONS = (
    operation("ChangePassword", change_password, _own, source=_SOURCE),
    operation("GetPasswordPolicy", get_password_policy, authorized.every(""), source=_SOURCE),
    operation("SetPasswordPolicy", set_password_policy, authorized.every(""), source=_SOURCE),
)
