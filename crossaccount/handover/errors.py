"""How this package refuses: as the session commands do, with exit code 2 and what to do next."""

from __future__ import annotations

from crossaccount.session.errors import ErrorKind, SessionError


def refused(text: str, advice: str = "") -> SessionError:
    """What is given cannot be used; nothing was written."""
    return SessionError(ErrorKind.USAGE, text, advice)
