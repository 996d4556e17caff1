"""What stacks and live accounts say about access, before it is put together.

A name that is not known yet is None; what depends on it is not certain.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from crossaccount.access.documents import Document
    from crossaccount.access.origin import Origin

HolderKind = Literal["user", "group", "role"]


@dataclass(frozen=True, slots=True)
class RoleFact:
    """A role that is declared, or live.

    Attributes:
        account: the account's id.
        name: the role's name as written; None where it is known only after `up`.
        inferred: whether its ARN follows from account and name, because it is not made yet.
        trust: its trust policy.
        max_session: the longest session in seconds; None where it is not told.
        origin: the resource.
        certain: whether it is there for sure.
        retired: whether it was replaced and waits to be deleted.
    """

    account: str
    name: str | None
    inferred: bool
    trust: Document
    max_session: int | None
    origin: Origin
    certain: bool = True
    retired: bool = False


@dataclass(frozen=True, slots=True)
class PrincipalFact:
    """A user or group that is declared, or live."""

    account: str
    kind: Literal["user", "group"]
    name: str
    origin: Origin
    certain: bool = True
    retired: bool = False


@dataclass(frozen=True, slots=True)
class AttachmentFact:
    """A policy on a user, group or role.

    Attributes:
        account: the account's id.
        holder_kind: what it is attached to.
        holder: its name.
        policy_kind: `System` or `Custom`.
        policy: the policy's name.
        origin: the attachment.
        certain: whether holder and policy are known, and the attachment is there for sure.
    """

    account: str
    holder_kind: HolderKind
    holder: str
    policy_kind: Literal["System", "Custom"]
    policy: str
    origin: Origin
    certain: bool = True


@dataclass(frozen=True, slots=True)
class MembershipFact:
    """A user in a group."""

    account: str
    user: str
    group: str
    origin: Origin
    certain: bool = True


@dataclass(frozen=True, slots=True)
class CredentialFact:
    """A way for a user to sign in: an access key or a console login. No secret is kept.

    Attributes:
        account: the account's id.
        user: the user's name.
        kind: `access key` or `console login`.
        detail: the key's status, or whether the login asks for a second factor.
        origin: the resource.
    """

    account: str
    user: str
    kind: Literal["access key", "console login"]
    detail: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class NotAnalysed:
    """Something that may give access and could not be read; shown in every output.

    Attributes:
        what: in words, with the reason, and at most how much it may give where that can be told.
        origin: where it is.
    """

    what: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Unread:
    """A part of a live account that a refused call kept from being read.

    Attributes:
        account: the account's id.
        part: a list (`roles`, `groups`, `users`, `policies`), or of one of them `trust`, `policy`, `members`,
            `access keys`, `attachments of role`, `attachments of group` or `attachments of user`.
        name: whose; empty for a list.
        why: the call and what it was answered.
    """

    account: str
    part: str
    name: str
    why: str

    def __str__(self) -> str:
        return f"{self.part}{f' `{self.name}`' if self.name else ''}"


@dataclass(slots=True)
class Facts:
    """All facts of some stacks or accounts.

    Attributes:
        accounts: the accounts, each with the places it was read from.
        complete: the accounts of which everything was read: the live ones.
        unread: what could not be read of live accounts; those are not complete.
        aliases: aliases of accounts, by account.
    """

    roles: list[RoleFact] = field(default_factory=list)
    principals: list[PrincipalFact] = field(default_factory=list)
    policies: list[Document] = field(default_factory=list)
    attachments: list[AttachmentFact] = field(default_factory=list)
    memberships: list[MembershipFact] = field(default_factory=list)
    credentials: list[CredentialFact] = field(default_factory=list)
    not_analysed: list[NotAnalysed] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    accounts: dict[str, list[str]] = field(default_factory=dict)
    complete: set[str] = field(default_factory=set)
    aliases: dict[str, str] = field(default_factory=dict)

    def add_account(self, account: str, place: str) -> None:
        """Notes that an account was read from a place."""
        places = self.accounts.setdefault(account, [])
        if place not in places:
            places.append(place)
