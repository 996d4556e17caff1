"""The nodes of the access graph: users, groups, roles, and whoever stands outside what was given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from crossaccount.policy import Principal

if TYPE_CHECKING:
    from crossaccount.access.documents import Document
    from crossaccount.access.facts import CredentialFact
    from crossaccount.access.origin import Origin

OutsiderKind = Literal["account", "user", "role", "service", "provider", "unknown"]


@dataclass(frozen=True, slots=True)
class Grant:
    """A policy that a user, group or role holds.

    Attributes:
        document: the policy.
        origin: the attachment.
        group: the group it comes through; empty where it is attached to the holder itself.
        membership: what puts the user into that group; None where there is no group.
        certain: whether holder and policy are known and the attachment is there for sure.
    """

    document: Document
    origin: Origin
    group: str = ""
    membership: Origin | None = None
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Root:
    """An account itself: it passes every check of its own account and may never assume a role."""

    account: str

    @property
    def arn(self) -> str:
        """The ARN that stands for the account."""
        return f"acs:ram::{self.account}:root"

    @property
    def principal(self) -> Principal:
        """The root as a trust policy is asked about it."""
        return Principal(self.account, "root")

    @property
    def label(self) -> str:
        """The root in words."""
        return f"account `{self.account}` itself"


@dataclass(frozen=True, slots=True)
class User:
    """A RAM user.

    Attributes:
        account: the account's id.
        name: the user's name, case kept.
        origin: what declares the user; None where stacks only mention it, who may then hold more.
        grants: the policies of the user and of its groups.
        groups: the names of the groups the user is in.
        credentials: how the user can sign in, as far as stacks say.
        certain: whether the user is there for sure.
    """

    account: str
    name: str
    origin: Origin | None
    grants: tuple[Grant, ...] = ()
    groups: tuple[str, ...] = ()
    credentials: tuple[CredentialFact, ...] = ()
    certain: bool = True

    @property
    def arn(self) -> str:
        """The user's ARN."""
        return f"acs:ram::{self.account}:user/{self.name}"

    @property
    def principal(self) -> Principal:
        """The user as a trust policy names it."""
        return Principal(self.account, "user", self.name)

    @property
    def label(self) -> str:
        """The user in words."""
        return f"user `{self.name}`"


@dataclass(frozen=True, slots=True)
class Group:
    """A group of users, and, asked as a principal, a member that holds nothing else.

    Attributes:
        account: the account's id.
        name: the group's name, case kept.
        origin: what declares the group; None where stacks only mention it.
        grants: the group's policies.
        members: the names of the users that stacks put into it.
        certain: whether the group is there for sure.
    """

    account: str
    name: str
    origin: Origin | None
    grants: tuple[Grant, ...] = ()
    members: tuple[str, ...] = ()
    certain: bool = True

    @property
    def arn(self) -> str:
        """The group's ARN."""
        return f"acs:ram::{self.account}:group/{self.name}"

    @property
    def principal(self) -> Principal:
        """A member whose name no trust policy can hold: only an account's root stands for it."""
        return Principal(self.account, "user", f"group/{self.name}")

    @property
    def label(self) -> str:
        """The group in words."""
        return f"a member of group `{self.name}`"


@dataclass(frozen=True, slots=True)
class Role:
    """A RAM role, and, asked as a principal, a session of it.

    Attributes:
        account: the account's id.
        name: the role's name, case kept; None where it is known only after `up`.
        origin: what declares the role; None where stacks only mention it.
        trust: its trust policy.
        grants: its policies.
        max_session: the longest session in seconds; None where it is not told.
        inferred: whether the ARN follows from account and name, because the role is not made yet.
        certain: whether the role is there for sure.
        retired: whether it was replaced and waits to be deleted; until then it is there.
    """

    account: str
    name: str | None
    origin: Origin | None
    trust: Document
    grants: tuple[Grant, ...] = ()
    max_session: int | None = None
    inferred: bool = False
    certain: bool = True
    retired: bool = False

    @property
    def arn(self) -> str:
        """The role's ARN as RAM prints it, in lower case; `?` stands for a name that is not known."""
        return f"acs:ram::{self.account}:role/{'?' if self.name is None else self.name.lower()}"

    @property
    def principal(self) -> Principal:
        """A session of the role, as a trust policy names it."""
        return Principal(self.account, "role", self.name or "?")

    @property
    def label(self) -> str:
        """The role in words."""
        if self.name is None:
            return f"role `{self.trust.name}` (its name is known only after `up`)"
        return f"role `{self.name}`"


@dataclass(frozen=True, slots=True)
class Outsider:
    """Somebody a trust policy names and no stack declares.

    Attributes:
        kind: `account`: whoever that account lets; `user`, `role`: that one; `service`: an Alibaba Cloud
            service; `provider`: whoever that identity provider vouches for; `unknown`: cannot be told.
        account: the account's id; empty for a service.
        name: the user's, role's or service's name, or the provider's, e.g. `saml-provider/idp`; empty for an
            account.
    """

    kind: OutsiderKind
    account: str
    name: str = ""

    @property
    def arn(self) -> str:
        """What a trust policy writes for it."""
        if self.kind == "account":
            return f"acs:ram::{self.account}:root"
        if self.kind in ("user", "role"):
            return f"acs:ram::{self.account}:{self.kind}/{self.name}"
        if self.kind == "provider":
            return f"acs:ram::{self.account}:{self.name}"
        return self.name or "?"

    @property
    def principal(self) -> Principal:
        """The outsider as a trust policy is asked about it; anybody of an account stands for the account."""
        if self.kind == "service":
            return Principal("", "service", self.name)
        if self.kind == "provider":
            return Principal(self.account, "federated", self.name)
        kind: Literal["user", "role"] = "role" if self.kind == "role" else "user"
        return Principal(self.account, kind, self.name or "/anybody")

    @property
    def label(self) -> str:
        """The outsider in words."""
        words = {
            "account": f"whoever account `{self.account}` lets",
            "user": f"user `{self.name}`",
            "role": f"role `{self.name}`",
            "service": f"service `{self.name}`",
            "provider": f"whoever `{self.name}` vouches for",
            "unknown": "nobody can tell who",
        }
        return words[self.kind]


Node: TypeAlias = "Root | User | Group | Role | Outsider"
