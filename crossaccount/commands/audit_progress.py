"""How far reading is, on standard error, where that is a terminal."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

from crossaccount.access.words import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_EVERY = 25
_ROOM = 70


@contextmanager
def reading() -> Iterator[Callable[[str], None]]:
    """Shows, while the body runs, how many files were read and which is read now; wipes it at the end."""
    lock, read = Lock(), 0
    shown = sys.stderr.isatty()

    def told(name: str) -> None:
        nonlocal read
        with lock:
            read += 1
            if shown and (read <= _EVERY or read % _EVERY == 0):
                sys.stderr.write(f"\r\033[Kread {read:,}: {visible(name)[-_ROOM:]}")
                sys.stderr.flush()

    try:
        yield told
    finally:
        if shown and read:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()
