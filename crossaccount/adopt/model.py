"""What adopting is about: a role as it is in the account, what becomes of it, and what is left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.access.facts import AttachmentFact, RoleFact
    from crossaccount.policy import Policy


class CannotSayError(Exception):
    """The settings of a delegation cannot say something; the message says what, and never a secret."""


@dataclass(frozen=True, slots=True)
class LiveRole:
    """A role in the account that somebody of another account may assume.

    Attributes:
        fact: the role, its trust policy and longest session.
        description: its description; empty for none.
        tags: its tags, without the platform's own.
        attachments: the policies on it.
    """

    fact: RoleFact
    description: str
    tags: Mapping[str, str]
    attachments: tuple[AttachmentFact, ...]

    @property
    def name(self) -> str:
        """The role's name."""
        return self.fact.name or ""


@dataclass(frozen=True, slots=True)
class CustomPolicy:
    """A custom policy in the account.

    Attributes:
        policy: what it says; None where it cannot be read.
        tags: its tags, None where they were not read.
        others: who else holds it, such as "role `ops`".
        surely: whether everybody who holds it could be read.
    """

    policy: Policy | None
    tags: Mapping[str, str] | None = field(default_factory=dict)
    others: tuple[str, ...] = ()
    surely: bool = True


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that is not adopted.

    Attributes:
        role: the role; empty where it is something else.
        policy: the policy that stays attached by hand; empty where the whole role is left out.
        why: the reason, with what to do.
    """

    role: str
    policy: str
    why: str

    def __str__(self) -> str:
        if self.policy:
            return f"policy `{self.policy}` stays attached to role `{self.role}` by hand: {self.why}"
        return f"role `{self.role}` is left out: {self.why}" if self.role else self.why


@dataclass(frozen=True, slots=True)
class Adoption:
    """A role that is adopted.

    Attributes:
        role: the role.
        delegation: its settings; external ids stand in them in the clear.
        system: the system policies that are taken over, by name.
        custom: the custom policy that is taken over; empty for none.
        left: the policies that stay attached by hand.
    """

    role: LiveRole
    delegation: dict[str, Any]
    system: tuple[str, ...] = ()
    custom: str = ""
    left: tuple[LeftOut, ...] = ()

    def taken(self) -> tuple[AttachmentFact, ...]:
        """The attachments that are taken over."""
        wanted = {("System", name) for name in self.system} | {("Custom", self.custom)}
        return tuple(each for each in self.role.attachments if (each.policy_kind, each.policy) in wanted)
