"""IMS, version 2019-08-15: the identity providers an account trusts. An action that is not here is a 501."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from crossaccount.localcloud.ims import oidc, saml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.localcloud.call import Operation

OPERATIONS: Mapping[str, Operation] = MappingProxyType(
    {operation.name: operation for module in (oidc, saml) for operation in module.OPERATIONS}
)

__all__ = ["OPERATIONS"]
