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
        access: what it does. Permission-management is what changes or hands on rights: policies, attachments,
            trust, group members, credentials, assuming and passing a role.
        resources: the forms of the resources it acts on, `<...>` standing for a name; a `*` in a form is what
            requests say, e.g. `acs:fc:<region>:<account>:functions/*` for a list.
        narrowest: whether requests name nothing but these forms, so that a policy for anything narrower
            grants nothing: a list of functions is asked of `functions/*`, never of one function.
        condition_keys: the service's own keys that its requests carry, besides the general ones.
        source: the documentation page, with the section of the facts.
        read_on: the month it was read.
    """

    name: str
    access: AccessClass
    resources: tuple[str, ...]
    narrowest: bool = False
    condition_keys: tuple[str, ...] = ()
    source: str = ""
    read_on: str = "2026-11"
