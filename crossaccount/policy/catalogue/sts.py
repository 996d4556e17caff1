"""The actions of STS.

Source: STS, API reference of version 2015-04-01; RAM, "Edit the trust policy of a RAM role" (facts 1.4, 4.1,
4.4, 4.6).
"""

from __future__ import annotations

from crossaccount.policy.catalogue.action import AccessClass, Action

_SOURCE = "STS: API 2015-04-01 (facts 1.4, 4.1, 4.4, 4.6)"
_ROLE = ("acs:ram:*:<account>:role/<role>",)
_PERMISSION = AccessClass.PERMISSION_MANAGEMENT
_IDENTITY = "sts:SourceIdentity"

ACTIONS = (
    Action(
        "sts:AssumeRole",
        _PERMISSION,
        _ROLE,
        condition_keys=("sts:ExternalId", _IDENTITY),
        source=_SOURCE,
    ),
    Action(
        "sts:AssumeRoleWithOIDC",
        _PERMISSION,
        _ROLE,
        condition_keys=("oidc:aud", "oidc:iss", "oidc:sub"),
        source=_SOURCE,
    ),
    Action(
        "sts:AssumeRoleWithSAML",
        _PERMISSION,
        _ROLE,
        condition_keys=("saml:recipient",),
        source=_SOURCE,
    ),
    Action("sts:SetSourceIdentity", _PERMISSION, _ROLE, condition_keys=(_IDENTITY,), source=_SOURCE),
    Action("sts:GetCallerIdentity", AccessClass.READ, ("*",), narrowest=True, source=_SOURCE),
)
