"""What signs a call: an access key, or a session's temporary key with its token."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Key:
    """An access key.

    Attributes:
        key_id: the access key id.
        secret: never shown.
        token: a session's token, None for a long-term key; never shown.
    """

    key_id: str
    secret: str = field(repr=False)
    token: str | None = field(default=None, repr=False)
