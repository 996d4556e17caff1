"""What is known about the evidence behind each action, where it is more or less than its documentation.

Keys are (version of the API, action). An action in none of these tables is quoted from the documentation.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from crossaccount.localcloud.products import FC_2, FC_3, FC_OPEN, IMS, RAM, STS

if TYPE_CHECKING:
    from collections.abc import Mapping

Key = tuple[str, str]

_PROVIDER_RAM = (
    "AddUserToGroup AttachPolicyToGroup AttachPolicyToRole AttachPolicyToUser CreateAccessKey CreateGroup "
    "CreateLoginProfile CreatePolicy CreatePolicyVersion CreateRole CreateUser DeleteAccessKey DeleteGroup "
    "DeleteLoginProfile DeletePolicy DeleteRole DeleteUser DetachPolicyFromGroup DetachPolicyFromRole "
    "DetachPolicyFromUser GetAccountAlias GetGroup GetLoginProfile GetPolicy GetRole GetUser ListAccessKeys "
    "ListPoliciesForGroup ListPoliciesForRole ListPoliciesForUser ListRoles ListTagResources ListUsers "
    "ListUsersForGroup RemoveUserFromGroup SetAccountAlias UpdateRole"
)

RECORDED: frozenset[Key] = frozenset(
    {
        *((RAM.version, action) for action in _PROVIDER_RAM.split()),
        (STS.version, "AssumeRole"),
        (STS.version, "GetCallerIdentity"),
        (FC_3.version, "InvokeFunction"),
        (FC_3.version, "ListFunctions"),
        (FC_2.version, "CreateService"),
        (FC_2.version, "ListServices"),
    }
)
"""Actions whose calls by a real client are in the tests' data."""

PARTLY: Mapping[Key, str] = MappingProxyType(
    {
        (RAM.version, "CreateServiceLinkedRole"): "Function Compute's role only",
        (RAM.version, "GetServiceLinkedRoleTemplate"): "Function Compute's role only",
        (RAM.version, "CreateVirtualMFADevice"): "served; the QR code is an empty picture",
        (RAM.version, "SetSecurityPreference"): "kept and answered; no console obeys",
        **{
            (version, action): "kept and answered; never starts a function"
            for version in (FC_3.version, FC_OPEN.version, FC_2.version)
            for action in ("CreateTrigger", "UpdateTrigger")
        },
        **{
            (version, "InvokeFunction"): "a handler of the test's answers; an echo without one"
            for version in (FC_3.version, FC_OPEN.version, FC_2.version)
        },
        **{
            (version, "GetFunctionCode"): "the checksum; the URL leads nowhere"
            for version in (FC_3.version, FC_OPEN.version, FC_2.version)
        },
        **{
            (FC_3.version, action): "kept and answered; nothing scales"
            for action in ("PutConcurrencyConfig", "PutProvisionConfig", "PutAsyncInvokeConfig")
        },
    }
)
"""Actions of which a part is not acted out; the others are served whole."""

_FC_2_ALIKE: Mapping[str, str] = {
    "CreateAlias": "409 AliasAlreadyExists' message; the resource of the permission",
    "CreateTrigger": "409 TriggerAlreadyExists' message; that `invocationRole` needs ram:PassRole",
    "DeleteTrigger": "the message of the 404",
    "GetTrigger": "the message of the 404",
    "UpdateTrigger": "that `invocationRole` needs ram:PassRole",
}

INFERRED: Mapping[Key, str] = MappingProxyType(
    {
        (RAM.version, "UpdateRole"): "the code for a service-linked role",
        (RAM.version, "DeletePolicy"): "the code while a role holds the policy",
        (RAM.version, "BindMFADevice"): "that codes may be a minute off",
        (RAM.version, "SetPasswordPolicy"): "the codes of bounds other than MinimumPasswordLength's",
        (RAM.version, "SetSecurityPreference"): "the codes of wrong values",
        (RAM.version, "TagResources"): "409 LimitExceeded.Role.Tag and .Policy.Tag",
        (RAM.version, "DecodeDiagnosticMessage"): "the form of an EncodedDiagnosticMessage",
        (STS.version, "AssumeRole"): "the order of checks; that a missing role is told before a permission",
        (FC_3.version, "CreateFunction"): "the message of 409; bounds of numbers; 50 MiB a package",
        (FC_3.version, "DeleteFunction"): "that versions, aliases and triggers go too; status 412",
        (
            FC_3.version,
            "ListFunctions",
        ): "`service$function` for functions of 2.0; that filters compare whole values",
        (FC_3.version, "PublishFunctionVersion"): "that a version is made though nothing changed",
        (FC_3.version, "DeleteFunctionVersion"): "412 while an alias names it",
        (FC_3.version, "TagResources"): "the message beyond 20 tags",
        (FC_3.version, "GetProvisionConfig"): "a target of 0 where nothing is provisioned",
        (FC_3.version, "GetConcurrencyConfig"): "the message of 404 OnDemandConfigNotFound",
        (FC_3.version, "GetAsyncInvokeConfig"): "the message of 404 AsyncConfigNotExists",
        (FC_3.version, "InvokeFunction"): "the body and X-Fc-Error-Type of a function that fails",
        **{
            (version, action): what
            for version in (FC_3.version, FC_OPEN.version, FC_2.version)
            for action, what in _FC_2_ALIKE.items()
        },
        **{
            (version, action): what
            for version in (FC_OPEN.version, FC_2.version)
            for action, what in {
                "DeleteService": "412 PreconditionFailed while it has functions",
                "DeleteServiceVersion": "412 while an alias names it",
                "PublishServiceVersion": "that a version is made though nothing changed",
            }.items()
        },
        **{
            (IMS.version, action): "the permission's name and resource"
            for action in (
                "CreateOIDCProvider",
                "CreateSAMLProvider",
                "DeleteOIDCProvider",
                "DeleteSAMLProvider",
                "GetOIDCProvider",
                "GetSAMLProvider",
                "ListOIDCProviders",
                "ListSAMLProviders",
                "UpdateOIDCProvider",
                "UpdateSAMLProvider",
            )
        },
    }
)
"""What is not documented and was worked out by analogy, by action."""
