"""What can go wrong with a session, as one line that says what to do, with a documented exit code."""

from __future__ import annotations

from enum import Enum


class ErrorKind(Enum):
    """The kinds of failure; each value is the exit code of the command (see `docs/sessions.md`)."""

    FAILED = 1
    """Something that no other kind says."""
    USAGE = 2
    """An option, a file or a setting is wrong; nothing was called."""
    CREDENTIALS = 3
    """There are no usable credentials of the caller."""
    REFUSED = 4
    """One of the three gates is closed: the caller's policies, the role's trust, the role's permissions."""
    MISSING = 5
    """The role, the function or the service does not exist."""
    UNREACHABLE = 6
    """The network or the service gave no usable answer; trying again later may help."""
    CLOCK = 7
    """This machine's clock and the service's are apart."""
    CACHE = 8
    """The session cache cannot be used safely."""
    PARTIAL = 9
    """Some regions were listed and others failed."""


class SessionError(Exception):
    """A failure, in the user's words.

    Args:
        kind: decides the exit code.
        text: what is wrong: lower case, input in backticks, no secret.
        advice: what to do about it.
        code: the API's error code; empty where no API spoke.
        request_id: the API's id of the call, for its support; empty where there was none.
        retryable: whether the same again may succeed.
    """

    def __init__(
        self,
        kind: ErrorKind,
        text: str,
        advice: str = "",
        *,
        code: str = "",
        request_id: str = "",
        retryable: bool = False,
    ) -> None:
        super().__init__(text)
        self.kind = kind
        self.text = text
        self.advice = advice
        self.code = code
        self.request_id = request_id
        self.retryable = retryable

    def __str__(self) -> str:
        facts = ", ".join(filter(None, (self.code, self.request_id and f"request id {self.request_id}")))
        return self.text + (f" ({facts})" if facts else "") + (f"; {self.advice}" if self.advice else "")

    def to_json(self) -> dict[str, object]:
        """The same for programs: kind, exit code, code, message, advice, whether to try again."""
        return {
            "error": {
                "kind": self.kind.name.lower(),
                "exitCode": self.kind.value,
                "code": self.code,
                "message": self.text,
                "advice": self.advice,
                "requestId": self.request_id,
                "retryable": self.retryable,
            }
        }
