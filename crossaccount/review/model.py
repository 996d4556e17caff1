"""What a permission diff says: for each principal and role what is gained, lost, or cannot be told."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from crossaccount.policy.comparison import Change

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crossaccount.policy.sets import PermissionSet, Witness
    from crossaccount.policy.sets.region import Region


class Kind(Enum):
    """What happens to the requests of a row; the order is that of the report."""

    GAINED = "gained"
    MAYBE_GAINED = "maybe gained"
    LOST = "lost"
    MAYBE_LOST = "maybe lost"

    @property
    def gains(self) -> bool:
        """Whether somebody may have more afterwards."""
        return self in (Kind.GAINED, Kind.MAYBE_GAINED)

    @property
    def sure(self) -> bool:
        """Whether it is proven, with a witness."""
        return self in (Kind.GAINED, Kind.LOST)


@dataclass(frozen=True, slots=True)
class Cause:
    """A changed resource that a row comes from.

    Attributes:
        what: what happened to it, e.g. `attached`, `document changed`.
        urn: the resource; empty for what no stack declares.
        position: the line of the program that declares it; empty if not recorded.
        trace: the program's own lines that led there, innermost first.
        stack: `<project>/<stack>`.
        changed: the line that differs between two revisions, `Pulumi.account-a.yaml:31`; empty if not known.
    """

    what: str
    urn: str = ""
    position: str = ""
    trace: tuple[str, ...] = ()
    stack: str = ""
    changed: str = ""

    @property
    def line(self) -> str:
        """The changed line where it is known, else the line that declares the resource."""
        return self.changed or self.position

    @property
    def resource(self) -> str:
        """The resource by type and name, e.g. `RolePolicyAttachment reader`."""
        kind, _, name = self.urn.rpartition("::")
        return f"{kind.rpartition(':')[2]} {name}" if self.urn else "something no stack declares"

    def __str__(self) -> str:
        place = f" at {self.line}" if self.line else ""
        return f"{self.resource} {self.what}{place}"


@dataclass(frozen=True, slots=True)
class DiffRow:
    """Requests that one principal gains or loses through one role, or as itself.

    Attributes:
        kind: gained, lost, or maybe.
        principal: who, in words.
        principal_arn: its ARN; of an account its root's, which stands for whoever the account lets.
        account: the principal's account; empty for a service.
        role: the ARN of the role whose permissions they are; the principal's own where it acts as itself.
        path: the roles assumed, in order, by ARN.
        actions: patterns, alternatives; for a maybe the most it can be.
        resources: patterns, alternatives.
        conditions: in words; all of them hold.
        classes: the access classes of the known actions among them.
        unknown_actions: whether it holds actions beyond the catalogue.
        wildcard: whether it holds every resource or a whole service.
        expires: whether the row ends by itself at a date.
        bounded: whether somebody narrower than a whole account, or a condition on assuming, bounds who it is.
        new_account: whether the principal's account had no way into the role's account before.
        causes: the changed resources, the nearest first.
        ends_after: of a loss through a role, the seconds after which the last session opened before has
            ended, at the latest; 0 for a loss at once; None for a gain.
        witness: a request of the row; None for a maybe.
        why: for a maybe, what cannot be told and why.
        region: the requests as a set.
    """

    kind: Kind
    principal: str
    principal_arn: str
    account: str
    role: str
    path: tuple[str, ...]
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: tuple[str, ...]
    classes: tuple[str, ...]
    unknown_actions: bool
    wildcard: bool
    expires: bool
    bounded: bool
    new_account: bool
    causes: tuple[Cause, ...]
    ends_after: int | None = None
    witness: Witness | None = None
    why: str = ""
    region: Region | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Compared:
    """The two sets of one principal and role that differ."""

    principal_arn: str
    role: str
    before: PermissionSet
    after: PermissionSet
    verdict: Change


@dataclass(frozen=True, slots=True)
class PrincipalVerdict:
    """How one principal fares over all its paths."""

    principal: str
    principal_arn: str
    verdict: Change


@dataclass(frozen=True, slots=True)
class NotRead:
    """Something that may give access and was not analysed.

    Attributes:
        what: in words.
        place: the resource and line.
        new: whether it came, changed or went.
    """

    what: str
    place: str
    new: bool


@dataclass(frozen=True, slots=True)
class PermissionDiff:
    """What changes for whom.

    Attributes:
        rows: the widest risk first.
        principals: the principals of which something changed or could not be told.
        unchanged: how many principals keep exactly what they had.
        not_read: what was not analysed.
        compared: the sets that were compared.
    """

    rows: tuple[DiffRow, ...]
    principals: tuple[PrincipalVerdict, ...]
    unchanged: int
    not_read: tuple[NotRead, ...] = ()
    compared: tuple[Compared, ...] = field(default=(), repr=False, compare=False)

    def of(self, *kinds: Kind) -> tuple[DiffRow, ...]:
        """The rows of these kinds."""
        return tuple(row for row in self.rows if row.kind in kinds)


def together(verdicts: Iterable[Change]) -> Change:
    """One verdict for several sets."""
    found = set(verdicts)
    if Change.INCOMPARABLE in found or {Change.MORE, Change.LESS} <= found:
        return Change.INCOMPARABLE
    for verdict in (Change.CANNOT_TELL, Change.MORE, Change.LESS):
        if verdict in found:
            return verdict
    return Change.SAME
