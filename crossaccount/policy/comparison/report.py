"""What a comparison says: a verdict, rows with their witnesses, and what it cannot tell."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crossaccount.policy.catalogue import AccessClass, Action
    from crossaccount.policy.sets import Witness


class Change(Enum):
    """How the set after relates to the set before."""

    SAME = "same"
    MORE = "more"
    LESS = "less"
    INCOMPARABLE = "incomparable"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True, slots=True)
class Term:
    """Names in the pattern language: those that match all of `patterns` and none of `exceptions`.

    Attributes:
        patterns: as the policies write them, nearly always one; never empty.
        exceptions: as the policies write them.
    """

    patterns: tuple[str, ...]
    exceptions: tuple[str, ...] = ()

    def __str__(self) -> str:
        text = " and ".join(self.patterns)
        return f"{text} except {', '.join(self.exceptions)}" if self.exceptions else text


@dataclass(frozen=True, slots=True)
class Limit:
    """A condition of a row.

    Attributes:
        step: the earlier request it binds (`PermissionSet.behind`); empty for the call itself.
        key: the condition key.
        phrase: what its value must be, e.g. `is in 10.0.0.0/8`, `is missing or is not x`.
    """

    step: str
    key: str
    phrase: str

    def __str__(self) -> str:
        return f"{self.key} {self.phrase}" + (f" when assuming {self.step}" if self.step else "")


@dataclass(frozen=True, slots=True)
class Row:
    """Requests that are gained, or lost, all of them: the widest such product of actions, resources, limits.

    Attributes:
        actions: alternatives.
        resources: alternatives.
        limits: conditions, all of which hold; none where the context does not matter.
        witness: one of the requests, which the evaluator allows on one side and refuses on the other.
        known_actions: the actions of the catalogue in the row, by name.
        classes: the access classes of `known_actions`.
        unknown_actions: whether the row holds actions beyond the catalogue, e.g. all of `fc:*`.
        wildcard: whether the row holds unboundedly many actions on every resource, or all of a service's.
    """

    actions: tuple[Term, ...]
    resources: tuple[Term, ...]
    limits: tuple[Limit, ...]
    witness: Witness
    known_actions: tuple[Action, ...] = ()
    unknown_actions: bool = False
    wildcard: bool = False

    @property
    def classes(self) -> frozenset[AccessClass]:
        """The access classes of the known actions."""
        return frozenset(action.access for action in self.known_actions)


@dataclass(frozen=True, slots=True)
class CannotTell:
    """Something that the comparison could not decide; never left out.

    Attributes:
        entry: what it is about, e.g. a policy's label, or a condition as it is written.
        why: the reason, lower case.
        may_gain: whether requests of `at_most` may be gained.
        may_lose: whether they may be lost.
        actions: at most these actions; empty where not even that is known.
        resources: at most these resources.
        limits: at most under these conditions.
    """

    entry: str
    why: str
    may_gain: bool
    may_lose: bool
    actions: tuple[Term, ...] = ()
    resources: tuple[Term, ...] = ()
    limits: tuple[Limit, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """The outcome for two permission sets.

    Attributes:
        verdict: `SAME` only where that is proven.
        gained: what only the set after allows.
        lost: what only the set before allows.
        cannot_tell: what is neither in the rows nor proven to be unchanged.
    """

    verdict: Change
    gained: tuple[Row, ...] = ()
    lost: tuple[Row, ...] = ()
    cannot_tell: tuple[CannotTell, ...] = ()
