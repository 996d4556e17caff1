"""The codes a virtual MFA device shows: six digits, a new one every 30 seconds (RFC 6238)."""

from __future__ import annotations

import base64
import hashlib
import hmac

STEP_SECONDS = 30
DIGITS = 6
_DRIFT = 2


def code(seed: str, step: int) -> str:
    """The code of one step.

    Args:
        seed: the device's Base32StringSeed.
        step: the number of the 30 second step since 1970.
    """
    digest = hmac.new(base64.b32decode(seed), step.to_bytes(8, "big"), hashlib.sha1).digest()
    start = digest[-1] & 0x0F
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def are_consecutive(seed: str, first: str, second: str, now: float) -> bool:
    """Whether two codes are those of two steps in a row, at most a minute away from now.

    Args:
        seed: the device's Base32StringSeed.
        first: the earlier code.
        second: the code after it.
        now: seconds since 1970.
    """
    here = int(now // STEP_SECONDS)
    steps = range(here - _DRIFT, here + _DRIFT)
    return any((code(seed, step), code(seed, step + 1)) == (first, second) for step in steps)
