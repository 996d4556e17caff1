"""What is attached to a role, a user, a group or a policy right now, as RAM lists it.

Each function returns an empty tuple for an entity that does not exist.

Source: facts 3.2 (the list actions) and 7.3 (what the provider's `force` takes off).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crossaccount.engine.ram_api import listed
from crossaccount.engine.resources.gone import unless_gone
from crossaccount.engine.resources.holds import Hold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crossaccount.engine.ram_api import RamApi


def role_holds(api: RamApi, role_name: str) -> tuple[Hold, ...]:
    """Return the policies attached to a role."""
    return tuple(_policies(api, "Role", role_name))


def group_holds(api: RamApi, group_name: str) -> tuple[Hold, ...]:
    """Return the members of a group and the policies attached to it."""
    return (*_members(api, group_name), *_policies(api, "Group", group_name))


def user_holds(api: RamApi, user_name: str) -> tuple[Hold, ...]:
    """Return a user's access keys, policies, groups, console login and MFA device."""
    return (
        *_keys(api, user_name),
        *_policies(api, "User", user_name),
        *_groups(api, user_name),
        *_login(api, user_name),
        *_mfa_device(api, user_name),
    )


def policy_holds(api: RamApi, policy_name: str) -> tuple[Hold, ...]:
    """Return the users, groups and roles that a custom policy is attached to."""
    body = _ask(api, "ListEntitiesForPolicy", policy_name=policy_name, policy_type="Custom")
    return tuple(
        _attachment(
            kind, entity[f"{kind}Name"], policy_name, "Custom", f"{kind.lower()} `{entity[f'{kind}Name']}`"
        )
        for kind in ("User", "Group", "Role")
        for entity in listed(body, f"{kind}s", kind)
    )


def _policies(api: RamApi, kind: str, name: str) -> Iterator[Hold]:
    body = _ask(api, f"ListPoliciesFor{kind}", **{f"{kind.lower()}_name": name})
    for policy in listed(body, "Policies", "Policy"):
        policy_type, policy_name = policy["PolicyType"], policy["PolicyName"]
        what = f"{policy_type.lower()} policy `{policy_name}`"
        yield _attachment(kind, name, policy_name, policy_type, what)


def _attachment(kind: str, name: str, policy_name: str, policy_type: str, what: str) -> Hold:
    parameters = (("policy_type", policy_type), ("policy_name", policy_name), (f"{kind.lower()}_name", name))
    return Hold(what, f"DetachPolicyFrom{kind}", parameters)


def _members(api: RamApi, group_name: str) -> Iterator[Hold]:
    users = unless_gone(lambda: api.pages("ListUsersForGroup", "Users", "User", group_name=group_name))
    for user in users or ():
        yield _membership(user["UserName"], group_name, f"user `{user['UserName']}`")


def _groups(api: RamApi, user_name: str) -> Iterator[Hold]:
    for group in listed(_ask(api, "ListGroupsForUser", user_name=user_name), "Groups", "Group"):
        yield _membership(user_name, group["GroupName"], f"group `{group['GroupName']}`")


def _membership(user_name: str, group_name: str, what: str) -> Hold:
    return Hold(what, "RemoveUserFromGroup", (("user_name", user_name), ("group_name", group_name)))


def _keys(api: RamApi, user_name: str) -> Iterator[Hold]:
    for key in listed(_ask(api, "ListAccessKeys", user_name=user_name), "AccessKeys", "AccessKey"):
        key_id = key["AccessKeyId"]
        yield Hold(
            f"access key `{key_id}`",
            "DeleteAccessKey",
            (("user_name", user_name), ("user_access_key_id", key_id)),
        )


def _login(api: RamApi, user_name: str) -> Iterator[Hold]:
    if _ask(api, "GetLoginProfile", user_name=user_name).get("LoginProfile"):
        yield Hold("its console login", "DeleteLoginProfile", (("user_name", user_name),))


def _mfa_device(api: RamApi, user_name: str) -> Iterator[Hold]:
    device = _ask(api, "GetUserMFAInfo", user_name=user_name).get("MFADevice")
    if device and device.get("SerialNumber"):
        yield Hold(f"MFA device `{device['SerialNumber']}`", "UnbindMFADevice", (("user_name", user_name),))


def _ask(api: RamApi, action: str, **parameters: object) -> dict[str, Any]:
    return unless_gone(lambda: api.call(action, **parameters)) or {}
