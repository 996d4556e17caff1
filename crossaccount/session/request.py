"""What a session is asked for: everything that makes it what it is.

Source: facts 4.1, "STS: AssumeRole".
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from hashlib import sha256

from crossaccount.session.errors import ErrorKind, SessionError

SHORTEST, LONGEST, DEFAULT = 900, 43200, 3600
LARGEST_POLICY = 2048
CENTRAL = "sts.aliyuncs.com"
_ROLE_ARN = re.compile(r"acs:ram:\*?:([0-9]{16}):role/([A-Za-z0-9.-]{1,64})")
_SESSION_NAME = re.compile(r"[A-Za-z0-9.@_-]{2,64}")
_EXTERNAL_ID = re.compile(r"[\w+=,.@:/-]{2,1224}", re.ASCII)
_SOURCE_IDENTITY = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)
_HOST = re.compile(r"[A-Za-z0-9.-]+(:[0-9]{1,5})?")


@dataclass(frozen=True, slots=True)
class SessionRequest:
    """The parameters of AssumeRole, checked before anything is called.

    Args:
        role_arn: `acs:ram::<16 digits>:role/<name>`.
        duration: seconds, 900 to 43200; the role's own maximum is checked by STS.
        session_name: 2 to 64 letters, digits and `.@_-`; None for the caller's own name.
        external_id: 2 to 1224 characters; None for none; not shown.
        policy: a session policy as JSON text, at most 2048 characters; None for none.
        source_identity: 2 to 64 characters; None for none.
        endpoint: the STS host, with a port where it is a local cloud's.

    Raises:
        SessionError: of kind USAGE, naming what is wrong.
    """

    role_arn: str
    duration: int = DEFAULT
    session_name: str | None = None
    external_id: str | None = field(default=None, repr=False)
    policy: str | None = None
    source_identity: str | None = None
    endpoint: str = CENTRAL

    def __post_init__(self) -> None:
        _match(_ROLE_ARN, self.role_arn, "role", "write `acs:ram::<16 digits>:role/<role name>`")
        if not SHORTEST <= self.duration <= LONGEST:
            raise _wrong(
                f"the duration `{self.duration}` is out of bounds",
                f"give {SHORTEST} (15 minutes) to {LONGEST} (12 hours) seconds, at most the role's maximum",
            )
        _match(_SESSION_NAME, self.session_name, "session name", "write 2 to 64 letters, digits and `.@_-`")
        _match(
            _SOURCE_IDENTITY, self.source_identity, "source identity", "write 2 to 64 of `A-Za-z0-9_+=,.@-`"
        )
        _match(_HOST, self.endpoint, "endpoint", "write `host` or `host:port`, without a scheme and a path")
        if self.external_id is not None and not _EXTERNAL_ID.fullmatch(self.external_id):
            raise _wrong("the external id is malformed", "it has 2 to 1224 letters, digits and `_+=,.@:/-`")
        if self.policy is not None:
            _check_policy(self.policy)

    @property
    def account(self) -> str:
        """The id of the role's account."""
        return self.role_arn.split(":")[3]

    @property
    def role_name(self) -> str:
        """The role's name."""
        return self.role_arn.partition("/")[2]

    def cache_key(self, source: str) -> str:
        """What the session is cached under: a digest of everything that makes it what it is.

        Args:
            source: who assumes the role: the source's access key id, or a digest of its settings.
        """
        parts = (
            source,
            self.role_arn,
            self.external_id,
            self.policy,
            self.duration,
            self.session_name,
            self.source_identity,
            self.endpoint,
        )
        return sha256(json.dumps(parts).encode()).hexdigest()[:40]


def _match(form: re.Pattern[str], value: str | None, what: str, advice: str) -> None:
    if value is not None and not form.fullmatch(value):
        raise _wrong(f"`{value}` is no {what}", advice)


def _check_policy(text: str) -> None:
    if not 1 <= len(text) <= LARGEST_POLICY:
        raise _wrong(
            f"the session policy is {len(text)} characters long",
            f"STS takes at most {LARGEST_POLICY}: name fewer actions and resources",
        )
    try:
        document = json.loads(text)
    except ValueError:
        document = None
    if not isinstance(document, dict) or "Statement" not in document:
        raise _wrong(
            "the session policy is no policy document",
            'write JSON: `{"Version": "1", "Statement": [...]}`',
        )


def _wrong(text: str, advice: str) -> SessionError:
    return SessionError(ErrorKind.USAGE, text, advice)
