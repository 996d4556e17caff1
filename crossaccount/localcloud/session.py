"""A role session: what AssumeRole hands out, bound to the role's id (section 4.5 of the facts)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crossaccount.policy import Source


@dataclass(frozen=True, slots=True)
class Session:
    """The credentials of one AssumeRole and what they stand for.

    Attributes:
        key_id: the access key id, beginning with `STS.`.
        secret: signs the session's calls; no repr shows it.
        token: goes with every call; no repr shows it.
        account_id: the account of the role.
        role_id: the role's id. The session lives while the account holds a role with this id, whatever its name.
        role_name: the role's name, to find it.
        name: the RoleSessionName.
        created: seconds since 1970, the cloud's time.
        expires: seconds since 1970, the cloud's time.
        policy_document: the `Policy` parameter as sent, or None.
        policy: the same as the evaluator takes it, or None.
        source_identity: the SourceIdentity given, or None.
        mfa: whether the session was opened with MFA.
    """

    key_id: str
    secret: str = field(repr=False)
    token: str = field(repr=False)
    account_id: str
    role_id: str
    role_name: str
    name: str
    created: float
    expires: float
    policy_document: str | None = None
    policy: Source | None = None
    source_identity: str | None = None
    mfa: bool = False
