"""Identifiers and secrets in the shapes the services give them (section 1.6 of the facts).

They come from a keyed hash of a counter: with a seed the same calls make the same identifiers, a snapshot
keeps two values, and nothing made after a restore repeats what was made before.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import random
from typing import Any

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_LOWER = "abcdefghijklmnopqrstuvwxyz0123456789"


class Ids:
    """A source of identifiers.

    Args:
        seed: makes the identifiers repeatable; None takes a random one.
    """

    def __init__(self, seed: int | None = None) -> None:
        self._key = os.urandom(32) if seed is None else hashlib.sha256(str(seed).encode()).digest()
        self._count = 0
        self._requests = random.Random(self._key)  # noqa: S311  request ids are no secrets

    def _bytes(self, length: int) -> bytes:
        self._count += 1
        block = hashlib.shake_256(self._key + self._count.to_bytes(8, "big"))
        return block.digest(length)

    def _characters(self, length: int, alphabet: str = _ALPHABET) -> str:
        return "".join(alphabet[byte % len(alphabet)] for byte in self._bytes(length))

    def _digits(self, length: int) -> str:
        return self._characters(length, "0123456789")

    def role_id(self) -> str:
        """18 digits, beginning with 3."""
        return "3" + self._digits(17)

    def user_id(self) -> str:
        """18 digits, beginning with 2."""
        return "2" + self._digits(17)

    def group_id(self) -> str:
        """`g-` and 16 lower-case letters and digits."""
        return "g-" + self._characters(16, _LOWER)

    def access_key_id(self) -> str:
        """`LTAI5t` and 18 letters and digits."""
        return "LTAI5t" + self._characters(18)

    def access_key_secret(self) -> str:
        """30 letters and digits."""
        return self._characters(30)

    def sts_key_id(self) -> str:
        """`STS.N` and 24 letters and digits."""
        return "STS.N" + self._characters(24)

    def sts_secret(self) -> str:
        """44 letters and digits."""
        return self._characters(44)

    def sts_token(self) -> str:
        """A session's token: opaque, base64, begins with `CAES`, about 400 characters."""
        return "CAES" + base64.b64encode(self._bytes(297)).decode()

    def mfa_seed(self) -> str:
        """64 base32 characters: the secret of a virtual MFA device."""
        return base64.b32encode(self._bytes(40)).decode()

    def uuid(self) -> str:
        """A lower-case UUID, e.g. a function's id."""
        text = self._bytes(16).hex()
        return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:]}"

    def request_id(self) -> str:
        """An upper-case UUID, as RAM and STS answer it."""
        text = f"{self._requests.getrandbits(128):032X}"
        return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-A{text[17:20]}-{text[20:]}"

    def fc_request_id(self) -> str:
        """A request id as Function Compute answers it, e.g. `1-6a60e291-15ccc054-37a1225fda73`."""
        text = f"{self._requests.getrandbits(112):028x}"
        return f"1-{text[:8]}-{text[8:16]}-{text[16:]}"

    def seal(self, data: bytes) -> bytes:
        """A code that only who holds this source's key can make of `data`: 32 bytes."""
        return hmac.digest(self._key, data, "sha256")

    def to_json(self) -> dict[str, Any]:
        """What `from_json` needs to go on where this one stops."""
        return {"key": self._key.hex(), "count": self._count}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Ids:
        """The source that `to_json` described."""
        ids = cls()
        ids._key = bytes.fromhex(data["key"])
        ids._count = int(data["count"])
        return ids
