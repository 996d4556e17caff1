"""Who makes a call: an account's root, a RAM user, a role session, or whom a provider vouches for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from crossaccount.policy import Principal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.localcloud.account import Account
    from crossaccount.localcloud.ram.entities import Role, User
    from crossaccount.localcloud.session import Session
    from crossaccount.policy.principal import PrincipalType

CallerKind = Literal["root", "user", "session", "federated"]


@dataclass(frozen=True, slots=True)
class Vouched:
    """What a verified token of an identity provider says.

    Attributes:
        provider: the provider as its ARN ends, e.g. `oidc-provider/ci`.
        subject: whom it names.
        context: the condition keys it gives, e.g. `oidc:sub`.
        info: what the answer repeats of it, under the name the API gives it.
        session_name: what it calls the session, where it does.
    """

    provider: str
    subject: str
    context: Mapping[str, str | tuple[str, ...]]
    info: Mapping[str, Mapping[str, str]]
    session_name: str = ""


@dataclass(frozen=True, slots=True)
class Caller:
    """The caller of one call, resolved from its access key when the call came in.

    Attributes:
        kind: `root`, `user`, `session` or `federated`.
        account: the caller's account; for a session, the role's.
        access_key_id: the key that signed; empty for kind `federated`.
        user: the RAM user, for kind `user`.
        role: the role, for kind `session`.
        session: the session, for kind `session`.
        vouched: what the identity provider said, for kind `federated`.
    """

    kind: CallerKind
    account: Account
    access_key_id: str
    user: User | None = None
    role: Role | None = None
    session: Session | None = None
    vouched: Vouched | None = None

    @property
    def name(self) -> str:
        """The user's or role's name; `root` for the root; the provider, e.g. `oidc-provider/ci`."""
        if self.vouched is not None:
            return self.vouched.provider
        entity = self.user or self.role
        return entity.name if entity is not None else "root"

    @property
    def mfa(self) -> bool:
        """Whether the caller signed in with MFA (`acs:MFAPresent`); an access key alone is none."""
        return self.session is not None and self.session.mfa

    @property
    def source_identity(self) -> str | None:
        """The SourceIdentity the session carries, or None."""
        return self.session.source_identity if self.session is not None else None

    @property
    def principal(self) -> Principal:
        """The caller as a trust policy names it (section 1.7 of the facts): a session is its role."""
        kind: PrincipalType = "role" if self.kind == "session" else self.kind
        return Principal(self.account.id, kind, self.name)

    @property
    def arn(self) -> str:
        """The ARN GetCallerIdentity answers (section 4.4 of the facts)."""
        if self.session is not None:
            role = self.session.role_name.lower()
            return f"acs:ram::{self.account.id}:assumed-role/{role}/{self.session.name}"
        if self.user is not None:
            return self.user.arn
        if self.vouched is not None:
            return f"acs:ram::{self.account.id}:{self.vouched.provider}"
        return self.account.root_arn

    @property
    def principal_id(self) -> str:
        """The id GetCallerIdentity answers: account id, user id, or `<RoleId>:<session>`."""
        if self.session is not None:
            return f"{self.session.role_id}:{self.session.name}"
        if self.user is not None:
            return self.user.user_id
        if self.vouched is not None:
            return f"{self.vouched.provider}:{self.vouched.subject}"
        return self.account.id

    @property
    def display_name(self) -> str:
        """The caller in AccessDeniedDetail: account id, user id, or `<Role>:<Session>` (facts 3.3)."""
        if self.session is not None:
            return f"{self.session.role_name}:{self.session.name}"
        return self.principal_id
