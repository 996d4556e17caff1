"""How large a set may become before a comparison says that it cannot tell.

Exact answers about wildcard languages can take exponential time. The bounds are far above what policies of
the documented sizes need; beyond them the answer is `CannotTell`, never an approximation.
"""

from __future__ import annotations

MAX_STATES = 2048
MAX_BOXES = 1024


class TooLargeError(ValueError):
    """A set that would have more states or boxes than the bounds allow; its text is the reason shown."""
