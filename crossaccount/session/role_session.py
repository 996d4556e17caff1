"""An open session of a role, and how long it may still be used."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field
from typing import Any

VERSION = 1
_LARGEST_MARGIN = 15 * 60
_CLOCK_TOLERANCE = 5 * 60
_FORM = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class RoleSession:
    """What AssumeRole answered (facts 4.2).

    Attributes:
        access_key_id: the temporary key's id, `STS....`.
        access_key_secret: never shown.
        security_token: never shown.
        expires: when STS ends it, in seconds since 1970.
        length: how many seconds were asked for.
        role_arn: the role.
        assumed_role_arn: the role with the session's name, as STS spells it.
        assumed_role_id: the role's id with the session's name.
        caller: the ARN of who assumed the role.
        request_id: STS's id of the call.
        source_identity: as asked for; empty for none.
    """

    access_key_id: str
    access_key_secret: str = field(repr=False)
    security_token: str = field(repr=False)
    expires: int
    length: int
    role_arn: str
    assumed_role_arn: str
    assumed_role_id: str
    caller: str
    request_id: str
    source_identity: str = ""

    @property
    def expiration(self) -> str:
        """When it ends, the way every consumer reads it: UTC, whole seconds, `Z`."""
        return time.strftime(_FORM, time.gmtime(self.expires))

    @property
    def margin(self) -> int:
        """How many seconds before its end it counts as used up: a quarter of its length, 15 minutes at most.

        The SDKs drop a key 3 to 15 minutes before its end; one handed out later would be fetched each time.
        """
        return min(_LARGEST_MARGIN, self.length // 4)

    def is_fresh(self, now: float) -> bool:
        """Whether it may be handed out.

        One that ends later than it could have when it was opened now tells that the clock went back since:
        it is not trusted.
        """
        return self.margin < self.expires - now <= self.length + _CLOCK_TOLERANCE

    def to_record(self) -> dict[str, Any]:
        """The session as plain JSON, secrets included, for the cache alone."""
        return {"version": VERSION, **asdict(self)}

    @classmethod
    def from_record(cls, record: object) -> RoleSession:
        """The session that `to_record` wrote.

        Raises:
            ValueError: it is no such record.
        """
        if not isinstance(record, dict) or record.pop("version", None) != VERSION:
            raise ValueError("is no cached session of this version")
        try:
            session = cls(**record)
        except TypeError:
            raise ValueError("lacks parts of a cached session") from None
        numbers = (session.expires, session.length)
        texts = [value for name, value in record.items() if name not in ("expires", "length")]
        if any(type(each) is not int for each in numbers) or any(type(each) is not str for each in texts):
            raise ValueError("holds parts of another kind than a cached session's")
        return session
