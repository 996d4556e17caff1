"""The Function Compute resources of one account, in all regions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crossaccount.localcloud.fc import snapshot
from crossaccount.localcloud.fc.entities import Region
from crossaccount.localcloud.fc.handlers import Handlers

if TYPE_CHECKING:
    from collections.abc import Mapping


class FcState:
    """The Function Compute resources of one account, in all regions.

    Attributes:
        regions: by name.
        handlers: what answers when a function is invoked; in no snapshot, because it is a program.
    """

    def __init__(self) -> None:
        self.regions: dict[str, Region] = {}
        self.handlers = Handlers()

    def region(self, name: str) -> Region:
        """What the account has in a region; the region is there from the first time it is asked for."""
        return self.regions.setdefault(name, Region())

    def is_empty(self) -> bool:
        """Whether no region holds a function or a service."""
        return not any(region.functions or region.services for region in self.regions.values())

    def uses_role(self, arn: str) -> bool:
        """Whether a function or a service of any region has a role, in any letter case of its ARN."""
        settings = (
            item.settings
            for region in self.regions.values()
            for items in (region.functions, region.services)
            for item in items.values()
        )
        return any(each.get("role", "").lower() == arn.lower() for each in settings)

    def to_json(self) -> dict[str, Any]:
        """The state as plain JSON, everything sorted by name."""
        return snapshot.dump(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> FcState:
        """The state that `to_json` wrote.

        Raises:
            KeyError, TypeError: when `data` is not such a state.
        """
        state = cls()
        snapshot.load(state, data)
        return state
