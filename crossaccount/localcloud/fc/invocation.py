"""Invoking a function: its handler answers, or an echo, so that a test sees whether the call came through."""

from __future__ import annotations

import base64
import threading
from functools import partial
from typing import TYPE_CHECKING

from crossaccount.localcloud.call import RestAnswer
from crossaccount.localcloud.fc import faults, handlers
from crossaccount.localcloud.fc.handlers import Invocation, Outcome

if TYPE_CHECKING:
    from crossaccount.localcloud.call import Call
    from crossaccount.localcloud.fc.entities import Function

_ERROR_TYPE = "X-Fc-Error-Type"


def _one_of(call: Call, header: str, allowed: tuple[str, ...]) -> str:
    value = call.headers.get(header) or allowed[0]
    if value not in allowed:
        raise faults.invalid(f"{header} is `{value[:32]}`; use {' or '.join(allowed)}")
    return value


def _log(request_id: str) -> str:
    lines = f"FC Invoke Start RequestId: {request_id}\nFC Invoke End RequestId: {request_id}\n"
    return base64.b64encode(lines.encode()).decode()


def _answer(outcome: Outcome, headers: dict[str, str]) -> RestAnswer:
    if outcome.error_type is None:
        return RestAnswer(200, outcome.body, headers)
    return RestAnswer(200, outcome.body, {**headers, _ERROR_TYPE: outcome.error_type})


def invoke(call: Call, function: Function, *, service: str = "", qualifier: str | None = None) -> RestAnswer:
    """Answers what the function's handler answers, or the body it was given; asynchronously, 202 and nothing.

    A handler's failure is status 200 with `X-Fc-Error-Type`, as the service says it.

    Args:
        call: carries the event as its body.
        function: the function, in the version asked for.
        service: its service, in 2.0.
        qualifier: the version or alias asked for.

    Raises:
        ApiError: 400 `InvalidArgument` for an unknown invocation or log type.
    """
    kind = _one_of(call, "x-fc-invocation-type", ("Sync", "Async"))
    headers = {"Content-Type": "application/octet-stream"}
    if _one_of(call, "x-fc-log-type", ("None", "Tail")) == "Tail":
        headers["X-Fc-Log-Result"] = _log(call.request_id)
    invocation = _invocation(call, function, service, qualifier)
    handler = call.account.fc.handlers.find(invocation)
    if handler is None:
        return RestAnswer(202) if kind == "Async" else RestAnswer(200, call.body, headers)
    run = partial(handlers.run, handler, call.body, invocation)
    if kind == "Async":
        threading.Thread(target=run, name=f"invocation-{call.request_id}", daemon=True).start()
        return RestAnswer(202)
    return RestAnswer(later=lambda: _answer(run(), headers))


def _invocation(call: Call, function: Function, service: str, qualifier: str | None) -> Invocation:
    settings = function.settings
    return Invocation(
        request_id=call.request_id,
        account_id=call.account.id,
        region=call.region,
        function=function.name,
        service=service,
        qualifier=qualifier or "LATEST",
        handler=settings.get("handler", ""),
        timeout=settings.get("timeout", handlers.DEFAULT_TIMEOUT),
        role=settings.get("role", ""),
        environment=dict(settings.get("environmentVariables", {})),
    )
