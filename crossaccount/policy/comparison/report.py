"""What a comparison says: a verdict, rows with their witnesses, and what it cannot tell."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from crossaccount.policy.sets.membership import region_holds
from crossaccount.policy.sets.region import ALL_REQUESTS, NO_REQUEST, Region
from crossaccount.policy.sets.witness import Witness

if TYPE_CHECKING:
    from crossaccount.policy.catalogue import AccessClass, Action
    from crossaccount.policy.evaluation import Request


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
        phrase: what its value must be, e.g. `is in 10.0.0.0/8`, `is not `x` or is missing`.
        missing: whether a request without the key is meant as well.
        before: for a date, the moment before which the requests are meant; None where there is no end.
        binds: whether not just anybody meets it: not where every value does, or every IPv4 address, nor by
            the time, TLS or what a client calls itself.
    """

    step: str
    key: str
    phrase: str
    missing: bool = False
    before: str | None = None
    binds: bool = True

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
        unknown_actions: whether the row holds actions beyond the catalogue, as `fc:*` does.
        region: the row's requests as a set.
        wildcard: whether it holds a whole service (`*`, `fc:*`, `fc:?*`, even with exceptions), or every
            resource, or every one of a service in whatever account (`acs:fc:*`).
    """

    actions: tuple[Term, ...]
    resources: tuple[Term, ...]
    limits: tuple[Limit, ...]
    witness: Witness
    known_actions: tuple[Action, ...] = ()
    unknown_actions: bool = False
    wildcard: bool = False
    region: Region = field(default=NO_REQUEST, repr=False, compare=False)

    def holds(self, asked: Request | Witness) -> bool:
        """Whether a request is among the row's."""
        return _held(self.region, asked)

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
        region: at most these requests, as a set.
    """

    entry: str
    why: str
    may_gain: bool
    may_lose: bool
    actions: tuple[Term, ...] = ()
    resources: tuple[Term, ...] = ()
    limits: tuple[Limit, ...] = ()
    region: Region = field(default=ALL_REQUESTS, repr=False, compare=False)

    def may_hold(self, asked: Request | Witness) -> bool:
        """Whether a request may be among those that cannot be told."""
        return _held(self.region, asked)


def _held(region: Region, asked: Request | Witness) -> bool:
    witness = asked if isinstance(asked, Witness) else Witness(asked)
    return region_holds(region.boxes, witness) is not False


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
