"""The actions of RAM.

Source: RAM, "RAM authentication" and the API reference of version 2015-05-01 (facts 3.2, 3.6).
"""

from __future__ import annotations

from crossaccount.policy.catalogue.action import AccessClass, Action

_SOURCE = "RAM: RAM authentication, API 2015-05-01 (facts 3.2, 3.6)"
_READ, _WRITE = AccessClass.READ, AccessClass.WRITE
_PERMISSION = AccessClass.PERMISSION_MANAGEMENT
_ACCOUNT = "acs:ram:*:<account>"
_ROLE, _USER, _GROUP, _POLICY = (
    f"{_ACCOUNT}:{kind}/<{kind}>" for kind in ("role", "user", "group", "policy")
)
_ANY_POLICY = (_POLICY, "acs:ram:*:system:policy/<policy>")
_MFA = f"{_ACCOUNT}:mfa/<mfa>"
_WHOLE = (f"{_ACCOUNT}:*",)
_LINKED = ("ram:ServiceName",)


def _all(*kinds: str) -> tuple[str, ...]:
    return tuple(f"{_ACCOUNT}:{kind}/*" for kind in kinds)


def _actions(
    access: AccessClass,
    names: str,
    resources: tuple[str, ...],
    *,
    narrowest: bool = False,
    keys: tuple[str, ...] = (),
) -> list[Action]:
    return [Action(f"ram:{name}", access, resources, narrowest, keys, _SOURCE) for name in names.split()]


ACTIONS = (
    *_actions(_READ, "GetRole", (_ROLE, *_all("role"))),
    *_actions(_READ, "ListRoles", _all("role"), narrowest=True),
    *_actions(_READ, "ListPoliciesForRole", (_ROLE,)),
    *_actions(_PERMISSION, "CreateRole UpdateRole", (_ROLE, *_all("role"))),
    *_actions(_WRITE, "DeleteRole", (_ROLE,)),
    *_actions(_PERMISSION, "AttachPolicyToRole DetachPolicyFromRole", (_ROLE, *_ANY_POLICY)),
    *_actions(_PERMISSION, "AttachPolicyToUser DetachPolicyFromUser", (_USER, *_ANY_POLICY)),
    *_actions(_PERMISSION, "AttachPolicyToGroup DetachPolicyFromGroup", (_GROUP, *_ANY_POLICY)),
    Action(
        "ram:PassRole",
        _PERMISSION,
        (_ROLE,),
        condition_keys=("acs:Service",),
        source="Function Compute: RAM authorization (facts 1.4, 5.5)",
    ),
    *_actions(_READ, "GetPolicy GetPolicyVersion ListPolicyVersions ListEntitiesForPolicy", _ANY_POLICY),
    *_actions(_READ, "ListPolicies", _all("policy"), narrowest=True),
    *_actions(_PERMISSION, "CreatePolicy", (_POLICY, *_all("policy"))),
    *_actions(_PERMISSION, "DeletePolicy CreatePolicyVersion DeletePolicyVersion", (_POLICY,)),
    *_actions(_PERMISSION, "SetDefaultPolicyVersion", (_POLICY,)),
    *_actions(_WRITE, "UpdatePolicyDescription", (_POLICY,)),
    *_actions(_READ, "GetUser ListPoliciesForUser ListGroupsForUser ListAccessKeys", (_USER,)),
    *_actions(_READ, "GetLoginProfile GetUserMFAInfo GetAccessKeyLastUsed", (_USER,)),
    *_actions(_READ, "ListUsers", _all("user"), narrowest=True),
    *_actions(_WRITE, "CreateUser", (_USER, *_all("user"))),
    *_actions(_WRITE, "UpdateUser DeleteUser", (_USER,)),
    *_actions(_PERMISSION, "CreateAccessKey UpdateAccessKey DeleteAccessKey", (_USER,)),
    *_actions(_PERMISSION, "CreateLoginProfile UpdateLoginProfile DeleteLoginProfile", (_USER,)),
    *_actions(_PERMISSION, "BindMFADevice UnbindMFADevice ChangePassword", (_USER,)),
    *_actions(_READ, "ListVirtualMFADevices", _all("mfa"), narrowest=True),
    *_actions(_WRITE, "CreateVirtualMFADevice DeleteVirtualMFADevice", (_MFA, *_all("mfa"))),
    *_actions(_READ, "GetGroup ListPoliciesForGroup ListUsersForGroup", (_GROUP,)),
    *_actions(_READ, "ListGroups", _all("group"), narrowest=True),
    *_actions(_WRITE, "CreateGroup", (_GROUP, *_all("group"))),
    *_actions(_WRITE, "UpdateGroup DeleteGroup", (_GROUP,)),
    *_actions(_PERMISSION, "AddUserToGroup RemoveUserFromGroup", (_USER, _GROUP)),
    *_actions(_READ, "GetAccountAlias GetPasswordPolicy GetSecurityPreference", _WHOLE, narrowest=True),
    *_actions(_WRITE, "SetAccountAlias ClearAccountAlias", _WHOLE, narrowest=True),
    *_actions(_PERMISSION, "SetPasswordPolicy SetSecurityPreference", _WHOLE, narrowest=True),
    *_actions(_WRITE, "TagResources UntagResources", (_ROLE, _POLICY)),
    *_actions(_READ, "ListTagResources", (_ROLE, _POLICY, *_all("role", "policy"))),
    *_actions(_PERMISSION, "CreateServiceLinkedRole", (_ROLE, *_all("role")), keys=_LINKED),
    *_actions(_WRITE, "DeleteServiceLinkedRole", (_ROLE,), keys=_LINKED),
    *_actions(_READ, "GetServiceLinkedRoleTemplate DecodeDiagnosticMessage", ("*", *_WHOLE)),
    *_actions(_READ, "GenerateCredentialReport", ("*", *_WHOLE)),
)
