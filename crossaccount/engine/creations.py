"""Whether something that exists was made by a creation whose end is not known, or is somebody else's.

RAM dates everything in whole seconds. What it dates before the second in which the operation began, by this
machine's clock and with no allowance for one that is behind, is somebody else's; so is what it does not date.
Source: RAM API, GetUser, GetPolicy, ListPoliciesFor..., ListUsersForGroup; ids: facts 7.3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crossaccount.engine.ram_api import listed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.engine.ram_api import RamApi
    from crossaccount.engine.state import Resource
    from crossaccount.engine.values import Properties

ACCESS_KEY = "alicloud:ram/accessKey:AccessKey"
MEMBERSHIP = "alicloud:ram/userGroupAttachment:UserGroupAttachment"
POLICY = "alicloud:ram/policy:Policy"
USER = "alicloud:ram/user:User"
KEYS_BEFORE = "__keysBefore"
_SECOND = len("2026-11-24T08:00:00")

# Ids follow from inputs, but for an access key's and a user's, which a lookup knows by its name too.
_ID_OF_INPUTS = {
    "alicloud:ram/role:Role": "{roleName}",
    POLICY: "{policyName}",
    "alicloud:ram/group:Group": "{groupName}",
    "alicloud:ram/loginProfile:LoginProfile": "{userName}",
    "alicloud:ram/rolePolicyAttachment:RolePolicyAttachment": "role:{policyName}:{policyType}:{roleName}",
    "alicloud:ram/userPolicyAttachment:UserPolicyAttachment": "user:{policyName}:{policyType}:{userName}",
    "alicloud:ram/groupPolicyAttachment:GroupPolicyAttachment": "group:{policyName}:{policyType}:{groupName}",
    MEMBERSHIP: "{groupName}:{userName}",
    USER: "{name}",
}


def id_of(type_: str, inputs: Mapping[str, Any]) -> str | None:
    """Return the id by which a lookup finds what was made from `inputs`, None when it cannot be told."""
    template = _ID_OF_INPUTS.get(type_)
    return template.format(**inputs) if template else None


def before(api: RamApi, type_: str, inputs: Mapping[str, Any]) -> Properties:
    """Return what is to be recorded before a creation, so that its result can be told later.

    That is the ids of the user's access keys: a key has no name, and what RAM lists tells no more of it.

    Raises:
        ApiCallError: RAM refused to list them.
    """
    return {KEYS_BEFORE: sorted(keys(api, inputs))} if type_ == ACCESS_KEY else {}


def keys(api: RamApi, inputs: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the access keys of the user that an access key's inputs name, by id."""
    found = listed(api.call("ListAccessKeys", user_name=inputs.get("userName")), "AccessKeys", "AccessKey")
    return {key["AccessKeyId"]: key for key in found}


def is_since(date: str, begun: str) -> bool:
    """Whether RAM's date is not before the second in which an operation began."""
    return bool(date and begun) and date[:_SECOND] >= begun[:_SECOND]


def was_made_by(
    api: RamApi, operation: Resource, inputs: Mapping[str, Any], outputs: Mapping[str, Any]
) -> bool:
    """Whether what exists is dated since a creation began.

    Args:
        api: the account's.
        operation: the resource as the journal recorded it when its creation began.
        inputs: its inputs, secrets readable.
        outputs: what a lookup found.

    Raises:
        ApiCallError: RAM could not tell.
    """
    date = outputs.get("createTime") or _date(api, operation.type, inputs)
    return is_since(date, operation.created)


def way_out(type_: str, inputs: Mapping[str, Any]) -> str:
    """Say what to do about something that exists already and is not this stack's."""
    id_ = id_of(type_, inputs)
    if id_ is None:
        return "delete it, or leave the resource out"
    ways = [f'take it over with the option `import_="{id_}"`']
    if type_ == USER:
        ways.append("leave it to its owner with `adopt: true` where a `PartnerUser` declares it")
    is_attachment = ":" in id_
    ways.append("detach it" if is_attachment else "delete it, or give this one another name")
    return ", ".join(ways[:-1]) + (", or " if is_attachment else ", ") + ways[-1]


def _date(api: RamApi, type_: str, inputs: Mapping[str, Any]) -> str:
    if type_ == USER:
        return str(api.call("GetUser", user_name=inputs["name"])["User"].get("CreateDate") or "")
    if type_ == POLICY:
        body = api.call("GetPolicy", policy_name=inputs["policyName"], policy_type="Custom")
        return str(body["Policy"].get("CreateDate") or "")
    if type_ == MEMBERSHIP:
        members = api.pages("ListUsersForGroup", "Users", "User", group_name=inputs["groupName"])
        return _only(members, "JoinDate", UserName=inputs["userName"])
    return _attach_date(api, inputs)


def _attach_date(api: RamApi, inputs: Mapping[str, Any]) -> str:
    for kind in ("Role", "User", "Group"):
        holder = inputs.get(f"{kind.lower()}Name")
        if holder and "policyType" in inputs:
            body = api.call(f"ListPoliciesFor{kind}", **{f"{kind.lower()}_name": holder})
            wanted = {"PolicyName": inputs["policyName"], "PolicyType": inputs["policyType"]}
            return _only(listed(body, "Policies", "Policy"), "AttachDate", **wanted)
    return ""


def _only(found: list[dict[str, Any]], name: str, **wanted: str) -> str:
    dates = (each.get(name) for each in found if wanted.items() <= each.items())
    return str(next(dates, "") or "")
