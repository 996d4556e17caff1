"""Finding known actions by name and by pattern; `CATALOGUE` has the better known ones of a service first."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from crossaccount.policy.arn import folded
from crossaccount.policy.catalogue import functioncompute, ims, ram, sts
from crossaccount.policy.wildcard import Wildcards

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.policy.catalogue.action import Action

CATALOGUE: Mapping[str, Action] = MappingProxyType(
    {each.name: each for each in (*functioncompute.ACTIONS, *ram.ACTIONS, *sts.ACTIONS, *ims.ACTIONS)}
)
_BY_FOLDED = {folded(name): action for name, action in CATALOGUE.items()}


def known_action(name: str) -> Action | None:
    """The action of that name in any letter case; None for one that is not known."""
    return _BY_FOLDED.get(folded(name))


def expand(pattern: str) -> tuple[Action, ...]:
    """The known actions that a pattern of the policy language means, by name: `fc:Get*`, `*`."""
    wanted = Wildcards([folded(pattern)])
    return tuple(action for name, action in sorted(_BY_FOLDED.items()) if wanted.match(name))
