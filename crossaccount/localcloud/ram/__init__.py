"""RAM, version 2015-05-01: the actions that Resource Access Management answers (facts 3.2).

An action that is not in `OPERATIONS` is one this cloud does not have.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from crossaccount.localcloud import diagnosis
from crossaccount.localcloud.ram import (
    alias,
    attachments,
    groups,
    keys,
    logins,
    mfa,
    passwords,
    policies,
    preferences,
    roles,
    service_linked,
    tags,
    users,
    versions,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.localcloud.call import Operation

_MODULES = (
    roles,
    service_linked,
    policies,
    versions,
    attachments,
    users,
    keys,
    logins,
    passwords,
    mfa,
    groups,
    alias,
    preferences,
    tags,
    diagnosis,
)

OPERATIONS: Mapping[str, Operation] = MappingProxyType(
    {operation.name: operation for module in _MODULES for operation in module.OPERATIONS}
)

__all__ = ["OPERATIONS"]
