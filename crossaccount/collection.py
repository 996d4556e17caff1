"""Python's garbage collection during a command: seldom, for little of what it makes is ever garbage."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_THRESHOLDS = (200_000, 50, 1000)


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Look for unreachable cycles seldom during the body.

    A program of 400 partners makes a million objects that stay, as a state of 10,000 delegations does, and
    each look goes through all of them: a third of a preview or a report, and more the larger they are.
    """
    before = gc.get_threshold()
    gc.set_threshold(*_THRESHOLDS)
    try:
        yield
    finally:
        gc.set_threshold(*before)
