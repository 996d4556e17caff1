"""One caller at a time opens a session that many wait for; the kernel frees a killed one's lock."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from crossaccount.session.errors import ErrorKind, SessionError

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_WAIT = 60.0
_PAUSE = 0.02
_BUSY = (errno.EACCES, errno.EAGAIN)
_FILE = 0o600


class Flight:
    """A held lock; what went wrong under it is told to those who waited for it.

    Attributes:
        waited: whether another held it when this one asked.
    """

    def __init__(self, descriptor: int, *, waited: bool) -> None:
        self._descriptor = descriptor
        self.waited = waited

    def fail(self, error: SessionError) -> None:
        """Leave a failure to those who wait: they end with it, and do not fail again one after the other."""
        record = {
            "at": time.time(),
            "kind": error.kind.name,
            "text": error.text,
            "advice": error.advice,
            "code": error.code,
            "request_id": error.request_id,
            "retryable": error.retryable,
        }
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, json.dumps(record).encode(), 0)

    def failure_since(self, moment: float) -> SessionError | None:
        """The failure that was left at or after `moment` (seconds since 1970), if any."""
        try:
            record = json.loads(os.pread(self._descriptor, 65536, 0))
            if record.pop("at") < moment:
                return None
            return SessionError(ErrorKind[record.pop("kind")], record.pop("text"), **record)
        except (ValueError, KeyError, TypeError, AttributeError):
            return None

    def land(self) -> None:
        """Forget a failure that was left before."""
        os.ftruncate(self._descriptor, 0)


@contextmanager
def single_flight(path: str, longest_wait: float = LONGEST_WAIT) -> Iterator[Flight]:
    """Hold the lock at `path`; it is freed when the block ends, however the process ends.

    Args:
        path: the lock's file, made 0600; its directory exists and is the user's alone.
        longest_wait: seconds to wait for another holder.

    Raises:
        SessionError: of kind CACHE: the lock cannot be made, or its holder did not end in time.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, _FILE)
    except OSError as error:
        reason = (error.strerror or "an error").lower()
        raise SessionError(
            ErrorKind.CACHE,
            f"the lock `{path}` cannot be made: {reason}",
            "remove it, or set `CROSSACCOUNT_CACHE_DIR` to a directory of yours",
        ) from error
    try:
        yield Flight(descriptor, waited=_acquire(descriptor, path, longest_wait))
    finally:
        os.close(descriptor)


def _acquire(descriptor: int, path: str, longest_wait: float) -> bool:
    deadline = time.monotonic() + longest_wait
    waited = False
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in _BUSY:
                raise
        else:
            return waited
        if time.monotonic() > deadline:
            raise SessionError(
                ErrorKind.CACHE,
                f"another process has held `{path}` for more than {longest_wait:.0f} s",
                "look for a stopped `crossaccount`, or pass `--no-cache`",
                retryable=True,
            )
        waited = True
        time.sleep(_PAUSE)
