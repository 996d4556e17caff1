"""A request that shows a permission: the call, and the calls that assumed the roles before it."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.policy.evaluation import Request


@dataclass(frozen=True, slots=True)
class Witness:
    """A request, and those that opened the gates before it.

    Attributes:
        request: the call itself.
        steps: for each gate of `PermissionSet.behind`, by the step's name, the request that passes it.
    """

    request: Request
    steps: Mapping[str, Request] = field(default_factory=lambda: MappingProxyType({}))
