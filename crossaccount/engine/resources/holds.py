"""What keeps RAM from deleting an entity, and how to delete it all the same or say what is in the way.

RAM refuses to delete a role, user, group or policy while anything is attached to it. What the stack attached
goes first; anything else is somebody's by hand. It is taken off when the resource says `force`, and named
with the command that takes it off when it does not.

Source: facts 3.4 ("DeleteConflict.*") and 7.4.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from crossaccount.engine.api_errors import ApiCallError
from crossaccount.engine.errors import StepError
from crossaccount.engine.resources.gone import unless_gone

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from crossaccount.engine.ram_api import RamApi

_PAUSES = (1.0, 2.0, 4.0)


@dataclass(frozen=True, slots=True)
class Hold:
    """One thing that keeps an entity from being deleted.

    Attributes:
        what: it, in words, e.g. `system policy AliyunFCFullAccess` in backticks.
        action: the RAM action that takes it off.
        parameters: that action's parameters, by the SDK's names.
    """

    what: str
    action: str
    parameters: tuple[tuple[str, str], ...]

    @property
    def command(self) -> str:
        """The Alibaba Cloud CLI command that takes it off."""
        flags = (f"--{name.title().replace('_', '')} {value}" for name, value in self.parameters)
        return f"aliyun ram {self.action} {' '.join(flags)}"


@dataclass(frozen=True, slots=True)
class Deletion:
    """The deletion of one RAM entity.

    Attributes:
        entity: it, in words, e.g. `role` and its name in backticks.
        action: the RAM action that deletes it.
        parameters: that action's parameters, by the SDK's names.
        holds: lists what holds it now.
        force: takes off what holds it first.
    """

    entity: str
    action: str
    parameters: tuple[tuple[str, object], ...]
    holds: Callable[[RamApi], Sequence[Hold]]
    force: bool = False

    def run(self, api: RamApi) -> None:
        """Delete the entity; one that is gone already is fine.

        It returns only when RAM says that the entity no longer exists, so state never loses one that does.

        Raises:
            StepError: something holds it; each is named with the command that takes it off.
            ApiCallError: RAM refused for another reason.
        """
        if self.force:
            for hold in self.holds(api):
                unless_gone(partial(api.call, hold.action, **dict(hold.parameters)))
        for pause in (*_PAUSES, None):
            conflict = self._attempt(api)
            if conflict is None:
                return
            found = self.holds(api)
            if found or pause is None:
                raise StepError(self._refusal(found, conflict)) from conflict
            api.pause(pause)  # RAM may need a moment to see what was just taken off

    def _attempt(self, api: RamApi) -> ApiCallError | None:
        try:
            unless_gone(lambda: api.call(self.action, **dict(self.parameters)))
        except ApiCallError as error:
            if not error.conflict:
                raise
            return error
        return None

    def _refusal(self, found: Sequence[Hold], conflict: ApiCallError) -> str:
        if not found:
            return (
                f"cannot delete {self.entity}: RAM says that something still holds it ({conflict.code}), but "
                "lists nothing; run again in a minute"
            )
        lines = "".join(f"\n  {hold.what}; take it off with `{hold.command}`" for hold in found)
        return f"cannot delete {self.entity}, because this still holds it:{lines}\nthen run again"
