"""A limit on how long a client may take: one timer, set only while something is unfinished."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

REQUEST_LIMIT = 60.0


class Deadline:
    """A time limit that begins and ends; between the two it may expire.

    Args:
        seconds: how long.
        expired: called on the loop when the time is over; it may begin anew.
    """

    def __init__(self, seconds: float, expired: Callable[[], None]) -> None:
        self._seconds = seconds
        self._expired = expired
        self._timer: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Begins, unless it has begun; what comes later does not prolong it."""
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._seconds, self._expire)

    def end(self) -> None:
        """Ends in time, if it has begun."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _expire(self) -> None:
        self._timer = None
        self._expired()
