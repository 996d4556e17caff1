"""Users: create, get, update and rename, delete, list."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crossaccount.localcloud.parameters import required
from crossaccount.localcloud.ram import authorized, faults, limits, lookup, names, views
from crossaccount.localcloud.ram.authorized import operation
from crossaccount.localcloud.ram.entities import User
from crossaccount.localcloud.ram.fields import text
from crossaccount.localcloud.ram.paging import page

if TYPE_CHECKING:
    from crossaccount.localcloud.call import Call

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_MOBILE_PHONE = re.compile(r"[0-9]{1,4}-[0-9]{4,15}")
_CONTACT_CHARS = 128


def _contact(call: Call, prefix: str, name: str, shape: re.Pattern[str]) -> str | None:
    value = text(call, prefix + name, _CONTACT_CHARS)
    if value and not shape.fullmatch(value):
        raise faults.bad_format(prefix + name)
    return value


def _sent_details(call: Call, prefix: str) -> dict[str, str]:
    sent = {
        "display_name": text(call, f"{prefix}DisplayName", limits.COMMENTS_CHARS),
        "mobile_phone": _contact(call, prefix, "MobilePhone", _MOBILE_PHONE),
        "email": _contact(call, prefix, "Email", _EMAIL),
        "comments": text(call, f"{prefix}Comments", limits.COMMENTS_CHARS),
    }
    return {name: value for name, value in sent.items() if value is not None}


def _apply(user: User, details: dict[str, str]) -> None:
    for name, value in details.items():
        setattr(user, name, value)


def create_user(call: Call) -> views.Wire:
    """CreateUser."""
    ram = lookup.ram(call)
    name = names.USER.check("UserName", required(call.params, "UserName"))
    details = _sent_details(call, "")
    if name in ram.users:
        raise faults.exists_already("User")
    if len(ram.users) >= limits.USERS:
        raise faults.limit_exceeded("User")
    now = call.cloud.clock.iso()
    user = User(
        account_id=call.account.id,
        name=name,
        create_date=now,
        update_date=now,
        user_id=call.cloud.ids.user_id(),
    )
    _apply(user, details)
    ram.users[name] = user
    return {"User": views.new_user(user)}


def get_user(call: Call) -> views.Wire:
    """GetUser."""
    return {"User": views.full_user(lookup.user(call))}


def update_user(call: Call) -> views.Wire:
    """UpdateUser: changes only what is sent; renamed, the user keeps id, keys, groups and policies."""
    ram = lookup.ram(call)
    user = lookup.user(call)
    details = _sent_details(call, "New")
    new_name = names.USER.check("NewUserName", call.params.get("NewUserName") or user.name)
    if new_name != user.name:
        if new_name in ram.users:
            raise faults.exists_already("User")
        ram.rename_user(user, new_name)
    _apply(user, details)
    user.update_date = call.cloud.clock.iso()
    return {"User": views.listed_user(user)}


def delete_user(call: Call) -> views.Wire:
    """DeleteUser: refused while the user has keys, groups, a login, an MFA device or policies."""
    user = lookup.user(call)
    conflicts = {
        "User.AccessKey": user.access_keys,
        "User.Group": user.groups,
        "User.LoginProfile": user.login_profile,
        "User.MFADevice": user.mfa_device,
        "User.Policy": user.attachments,
    }
    for conflict, present in conflicts.items():
        if present:
            raise faults.still_in_use(conflict)
    del lookup.ram(call).users[user.name]
    return {}


def list_users(call: Call) -> views.Wire:
    """ListUsers, in the order of names."""
    shown, fields = page(call, "ListUsers", lookup.ram(call).users)
    return views.wrapped("Users", "User", map(views.listed_user, shown)) | fields


OPERATIONS = (
    operation("CreateUser", create_user, authorized.every("user")),
    operation("GetUser", get_user, authorized.USER),
    operation("UpdateUser", update_user, authorized.USER),
    operation("DeleteUser", delete_user, authorized.USER),
    operation("ListUsers", list_users, authorized.every("user")),
)
