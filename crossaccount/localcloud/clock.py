"""The cloud's clock: it can be moved, so that a test need not wait for a session to expire.

Two readings are kept apart. The cloud's own time (`epoch`) decides session expiry, date conditions and
creation dates, and can be moved. The wall time (`wall`) is what clients sign by; they do not know that the
cloud's clock was moved, so the 15 minute window for a request's time stamp (section 6.7 of the facts) is
measured against it.
"""

from __future__ import annotations

import time
from datetime import datetime, timezone
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


_YEAR_10000 = 253402300800


def iso(epoch: float) -> str:
    """A moment as RAM and STS write it, e.g. `2026-11-23T23:14:43Z`: UTC, whole seconds (facts 3.1).

    Args:
        epoch: seconds since 1970-01-01T00:00:00Z.
    """
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(epoch))


class Clock:
    """A clock that can be moved forwards and back.

    Args:
        source: gives the wall time in seconds since 1970; a test may give a fixed one.
        offset: how far the cloud's time is ahead of the wall time, in seconds.
    """

    def __init__(self, source: Callable[[], float] = time.time, *, offset: float = 0.0) -> None:
        self._source = source
        self.offset = offset

    def wall(self) -> float:
        """The time clients sign by, in seconds since 1970."""
        return self._source()

    def epoch(self) -> float:
        """The cloud's time, in seconds since 1970."""
        return self._source() + self.offset

    def now(self) -> datetime:
        """The cloud's time, aware, in UTC."""
        return datetime.fromtimestamp(self.epoch(), timezone.utc)

    def iso(self) -> str:
        """The cloud's time as the services write it."""
        return iso(self.epoch())

    def advance(self, seconds: float) -> None:
        """Moves the cloud's time by `seconds`; negative values move it back.

        Raises:
            ValueError: when that leaves the years 1970 to 9999.
        """
        self._move_to(self.epoch() + seconds)

    def set(self, moment: datetime) -> None:
        """Makes `moment` the cloud's time now; it goes on from there.

        Raises:
            ValueError: when `moment` has no time zone, or lies outside the years 1970 to 9999.
        """
        if moment.tzinfo is None:
            raise ValueError(f"`{moment.isoformat()}` has no time zone; write it like `2026-11-23T23:14:43Z`")
        self._move_to(moment.timestamp())

    def _move_to(self, epoch: float) -> None:
        if not 0 <= epoch < _YEAR_10000:
            raise ValueError("the cloud's time stays within the years 1970 to 9999")
        self.offset = epoch - self._source()
