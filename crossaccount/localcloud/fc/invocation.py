"""Invoking a function: every function here echoes, so that a test sees whether the call came through."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from crossaccount.localcloud.call import RestAnswer
from crossaccount.localcloud.fc import faults

if TYPE_CHECKING:
    from crossaccount.localcloud.call import Call

_LATEST = "LATEST"


def check_qualifier(qualifier: str | None) -> None:
    """Accepts no qualifier and `LATEST`: versions and aliases cannot be published here.

    Raises:
        ApiError: 404 `VersionNotFound` or `AliasNotFound`.
    """
    if qualifier and qualifier != _LATEST:
        raise faults.no_qualifier(qualifier)


def _one_of(call: Call, header: str, allowed: tuple[str, ...]) -> str:
    value = call.headers.get(header) or allowed[0]
    if value not in allowed:
        raise faults.invalid(f"{header} is `{value[:32]}`; use {' or '.join(allowed)}")
    return value


def echo(call: Call) -> RestAnswer:
    """Answers the body it was given; called asynchronously, 202 and nothing.

    Raises:
        ApiError: 400 `InvalidArgument` for an unknown invocation or log type.
    """
    invocation = _one_of(call, "x-fc-invocation-type", ("Sync", "Async"))
    log = _one_of(call, "x-fc-log-type", ("None", "Tail"))
    if invocation == "Async":
        return RestAnswer(202)
    headers = {"Content-Type": "application/octet-stream"}
    if log == "Tail":
        lines = f"FC Invoke Start RequestId: {call.request_id}\nFC Invoke End RequestId: {call.request_id}\n"
        headers["X-Fc-Log-Result"] = base64.b64encode(lines.encode()).decode()
    return RestAnswer(200, call.body, headers)
