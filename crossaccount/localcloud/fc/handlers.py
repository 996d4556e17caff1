"""What answers when a function is invoked: an echo, unless somebody says otherwise.

A handler is a Python callable, called as Function Compute's Python runtime calls one, or the address of an
HTTP server on this machine, called as a custom runtime is: `POST /invoke` with the event as its body. Either
runs away from the cloud's own thread, so it may call the cloud itself.
"""

from __future__ import annotations

import ipaddress
import json
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

DEFAULT_TIMEOUT = 3
_ERROR_STATUS = 400
_FAILED = "UnhandledInvocationError"


@dataclass(frozen=True, slots=True)
class Invocation:
    """What a handler may know of its call, beside the event.

    Attributes:
        request_id: the call's request id.
        account_id: the function's account.
        region: the function's region.
        function: the function's name.
        service: the function's service, in 2.0; else empty.
        qualifier: the version or alias asked for; `LATEST` when none was.
        handler: the function's own setting, e.g. `index.handler`.
        timeout: seconds the function may take.
        role: the ARN of the function's role, or empty.
        environment: the function's environment variables.
    """

    request_id: str
    account_id: str
    region: str
    function: str
    service: str = ""
    qualifier: str = "LATEST"
    handler: str = ""
    timeout: int = DEFAULT_TIMEOUT
    role: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)


PythonHandler = Callable[[bytes, Invocation], Any]
Handler = PythonHandler | str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a handler answered.

    Attributes:
        body: the answer, or the error as JSON.
        error_type: `UnhandledInvocationError` when the handler failed; else None.
    """

    body: bytes
    error_type: str | None = None


class Handlers:
    """The handlers of one account's functions."""

    def __init__(self) -> None:
        self._handlers: dict[tuple[str | None, str], Handler] = {}

    def set(self, function: str, handler: Handler, *, service: str = "", region: str | None = None) -> None:
        """Says what answers for a function, which need not exist yet.

        Args:
            function: the function's name.
            handler: a callable that takes the event (bytes) and an `Invocation`, and answers bytes, text, or
                what becomes JSON; or the address of an HTTP server on this machine, `http://127.0.0.1:9000`
                (`/invoke` is called) or with a path (that path is called).
            service: the service of a 2.0 function; empty for 3.0.
            region: one region, or None for all of them.

        Raises:
            ValueError: when the address is not plain HTTP on a loopback address, or has more than host, port
                and path.
        """
        if isinstance(handler, str):
            _check_address(handler)
        self._handlers[region, f"{service}${function}" if service else function] = handler

    def registered(self) -> list[tuple[str | None, str, str, Handler]]:
        """Region (None for all), service (empty for 3.0), function and handler of each, sorted."""
        return sorted(
            ((region, *_apart(name), handler) for (region, name), handler in self._handlers.items()),
            key=lambda entry: (entry[0] or "", entry[1], entry[2]),
        )

    def clear(self) -> None:
        """Makes every function an echo again."""
        self._handlers.clear()

    def find(self, invocation: Invocation) -> Handler | None:
        """What answers for a function: its region's handler, else the one for all regions, else None."""
        name = invocation.function
        full = f"{invocation.service}${name}" if invocation.service else name
        in_region = self._handlers.get((invocation.region, full))
        return in_region if in_region is not None else self._handlers.get((None, full))


def run(handler: Handler, event: bytes, invocation: Invocation) -> Outcome:
    """Calls a handler; whatever goes wrong in it is its function's error."""
    try:
        if isinstance(handler, str):
            return _over_http(handler, event, invocation)
        return Outcome(_as_bytes(handler(event, invocation)))
    except TimeoutError:
        return _failure("FunctionTimeout", f"Function timed out after {invocation.timeout} seconds", [])
    except BaseException as error:  # noqa: BLE001  the handler is somebody's code, e.g. a failing test's
        lines = traceback.format_exception(type(error), error, error.__traceback__)
        return _failure(type(error).__name__, str(error), lines)


def _apart(name: str) -> tuple[str, str]:
    service, _, function = name.rpartition("$")
    return service, function


def _failure(kind: str, message: str, stack: list[str]) -> Outcome:
    body = {"errorMessage": message, "errorType": kind, "stackTrace": stack}
    return Outcome(json.dumps(body).encode(), _FAILED)


def _as_bytes(answer: Any) -> bytes:  # noqa: ANN401  a handler's answer is its own
    if isinstance(answer, (bytes, bytearray)):
        return bytes(answer)
    if isinstance(answer, str):
        return answer.encode()
    return b"" if answer is None else json.dumps(answer).encode()


def _check_address(address: str) -> None:
    try:
        parts = urlsplit(address)
        local = _is_local(parts.hostname or "") and parts.port != 0
    except ValueError:
        local = False
    if not local or parts.scheme != "http" or parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError(
            f"`{address}` is no handler; give an address on this machine, e.g. `http://127.0.0.1:9000`"
        )


def _is_local(host: str) -> bool:
    return host == "localhost" or ipaddress.ip_address(host).is_loopback


def _over_http(address: str, event: bytes, invocation: Invocation) -> Outcome:
    from http.client import HTTPConnection, HTTPException  # noqa: PLC0415  slow, and only such handlers need it

    parts = urlsplit(address)
    connection = HTTPConnection(parts.hostname or "", parts.port or 80, timeout=invocation.timeout)
    try:
        connection.request("POST", parts.path.rstrip("/") or "/invoke", event, _headers(invocation))
        answer = connection.getresponse()
        body = answer.read()
    except (ConnectionError, HTTPException) as error:
        return _failure("FunctionUnreachable", f"`{address}` did not answer: {error}", [])
    finally:
        connection.close()
    return Outcome(body, _FAILED if answer.status >= _ERROR_STATUS else None)


def _headers(invocation: Invocation) -> dict[str, str]:
    return {
        "Content-Type": "application/octet-stream",
        "x-fc-request-id": invocation.request_id,
        "x-fc-account-id": invocation.account_id,
        "x-fc-region": invocation.region,
        "x-fc-function-name": invocation.function,
        "x-fc-service-name": invocation.service,
        "x-fc-qualifier": invocation.qualifier,
        "x-fc-function-handler": invocation.handler,
        "x-fc-function-timeout": str(invocation.timeout),
    }
