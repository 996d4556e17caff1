"""What is known about an action."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class AccessClass(Enum):
    """What an action does to what it acts on."""

    READ = "read"
    WRITE = "write"
    INVOKE = "invoke"
    PERMISSION_MANAGEMENT = "permission-management"


@dataclass(frozen=True, slots=True)
class Action:
    """A known action.

    Attributes:
        name: as documents write it, e.g. `fc:GetFunction`.
        access: what it does.
        resources: the forms of the ARNs it acts on, `<...>` standing for a name; a `*` in a form is what
            requests say, e.g. `acs:fc:<region>:<account>:functions/*` for a list; `*` where it takes none.
        condition_keys: the keys beyond the general ones (`acs:CurrentTime` and the like) it knows.
        source: the documentation page it was read on, with the section of the facts.
        read_on: the month it was read.
    """

    name: str
    access: AccessClass
    resources: tuple[str, ...]
    condition_keys: tuple[str, ...] = ()
    source: str = ""
    read_on: str = "2026-11"
