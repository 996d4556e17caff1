"""What a backend's file names say: which stacks there are, and which updates each had."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_STACK = re.compile(r"stacks/(?:(?P<project>[^/]+)/)?(?P<stack>[^/]+?)\.json(?:\.gz)?")
_UPDATE = re.compile(
    r"history/(?:(?P<project>[^/]+)/)?(?P<stack>[^/]+)/(?P=stack)-(?P<moment>[0-9]+)\.(?P<part>history|checkpoint)\.json(?:\.gz)?"
)
StackName = tuple[str, str]


@dataclass(slots=True)
class UpdateFiles:
    """The two files of one update: what was done, and the state after it.

    Attributes:
        moment: when it was written, in nanoseconds since 1970.
        history: the record's name; empty where it is missing.
        checkpoint: the checkpoint's name; empty where it is missing.
    """

    moment: int
    history: str = ""
    checkpoint: str = ""


@dataclass(slots=True)
class Layout:
    """A backend's stacks, by project (empty in old backends) and name.

    Attributes:
        current: the names of the files that hold each stack's state now.
        updates: each stack's updates, the oldest first.
    """

    current: dict[StackName, list[str]] = field(default_factory=dict)
    updates: dict[StackName, list[UpdateFiles]] = field(default_factory=dict)

    @property
    def stacks(self) -> list[StackName]:
        """Every stack, also those that are removed and have a history still."""
        return sorted({*self.current, *self.updates})


def layout_of(names: Iterable[str]) -> Layout:
    """The layout that file names below `.pulumi/` make; backups, locks and attributes are not looked at."""
    found = Layout()
    updates: dict[StackName, dict[int, UpdateFiles]] = {}
    for name in names:
        current = _STACK.fullmatch(name)
        if current is not None:
            found.current.setdefault((current["project"] or "", current["stack"]), []).append(name)
            continue
        update = _UPDATE.fullmatch(name)
        if update is not None:
            moment = int(update["moment"])
            of_stack = updates.setdefault((update["project"] or "", update["stack"]), {})
            setattr(of_stack.setdefault(moment, UpdateFiles(moment)), update["part"], name)
    found.updates = {stack: [each[moment] for moment in sorted(each)] for stack, each in updates.items()}
    return found
