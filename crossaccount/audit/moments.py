"""Moments as people write them."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timezone

from crossaccount.access import QuestionError

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_WRITTEN = re.compile(r"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d+))?(Z|[+-]\d{2}:\d{2})")
_LAST = time(23, 59, 59, tzinfo=timezone.utc)
_FIRST = time(0, 0, tzinfo=timezone.utc)


def read_moment(text: str, *, ends: bool = True) -> datetime:
    """The moment that a text means: `2026-03-01`, or `2026-03-01T12:00:00Z` with any offset.

    Args:
        text: a date in UTC, or a time with its zone.
        ends: whether a date stands for its last second; else for its first.

    Raises:
        QuestionError: it is neither.
    """
    try:
        if _DATE.fullmatch(text):
            return datetime.combine(date.fromisoformat(text), _LAST if ends else _FIRST)
        found = datetime.fromisoformat(text.replace("Z", "+00:00"))
        if found.tzinfo is not None:
            return found.astimezone(timezone.utc)
    except (ValueError, OverflowError):
        pass
    raise QuestionError(f"`{text}` is no moment: write `2026-03-01`, or `2026-03-01T12:00:00Z` with its zone")


def read_written(text: str) -> datetime | None:
    """The moment that a manifest or a record tells, in UTC; None where it is none.

    Pulumi writes the zone of the machine, and up to nine digits of a second; six are kept.
    """
    found = _WRITTEN.fullmatch(text)
    if found is None:
        return None
    zone = "+00:00" if found[3] == "Z" else found[3]
    try:
        moment = datetime.fromisoformat(f"{found[1]}.{(found[2] or '')[:6]:0<6}{zone}")
        return moment.astimezone(timezone.utc)
    except (ValueError, OverflowError):
        return None


def moment_text(moment: datetime) -> str:
    """A moment in UTC, RFC 3339, to the second."""
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
