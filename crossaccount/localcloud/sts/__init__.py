"""STS, version 2015-04-01: three AssumeRoles, GetCallerIdentity; and a billing call of the provider."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from crossaccount.localcloud.call import Operation
from crossaccount.localcloud.sts import oidc, saml
from crossaccount.localcloud.sts.assume_role import assume_role
from crossaccount.localcloud.sts.billing import query_available_instances
from crossaccount.localcloud.sts.caller_identity import get_caller_identity

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["BSS_OPERATIONS", "OPERATIONS"]

OPERATIONS: Mapping[str, Operation] = MappingProxyType(
    {
        operation.name: operation
        for operation in (
            Operation("AssumeRole", assume_role, None, source="4.1-4.3, 4.6"),
            Operation(
                "AssumeRoleWithOIDC",
                oidc.assume_role_with_oidc,
                None,
                source="4.3, 4.6; STS, AssumeRoleWithOIDC",
                identify=oidc.identify,
            ),
            Operation(
                "AssumeRoleWithSAML",
                saml.assume_role_with_saml,
                None,
                source="4.6; STS, AssumeRoleWithSAML",
                identify=saml.identify,
            ),
            Operation("GetCallerIdentity", get_caller_identity, None, source="4.4"),
        )
    }
)
BSS_OPERATIONS: Mapping[str, Operation] = MappingProxyType(
    {
        "QueryAvailableInstances": Operation(
            "QueryAvailableInstances", query_available_instances, None, source="10 (10)"
        )
    }
)
