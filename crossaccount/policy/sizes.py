"""How long a document may be, in characters.

Source: RAM `CreatePolicy` and STS `AssumeRole` (facts 1.8). The limit of a trust policy exists but is not
documented: 4096 is an assumption (older pages say 2048).
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from crossaccount.policy.statement import PolicyKind

if TYPE_CHECKING:
    from collections.abc import Mapping

SIZE_LIMITS: Mapping[PolicyKind, int] = MappingProxyType(
    {PolicyKind.IDENTITY: 6144, PolicyKind.TRUST: 4096, PolicyKind.SESSION: 2048}
)


def within_size(document: str, kind: PolicyKind) -> bool:
    """Whether a document has 1 to `SIZE_LIMITS[kind]` characters."""
    return 1 <= len(document) <= SIZE_LIMITS[kind]
