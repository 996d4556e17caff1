"""The proof that a role is revoked, as values: what is left, how long sessions last, what was read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from crossaccount.audit.model import Certainty, LeftOut, Source

Side = Literal["state", "live"]


class Verdict(Enum):
    """How a proof ends."""

    REVOKED = "revoked"
    PATH_LEFT = "path left"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True, slots=True)
class PathLeft:
    """A way by which somebody of another account still comes to the role.

    Attributes:
        side: where it is seen.
        account: the account that it starts in; empty where that cannot be told.
        steps: who, then each role, the role itself last, in words.
        certainty: whether it is open for sure, if conditions hold, or perhaps.
        conditions: the conditions, or what cannot be told, in words.
    """

    side: Side
    account: str
    steps: tuple[str, ...]
    certainty: Certainty
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sessions:
    """How long sessions that were opened before can last.

    Attributes:
        until: the latest end, RFC 3339; empty where none can be open any more, or that cannot be told.
        words: why.
        powerless: whether the role has no policy any more, so that a session may do nothing.
    """

    until: str
    words: str
    powerless: bool = False


@dataclass(frozen=True, slots=True)
class Proof:
    """What is left of a role that was to be revoked.

    Attributes:
        role_arn: the role.
        as_of: the moment it answers for, after the accounts were read; RFC 3339.
        verdict: how it ends.
        there: what each side says of the role itself, in words.
        paths: what is left.
        doubts: why it cannot be told.
        had: who could assume it before, in words; empty where no state of before was given.
        sessions: those that were opened before; None where a path is left or that cannot be told.
        sources: the states and accounts that were read: versions, digests, times.
        before: the state of before.
        left_out: what could not be read.
    """

    role_arn: str
    as_of: str
    verdict: Verdict
    there: tuple[tuple[Side, str], ...]
    paths: tuple[PathLeft, ...] = ()
    doubts: tuple[str, ...] = ()
    had: tuple[str, ...] = ()
    sessions: Sessions | None = None
    sources: tuple[Source, ...] = ()
    before: tuple[Source, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
