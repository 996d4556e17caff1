"""What a set of policies says about a request of which not everything is known."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from crossaccount.policy.explanation import reasons_of

if TYPE_CHECKING:
    from crossaccount.access.documents import Document
    from crossaccount.access.nodes import Grant
    from crossaccount.policy import Condition
    from crossaccount.policy.rule import Subject


class Outcome(Enum):
    """How a gate, a path or a question ends; the order of `rank` is from open to closed."""

    OPEN = "open"
    IF = "if"
    UNKNOWN = "cannot tell"
    CLOSED = "closed"

    @property
    def rank(self) -> int:
        """0 for open to 3 for closed."""
        return _RANKS[self]


_RANKS = {outcome: rank for rank, outcome in enumerate(Outcome)}


def both(*outcomes: Outcome) -> Outcome:
    """The outcome of gates that must all be open."""
    return max(outcomes, key=lambda each: each.rank, default=Outcome.OPEN)


def any_of(*outcomes: Outcome) -> Outcome:
    """The outcome of ways of which one is enough."""
    return min(outcomes, key=lambda each: each.rank, default=Outcome.CLOSED)


@dataclass(frozen=True, slots=True)
class Said:
    """What one statement said.

    Attributes:
        document: the policy.
        grant: what attaches it; None for a trust policy.
        statement: the statement's number in its policy, from 1.
        effect: `allow`, `deny`, `silent`, or `allow if`, `deny if` where conditions are not decided.
        subject: what was asked.
        open: the conditions that the request does not decide.
    """

    document: Document
    grant: Grant | None
    statement: int
    effect: str
    subject: Subject
    open: tuple[Condition, ...] = ()

    @property
    def element(self) -> str:
        """Which element of the statement matched or failed, in words; worked out when it is read."""
        source = self.document.source()
        return "" if source is None else reasons_of((source,), self.subject)[self.statement - 1].element


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a gate's policies say.

    Attributes:
        outcome: open, closed, open if conditions hold, or not to be told.
        said: one entry for each statement that was looked at, those that decided first.
        alternatives: where conditions decide, the sets of them of which one must hold; a set is all of it.
        unless: the sets of conditions of which none may hold as a whole.
        unknown: what could not be told, in words.
    """

    outcome: Outcome
    said: tuple[Said, ...] = ()
    alternatives: tuple[tuple[Condition, ...], ...] = ()
    unless: tuple[tuple[Condition, ...], ...] = ()
    unknown: tuple[str, ...] = ()
