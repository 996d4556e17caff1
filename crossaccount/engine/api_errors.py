"""What RAM and STS answer when they refuse, as one error without secrets."""

from __future__ import annotations

from crossaccount.engine.errors import EngineError

_PASSING_CODES = ("Throttling", "Rejected.Throttling", "ServiceUnavailable")
_NO_ANSWER = {
    "Connection refused": "nothing listens at the endpoint: start it, or correct its address",
    "timed out": "the endpoint did not answer in time",
    "json format": "the answer is not JSON: the endpoint is no RAM or STS service",
    "resolve": "the endpoint's host name is unknown",
    "SSL": "no TLS connection: the endpoint's certificate does not hold, or it speaks plain HTTP",
}
_STRING_TO_SIGN = "server string to sign is"


class ApiCallError(EngineError):
    """RAM or STS refused a call, or did not answer it.

    Args:
        action: the API's name of the action, e.g. `DeleteRole`.
        code: the API's error code, e.g. `DeleteConflict.Role.Policy`; empty when there was no answer.
        status: the HTTP status; 0 when there was no answer.
        text: what the API says, secrets removed.
        request_id: the API's id of the call; empty when there was no answer.
        retry_after: seconds that the API asks to wait; 0 when it does not.

    Attributes:
        repeated: the call had been sent before and that answer was lost, so it may have taken effect already.
    """

    def __init__(
        self,
        action: str,
        code: str,
        status: int,
        text: str,
        *,
        request_id: str = "",
        retry_after: float = 0.0,
    ) -> None:
        super().__init__(action, code, status, text, request_id)
        self.action = action
        self.code = code
        self.status = status
        self.text = text
        self.request_id = request_id
        self.retry_after = retry_after
        self.repeated = False

    def __str__(self) -> str:
        facts = ", ".join(filter(None, (self.code, self.request_id and f"request id {self.request_id}")))
        return f"`{self.action}` failed: {self.text}" + (f" ({facts})" if facts else "") + self._doubt()

    def _doubt(self) -> str:
        if not self.repeated:
            return ""
        return (
            "; it had been sent before and that answer was lost, so it may have taken effect: "
            "look at the account before running again"
        )

    @property
    def passing(self) -> bool:
        """Whether sending the same call again may help."""
        return self.code.startswith(_PASSING_CODES)

    @property
    def gone(self) -> bool:
        """Whether RAM says that what the call names does not exist."""
        return self.code == "EntityNotExist" or self.code.startswith("EntityNotExist.")

    @property
    def conflict(self) -> bool:
        """Whether RAM refuses a deletion because something is still attached."""
        return self.code.startswith("DeleteConflict.")


class LostAnswerError(ApiCallError):
    """The call was sent and no usable answer came: it may have taken effect."""

    @property
    def passing(self) -> bool:
        """Whether sending the same call again may help: always."""
        return True

    def _doubt(self) -> str:
        return "; it may have taken effect: look at the account before running again"


def classified(action: str, error: Exception, hidden: tuple[str, ...]) -> ApiCallError:
    """Turn what the SDK raised into an `ApiCallError`, secrets removed.

    Args:
        action: the action that was called.
        error: the SDK's exception.
        hidden: texts that must not show.
    """
    status = getattr(error, "status_code", None)
    if status is None:
        return _unanswered(action, error)
    data = getattr(error, "data", None) or {}
    code = str(data.get("Code") or data.get("code") or "")
    text = _shown(str(data.get("Message") or data.get("message") or f"HTTP {status}"), hidden)
    request_id = str(data.get("RequestId") or data.get("requestId") or "")
    retry_after = (getattr(error, "retry_after", None) or 0) / 1000
    lost = status >= 500 and not code.startswith(_PASSING_CODES)  # noqa: PLR2004  HTTP's own classes
    kind = LostAnswerError if lost else ApiCallError
    return kind(action, code, status, text, request_id=request_id, retry_after=retry_after)


def _unanswered(action: str, error: Exception) -> ApiCallError:
    # The SDK's own text holds the request's address, and with it a password: only its kind is told.
    text = str(error)
    if "Connection aborted" in text or "Connection reset" in text:
        return LostAnswerError(action, "", 0, "the connection was reset before the answer")
    for sign, meaning in _NO_ANSWER.items():
        if sign in text:
            return ApiCallError(action, "", 0, meaning)
    return ApiCallError(action, "", 0, f"there was no answer ({type(error).__name__})")


def _shown(text: str, hidden: tuple[str, ...]) -> str:
    text = text.split(_STRING_TO_SIGN, maxsplit=1)[0].strip()
    for secret in hidden:
        text = text.replace(secret, "[secret]")
    return text
