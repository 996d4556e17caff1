"""RAM, version 2015-05-01: the actions that Resource Access Management answers (section 3.2 of the facts)."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.localcloud.call import Operation

OPERATIONS: Mapping[str, Operation] = MappingProxyType({})

__all__ = ["OPERATIONS"]
