"""Who makes a call: an account's root, a RAM user, or a role session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from crossaccount.policy import Principal

if TYPE_CHECKING:
    from crossaccount.localcloud.account import Account
    from crossaccount.localcloud.ram.entities import Role, User
    from crossaccount.localcloud.session import Session

CallerKind = Literal["root", "user", "session"]


@dataclass(frozen=True, slots=True)
class Caller:
    """The caller of one call, resolved from its access key when the call came in.

    Attributes:
        kind: `root`, `user` or `session`.
        account: the caller's account; for a session, the role's.
        access_key_id: the key that signed.
        user: the RAM user, for kind `user`.
        role: the role, for kind `session`.
        session: the session, for kind `session`.
    """

    kind: CallerKind
    account: Account
    access_key_id: str
    user: User | None = None
    role: Role | None = None
    session: Session | None = None

    @property
    def name(self) -> str:
        """The user's or role's name; `root` for the root."""
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
        kind: Literal["root", "user", "role"] = "role" if self.kind == "session" else self.kind
        return Principal(self.account.id, kind, self.name)

    @property
    def arn(self) -> str:
        """The ARN GetCallerIdentity answers (section 4.4 of the facts)."""
        if self.session is not None:
            role = self.session.role_name.lower()
            return f"acs:ram::{self.account.id}:assumed-role/{role}/{self.session.name}"
        if self.user is not None:
            return self.user.arn
        return self.account.root_arn

    @property
    def principal_id(self) -> str:
        """The id GetCallerIdentity answers: account id, user id, or `<RoleId>:<session>`."""
        if self.session is not None:
            return f"{self.session.role_id}:{self.session.name}"
        if self.user is not None:
            return self.user.user_id
        return self.account.id

    @property
    def display_name(self) -> str:
        """The caller in AccessDeniedDetail: account id, user id, or `<Role>:<Session>` (facts 3.3)."""
        if self.session is not None:
            return f"{self.session.role_name}:{self.session.name}"
        return self.principal_id
