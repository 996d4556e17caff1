"""The provider's functions that the engine answers: who the caller is, and what RAM lists.

Each takes the function's arguments and returns its result, both under Pulumi's camelCase names; the result
holds the arguments as well, as the provider's does.

Source: facts 7.3 (data sources); the provider's data sources.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from crossaccount.engine.errors import UnsupportedError
from crossaccount.engine.ram_api import listed
from crossaccount.engine.resources.tags import own_tags

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crossaccount.engine.ram_api import RamApi

Arguments = Mapping[str, Any]
Result = dict[str, Any]

_PAGE = 1000


def _caller_identity(api: RamApi, _: Arguments) -> Result:
    body = api.call("GetCallerIdentity")
    return {
        "accountId": body["AccountId"],
        "arn": body["Arn"],
        "id": body["PrincipalId"],
        "identityType": body["IdentityType"],
    }


def _account(api: RamApi, _: Arguments) -> Result:
    return {"id": api.account_id()}


def _account_alias(api: RamApi, _: Arguments) -> Result:
    alias = api.call("GetAccountAlias")["AccountAlias"]
    return {"accountAlias": alias, "id": alias}


def _users(api: RamApi, arguments: Arguments) -> Result:
    users = api.pages("ListUsers", "Users", "User", max_items=_PAGE)
    users = _chosen(users, arguments, "UserId", "UserName")
    if arguments.get("groupName"):
        members = api.pages("ListUsersForGroup", "Users", "User", group_name=arguments["groupName"])
        users = _among(users, members, "UserName")
    if arguments.get("policyName"):
        users = _among(users, _attached_to(api, arguments, "User"), "UserName")
    found = [
        {"createDate": user["CreateDate"], "id": user["UserId"], "name": user["UserName"]} for user in users
    ]
    return _result(arguments, "users", found)


def _groups(api: RamApi, arguments: Arguments) -> Result:
    groups = api.pages("ListGroups", "Groups", "Group", max_items=_PAGE)
    groups = _chosen(groups, arguments, "GroupName", "GroupName")
    if arguments.get("userName"):
        body = api.call("ListGroupsForUser", user_name=arguments["userName"])
        groups = _among(groups, listed(body, "Groups", "Group"), "GroupName")
    if arguments.get("policyName"):
        groups = _among(groups, _attached_to(api, arguments, "Group"), "GroupName")
    names = [group["GroupName"] for group in groups]
    found = [{"comments": group.get("Comments") or "", "name": group["GroupName"]} for group in groups]
    return {**arguments, "id": _lookup_id(names), "names": names, "groups": found}


def _role_policy_attachments(api: RamApi, arguments: Arguments) -> Result:
    role_name = arguments["roleName"]
    body = api.call("ListPoliciesForRole", role_name=role_name)
    found = [
        {
            "attachDate": policy.get("AttachDate") or "",
            "description": policy.get("Description") or "",
            "id": f"role:{policy['PolicyName']}:{policy['PolicyType']}:{role_name}",
            "policyName": policy["PolicyName"],
            "policyType": policy["PolicyType"],
        }
        for policy in listed(body, "Policies", "Policy")
    ]
    wanted = set(arguments.get("ids") or ())
    found = [each for each in found if not wanted or each["id"] in wanted]
    ids = [each["id"] for each in found]
    return {**arguments, "attachments": found, "id": _lookup_id(ids), "ids": ids}


def _system_policies(api: RamApi, arguments: Arguments) -> Result:
    """List RAM's own policies; the provider loses their ids and names on the way, and ignores `ids`."""
    policies = api.pages("ListPolicies", "Policies", "Policy", policy_type="System", max_items=_PAGE)
    pattern = re.compile(arguments.get("nameRegex") or "")
    found = [
        {
            "attachmentCount": policy.get("AttachmentCount") or 0,
            "createTime": policy["CreateDate"],
            "description": policy.get("Description") or "",
            "id": "",
            "policyName": policy["PolicyName"],
            "policyType": policy["PolicyType"],
            "updateDate": policy.get("UpdateDate") or "",
        }
        for policy in policies
        if pattern.search(policy["PolicyName"])
    ]
    lost = ["<nil>"] * len(found)
    given = {name: value for name, value in arguments.items() if name != "ids"}
    return {**given, "id": _lookup_id(lost), "ids": lost, "names": [""] * len(found), "policys": found}


def _roles(api: RamApi, arguments: Arguments) -> Result:
    roles = api.pages("ListRoles", "Roles", "Role", max_items=_PAGE, tag=arguments.get("tags") or None)
    roles = _chosen(roles, arguments, "RoleId", "RoleName")
    if arguments.get("policyName"):
        roles = _among(roles, _attached_to(api, arguments, "Role"), "RoleName")
    return _result(arguments, "roles", [_role(api, role) for role in roles])


def _role(api: RamApi, role: Result) -> Result:
    document = api.call("GetRole", role_name=role["RoleName"])["Role"]["AssumeRolePolicyDocument"]
    return {
        "arn": role["Arn"],
        "assumeRolePolicyDocument": document,
        "createDate": role["CreateDate"],
        "description": role.get("Description") or "",
        "document": document,
        "id": role["RoleId"],
        "name": role["RoleName"],
        "tags": own_tags(listed(role, "Tags", "Tag")),
        "updateDate": role.get("UpdateDate") or "",
    }


def _policies(api: RamApi, arguments: Arguments) -> Result:
    policies = api.pages(
        "ListPolicies",
        "Policies",
        "Policy",
        max_items=_PAGE,
        policy_type=arguments.get("type") or None,
        tag=arguments.get("tags") or None,
    )
    policies = _chosen(policies, arguments, "PolicyName", "PolicyName")
    owners = [kind for kind in ("User", "Group", "Role") if arguments.get(f"{kind.lower()}Name")]
    if owners:
        attached = {key for kind in owners for key in _attached_policies(api, arguments, kind)}
        policies = [policy for policy in policies if _key(policy) in attached]
    detailed = arguments.get("enableDetails") is not False
    found = [_policy(policy, _default_version(api, policy) if detailed else {}) for policy in policies]
    return _result({**arguments, "enableDetails": detailed}, "policies", found)


def _policy(policy: Result, version: Result) -> Result:
    document = version.get("PolicyDocument") or ""
    return {
        "attachmentCount": policy.get("AttachmentCount") or 0,
        "createDate": policy["CreateDate"],
        "defaultVersion": policy["DefaultVersion"],
        "description": policy.get("Description") or "",
        "document": document,
        "id": policy["PolicyName"],
        "name": policy["PolicyName"],
        "policyDocument": document,
        "policyName": policy["PolicyName"],
        "tags": own_tags(listed(policy, "Tags", "Tag")),
        "type": policy["PolicyType"],
        "updateDate": policy.get("UpdateDate") or "",
        "versionId": version.get("VersionId") or "",
    }


def _default_version(api: RamApi, policy: Result) -> Result:
    body = api.call("GetPolicy", policy_name=policy["PolicyName"], policy_type=policy["PolicyType"])
    version: Result = body["DefaultPolicyVersion"]
    return version


def _attached_policies(api: RamApi, arguments: Arguments, kind: str) -> Iterable[tuple[str, str]]:
    owner = f"{kind.lower()}_name"
    body = api.call(f"ListPoliciesFor{kind}", **{owner: arguments[f"{kind.lower()}Name"]})
    return map(_key, listed(body, "Policies", "Policy"))


def _key(policy: Result) -> tuple[str, str]:
    return policy["PolicyName"], policy["PolicyType"]


def _attached_to(api: RamApi, arguments: Arguments, kind: str) -> list[Result]:
    body = api.call(
        "ListEntitiesForPolicy",
        policy_name=arguments["policyName"],
        policy_type=arguments.get("policyType") or "System",
    )
    return listed(body, f"{kind}s", kind)


def _chosen(entities: list[Result], arguments: Arguments, id_key: str, name_key: str) -> list[Result]:
    ids = set(arguments.get("ids") or ())
    pattern = re.compile(arguments.get("nameRegex") or "")
    return [
        entity
        for entity in entities
        if (not ids or entity[id_key] in ids) and pattern.search(entity[name_key])
    ]


def _among(entities: list[Result], others: list[Result], key: str) -> list[Result]:
    wanted = {other[key] for other in others}
    return [entity for entity in entities if entity[key] in wanted]


def _result(arguments: Arguments, key: str, found: list[Result]) -> Result:
    ids = [each["id"] for each in found]
    names = [each["name"] for each in found]
    return {**arguments, "id": _lookup_id(ids), "ids": ids, "names": names, key: found}


def _lookup_id(ids: list[str]) -> str:
    """Return the provider's own id of a lookup: the CRC-32 of the ids, each followed by a hyphen."""
    return str(zlib.crc32("".join(f"{each}-" for each in ids).encode()))


def _checked(
    token: str, answer: Callable[[RamApi, Arguments], Result], understood: Iterable[str]
) -> Callable[[RamApi, Arguments], Result]:
    known = frozenset(understood)

    def invoke(api: RamApi, arguments: Arguments) -> Result:
        given = {name: value for name, value in arguments.items() if value is not None}
        problems = _problems(given, known)
        if problems:
            raise UnsupportedError(f"`{token}`: {'; '.join(problems)}")
        return answer(api, given)

    return invoke


def _problems(given: Arguments, known: frozenset[str]) -> list[str]:
    problems = [f"this engine does not understand `{name}`" for name in sorted(given.keys() - known)]
    if "policyType" in given and "policyName" not in given:
        problems.append("`policyType` needs `policyName` beside it")
    try:
        re.compile(given.get("nameRegex") or "")
    except re.error as error:
        problems.append(f"`nameRegex` `{given['nameRegex']}` is no regular expression: {error}")
    return problems


_LOOKUPS: tuple[tuple[str, Callable[[RamApi, Arguments], Result], tuple[str, ...]], ...] = (
    ("alicloud:index/getCallerIdentity:getCallerIdentity", _caller_identity, ()),
    ("alicloud:index/getAccount:getAccount", _account, ()),
    ("alicloud:ram/getAccountAlias:getAccountAlias", _account_alias, ()),
    ("alicloud:ram/getAccountAliases:getAccountAliases", _account_alias, ()),
    (
        "alicloud:ram/getGroups:getGroups",
        _groups,
        ("nameRegex", "policyName", "policyType", "userName"),
    ),
    (
        "alicloud:ram/getRolePolicyAttachments:getRolePolicyAttachments",
        _role_policy_attachments,
        ("ids", "roleName"),
    ),
    ("alicloud:ram/getSystemPolicys:getSystemPolicys", _system_policies, ("ids", "nameRegex")),
    (
        "alicloud:ram/getUsers:getUsers",
        _users,
        ("groupName", "ids", "nameRegex", "policyName", "policyType"),
    ),
    (
        "alicloud:ram/getRoles:getRoles",
        _roles,
        ("ids", "nameRegex", "policyName", "policyType", "tags"),
    ),
    (
        "alicloud:ram/getPolicies:getPolicies",
        _policies,
        ("enableDetails", "groupName", "ids", "nameRegex", "roleName", "tags", "type", "userName"),
    ),
)

INVOKES: Mapping[str, Callable[[RamApi, Arguments], Result]] = MappingProxyType(
    {token: _checked(token, answer, understood) for token, answer, understood in _LOOKUPS}
)
"""The functions by token.

Each raises `UnsupportedError` for an argument it does not understand, before any call, and `ApiCallError`
when RAM or STS refuses.
"""
