"""Access keys of RAM users: create, list, update, delete, last use.

`UserName` may be left out: a RAM user then means itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crossaccount.localcloud.parameters import required
from crossaccount.localcloud.ram import faults, limits, lookup, views
from crossaccount.localcloud.ram.authorized import operation
from crossaccount.localcloud.ram.entities import AccessKey
from crossaccount.localcloud.ram.fields import choice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crossaccount.localcloud.call import Call
    from crossaccount.localcloud.ram.entities import User


def _user(call: Call) -> User:
    if not call.params.get("UserName") and call.caller.user is not None:
        return call.caller.user
    return lookup.user(call)


def _resources(call: Call) -> Sequence[str]:
    name = call.params.get("UserName")
    if not name:
        name = call.caller.user.name if call.caller.user is not None else ""
    return [f"acs:ram:*:{call.account.id}:user/{name}"]


def _key(call: Call, user: User) -> AccessKey:
    key = user.access_keys.get(required(call.params, "UserAccessKeyId"))
    if key is None:
        raise faults.no_such("User.AccessKey")
    return key


def create_access_key(call: Call) -> views.Wire:
    """CreateAccessKey: the only answer that shows the secret."""
    user = _user(call)
    if len(user.access_keys) >= limits.KEYS_PER_USER:
        raise faults.limit_exceeded("User.AccessKey")
    ids = call.cloud.ids
    key = AccessKey(ids.access_key_id(), ids.access_key_secret(), call.cloud.clock.iso())
    lookup.ram(call).add_key(user, key)
    call.cloud.register_access_key(key.key_id, call.account)
    return {"AccessKey": _view(key) | {"AccessKeySecret": key.secret}}


def _view(key: AccessKey) -> views.Wire:
    return {"AccessKeyId": key.key_id, "Status": key.status, "CreateDate": key.create_date}


def list_access_keys(call: Call) -> views.Wire:
    """ListAccessKeys, in the order of creation; without secrets."""
    return views.wrapped("AccessKeys", "AccessKey", map(_view, _user(call).access_keys.values()))


def update_access_key(call: Call) -> views.Wire:
    """UpdateAccessKey: `Active` or `Inactive`; the next call already finds it so."""
    key = _key(call, _user(call))
    required(call.params, "Status")
    key.active = choice(call, "Status", ("Active", "Inactive")) == "Active"
    return {}


def delete_access_key(call: Call) -> views.Wire:
    """DeleteAccessKey: nothing signed with it is accepted any more."""
    user = _user(call)
    key = _key(call, user)
    lookup.ram(call).remove_key(user, key.key_id)
    call.cloud.forget_access_key(key.key_id)
    return {}


def get_access_key_last_used(call: Call) -> views.Wire:
    """GetAccessKeyLastUsed; the date is empty while the key was never used."""
    used = _key(call, _user(call)).last_used
    date = used.strftime("%Y-%m-%dT%H:%M:%SZ") if used else ""
    return {"AccessKeyLastUsed": {"LastUsedDate": date}}


OPERATIONS = (
    operation("CreateAccessKey", create_access_key, _resources),
    operation("ListAccessKeys", list_access_keys, _resources),
    operation("UpdateAccessKey", update_access_key, _resources),
    operation("DeleteAccessKey", delete_access_key, _resources),
    operation("GetAccessKeyLastUsed", get_access_key_last_used, _resources),
)
