"""What a signed request claims: who signed it, when, and the text that was signed.

Each signature scheme reads a `Claim` out of a request; whether the claim is true is then one comparison, the
same for all.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from crossaccount.localcloud.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Callable

_STAMP_LENGTH = len("2026-11-23T23:20:54Z")


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim to have signed a request.

    Attributes:
        scheme: `ACS3`, `RPC1`, `ROA1` or `FC`.
        access_key_id: who claims.
        moment: when, in seconds since 1970.
        nonce: makes the request unique, or None where the scheme has none (FC).
        security_token: the session's token, or None.
        signature: the signature sent.
        to_sign: the text that was to be signed.
        sign: makes the signature of a text from a secret.
        also_to_sign: another text that the client may have signed, because what carried the request added to
            it; empty for none.
    """

    scheme: str
    access_key_id: str
    moment: float
    nonce: str | None
    security_token: str | None
    signature: str = field(repr=False)
    to_sign: str = field(repr=False)
    sign: Callable[[str, str], str] = field(repr=False)
    also_to_sign: str = field(default="", repr=False)

    def holds(self, secret: str) -> bool:
        """Whether the signature was made with `secret`; takes the same time wherever it differs."""
        return self._is_of(self.to_sign, secret) or (
            bool(self.also_to_sign) and self._is_of(self.also_to_sign, secret)
        )

    def _is_of(self, text: str, secret: str) -> bool:
        return hmac.compare_digest(self.sign(secret, text).encode(), self.signature.encode())


def incomplete(what: str) -> ApiError:
    """The refusal of a signature with a part missing or out of form, to be raised by the caller."""
    message = f"The request signature does not conform to Aliyun standards. {what}"
    return ApiError(400, "IncompleteSignature", message)


def _ill_formed(text: str) -> ApiError:
    message = f"Specified time stamp or date value is not well formatted: `{text[:64]}`."
    return ApiError(400, "InvalidTimeStamp.Format", message)


def iso_moment(text: str) -> float:
    """The moment of a time stamp like `2026-11-23T23:20:54Z`, in seconds since 1970.

    Raises:
        ApiError: 400 `InvalidTimeStamp.Format`.
    """
    if len(text) != _STAMP_LENGTH or text[-1] != "Z" or text[10] != "T":
        raise _ill_formed(text)
    try:
        return datetime.fromisoformat(text[:-1] + "+00:00").timestamp()
    except ValueError:
        raise _ill_formed(text) from None


def http_moment(text: str) -> float:
    """The moment of a date like `Mon, 23 Nov 2026 23:20:55 GMT`, in seconds since 1970.

    Raises:
        ApiError: 400 `InvalidTimeStamp.Format`.
    """
    try:
        moment = parsedate_to_datetime(text)
        if moment.tzinfo is None:
            raise _ill_formed(text)
        return moment.timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        raise _ill_formed(text) from None
