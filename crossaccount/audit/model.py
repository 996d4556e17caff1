"""What an audit says: each delegation, who may use it, what it gives, and what is wrong with it, as values.

Every form (terminal, CSV, JSON, Markdown, HTML) prints these and nothing else, and all print the same rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crossaccount.access.origin import Origin

Certainty = Literal["yes", "under conditions", "cannot tell"]


class Grade(Enum):
    """How grave a finding is; the order is that of the report."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """0 for the gravest to 3."""
        return _RANKS[self.value]


_RANKS = {"high": 0, "medium": 1, "low": 2, "note": 3}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that an auditor would ask about.

    Attributes:
        code: a stable name in kebab case, e.g. `no-external-id`.
        grade: how grave.
        title: what it is, in one line.
        explanation: why that matters here, with the names it is about.
        mend: what to change, or which command to run.
        origins: the resources that show it.
    """

    code: str
    grade: Grade
    title: str
    explanation: str
    mend: str
    origins: tuple[Origin, ...] = ()


@dataclass(frozen=True, slots=True)
class Assumer:
    """Somebody who may assume a role.

    Attributes:
        label: who, in words, e.g. "user `dev`".
        kind: `user`, `role`, `group`, `account`, `service`, `provider` or `unknown`.
        account: the account's id; empty for a service.
        arn: the ARN.
        certainty: whether for sure, if conditions hold, or perhaps.
        conditions: the conditions, or what cannot be told, in words.
        groups: the groups through which the identity policy comes.
        origins: the resources that let it, its own first.
    """

    label: str
    kind: str
    account: str
    arn: str
    certainty: Certainty
    conditions: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    origins: tuple[Origin, ...] = ()


@dataclass(frozen=True, slots=True)
class Right:
    """What one statement that allows, or one policy that is not known, gives a role.

    Attributes:
        policy: the policy in words, e.g. "system policy `AliyunFCReadOnlyAccess`".
        actions: the patterns as written; of `NotAction` "every action but ...".
        means: the actions of the catalogue they stand for, less what a deny takes for sure.
        classes: the access classes of those, `read`, `write`, `invoke`, `permission management`.
        beyond: whether the patterns hold actions that are not in the catalogue.
        resources: the patterns as written.
        conditions: in words; all of them hold.
        words: the right in one sentence.
        certain: whether it is there for sure.
        origin: the attachment.
    """

    policy: str
    actions: tuple[str, ...]
    means: tuple[str, ...]
    classes: tuple[str, ...]
    beyond: bool
    resources: tuple[str, ...]
    conditions: tuple[str, ...]
    words: str
    certain: bool = True
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Delegation:
    """A role that somebody of another account may assume, or was made for that.

    Attributes:
        owner: the account of the role.
        owner_alias: its alias; empty if not known.
        partners: the other accounts that its trust policy names, sorted.
        role: the role's name; `?` where it is known only after `up`.
        role_arn: its ARN.
        assumers: who may assume it today.
        rights: what a session may do.
        conditions: the conditions of the trust policy in words; all of them hold.
        session_seconds: the longest session; None where it is not told.
        expires: when trust ends by itself, RFC 3339; empty if never.
        external_id: `asked`, `not asked` or `cannot tell`; its value is never kept.
        created: when the role was made, RFC 3339; empty if not recorded.
        modified: when the role, a policy or an attachment was last changed; empty if not recorded.
        origin: the role's resource; None where no stack declares it.
        findings: what is wrong with it, the gravest first.
    """

    owner: str
    owner_alias: str
    partners: tuple[str, ...]
    role: str
    role_arn: str
    assumers: tuple[Assumer, ...]
    rights: tuple[Right, ...]
    conditions: tuple[str, ...] = ()
    session_seconds: int | None = None
    expires: str = ""
    external_id: str = "not asked"
    created: str = ""
    modified: str = ""
    origin: Origin | None = None
    findings: tuple[Finding, ...] = ()

    def rows(self) -> Iterator[Row]:
        """Every right of every principal, one at a time."""
        for assumer in self.assumers or (None,):
            for right in self.rights or (None,):
                yield Row(self, assumer, right)


@dataclass(frozen=True, slots=True)
class Source:
    """A state, or a live account, that was read.

    Attributes:
        where: the file, the backend's URL, or the account.
        stack: `<project>/<stack>`; empty for a live account.
        account: the account's id.
        resources: how many resources it holds.
        written: when it was written, or read where it is live, RFC 3339; empty if not recorded.
        version: the update's number or the checkpoint's name; empty if not recorded.
        digest: the SHA-256 of what was read, in hexadecimal; empty for a live account.
    """

    where: str
    stack: str = ""
    account: str = ""
    resources: int = 0
    written: str = ""
    version: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A state that could not be read: the report is without it, and says so."""

    where: str
    why: str


@dataclass(frozen=True, slots=True)
class Row:
    """One right of one principal: a line of the CSV, and of every other form.

    `assumer` is None for a role that nobody can assume; `right` is None for a role that gives nothing.
    """

    delegation: Delegation
    assumer: Assumer | None
    right: Right | None


@dataclass(frozen=True, slots=True)
class Report:
    """An audit.

    Attributes:
        as_of: the moment it answers for, RFC 3339.
        sources: what was read.
        delegations: by owner's account, then role.
        findings: those that belong to no delegation of the report, the gravest first.
        not_analysed: what may give access and could not be read, in words, with where it is.
        conflicts: rival claims, in words.
        left_out: states that could not be read.
    """

    as_of: str
    sources: tuple[Source, ...]
    delegations: tuple[Delegation, ...]
    findings: tuple[Finding, ...] = ()
    not_analysed: tuple[tuple[str, Origin], ...] = ()
    conflicts: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    def rows(self) -> Iterator[Row]:
        """Every right of every principal, one at a time, in the report's order."""
        for delegation in self.delegations:
            yield from delegation.rows()

    @property
    def complete(self) -> bool:
        """Whether everything that was given could be read."""
        return not self.left_out
