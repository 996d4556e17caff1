"""Two refusals of a well-signed request: signed at another time, and sent before (facts 6.7)."""

from __future__ import annotations

from crossaccount.localcloud.errors import ApiError

WINDOW = 15 * 60


def check_moment(moment: float, wall: float) -> None:
    """Refuses a request whose time stamp is more than 15 minutes away from the wall time.

    Args:
        moment: when the client says it signed, in seconds since 1970.
        wall: the wall time, in seconds since 1970.

    Raises:
        ApiError: 400 `InvalidTimeStamp.Expired`.
    """
    if abs(wall - moment) > WINDOW:
        raise ApiError(400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.")


class Nonces:
    """The nonces used lately, each for one access key.

    A nonce is remembered for at least 30 minutes: a time stamp may lie 15 minutes ahead and is good for 15
        more. Two generations
    are kept and the older one is dropped whole, so that remembering costs the same for every request.
    """

    def __init__(self) -> None:
        self._since = 0.0
        self._recent: set[tuple[str, str]] = set()
        self._older: set[tuple[str, str]] = set()

    def use(self, access_key_id: str, nonce: str, wall: float) -> None:
        """Notes a nonce as used.

        Raises:
            ApiError: 400 `SignatureNonceUsed` when this key used it before.
        """
        if wall - self._since > 2 * WINDOW:
            forgotten = wall - self._since > 4 * WINDOW
            self._older = set() if forgotten else self._recent
            self._recent = set()
            self._since = wall
        entry = (access_key_id, nonce)
        if entry in self._recent or entry in self._older:
            raise ApiError(400, "SignatureNonceUsed", "Specified signature nonce was used already.")
        self._recent.add(entry)
