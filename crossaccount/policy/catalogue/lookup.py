"""Finding known actions by name and by pattern."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.policy.catalogue.action import Action

CATALOGUE: Mapping[str, Action] = MappingProxyType({})


def known_action(name: str) -> Action | None:
    """The action of that name in any letter case; None for one that is not known."""
    raise NotImplementedError


def expand(pattern: str) -> tuple[Action, ...]:
    """The known actions that a pattern of the policy language means, by name."""
    raise NotImplementedError
