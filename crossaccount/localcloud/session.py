"""Role sessions: what AssumeRole hands out, bound to the role's id (section 4.5 of the facts)."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from crossaccount.policy import PolicyKind, Source, parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class Session:
    """The credentials of one AssumeRole and what they stand for.

    Attributes:
        key_id: the access key id, beginning with `STS.`.
        secret: signs the session's calls; no repr shows it.
        token: goes with every call; no repr shows it.
        account_id: the account of the role.
        role_id: the role's id. The session lives while the account holds a role with this id, whatever its
            name.
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


class Sessions:
    """All role sessions of a cloud, found by their access key id.

    Sessions that are long over are forgotten, so that a cloud that runs for days does not grow without end.
    """

    GRACE = 24 * 3600
    SWEEP_EVERY = 1024

    def __init__(self) -> None:
        self._by_key: dict[str, Session] = {}
        self._added = 0

    def __len__(self) -> int:
        return len(self._by_key)

    def add(self, session: Session) -> None:
        """Notes a new session; now and then forgets those that expired more than a day ago."""
        self._by_key[session.key_id] = session
        self._added += 1
        if self._added % self.SWEEP_EVERY == 0:
            kept = session.created - self.GRACE
            self._by_key = {key_id: each for key_id, each in self._by_key.items() if each.expires > kept}

    def find(self, key_id: str) -> Session | None:
        """The session with this access key id, over or not, or None."""
        return self._by_key.get(key_id)

    def knows_token(self, token: str) -> bool:
        """Whether any session has this token."""
        return any(session.token == token for session in self._by_key.values())

    def to_json(self) -> list[dict[str, Any]]:
        """All sessions, sorted by access key id; secrets and tokens are in it."""
        kept = [entry for entry in fields(Session) if entry.name != "policy"]
        return [
            {entry.name: getattr(session, entry.name) for entry in kept}
            for _, session in sorted(self._by_key.items())
        ]

    @classmethod
    def from_json(cls, data: Iterable[Mapping[str, Any]]) -> Sessions:
        """The sessions that `to_json` wrote.

        Raises:
            TypeError, crossaccount.policy.PolicyError: when `data` is no such list.
        """
        sessions = cls()
        for item in data:
            document = item["policy_document"]
            policy = session_policy_source(document) if document is not None else None
            session = Session(**item, policy=policy)
            sessions._by_key[session.key_id] = session
        return sessions


def session_policy_source(document: str) -> Source:
    """A session policy as the evaluator takes it.

    Raises:
        crossaccount.policy.PolicyError: when it is no session policy.
    """
    return Source("session policy", parse(document, PolicyKind.SESSION))
