"""Calling a function through a role."""

from __future__ import annotations

import base64
import binascii
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crossaccount.session.functions.regions import functions_host

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.session.functions.access import Access


@dataclass(frozen=True, slots=True)
class Invocation:
    """What a call of a function gave.

    Attributes:
        status: the HTTP status: 200, or 202 for a call that is only queued.
        body: what the function answered.
        error: the kind of the function's own failure; empty where it did not fail.
        log: the last lines it logged, where they were asked for.
        request_id: the service's id of the call.
    """

    status: int
    body: bytes
    error: str
    log: str
    request_id: str


def invoke(
    access: Access,
    region: str,
    function: str,
    payload: bytes,
    *,
    qualifier: str | None = None,
    queued: bool = False,
    with_log: bool = False,
) -> Invocation:
    """Call a function once; a lost answer is not tried again.

    Args:
        access: Function Compute, inside a session.
        region: where the function is.
        function: its name.
        payload: what it is given.
        qualifier: a version or an alias; None for the newest.
        queued: only queue the call.
        with_log: ask for the last 4 KB of its log.

    Raises:
        SessionError: the call is refused, naming the closed gate, or there is no usable answer.
    """
    from alibabacloud_fc20230330 import models  # noqa: PLC0415  slow to load
    from alibabacloud_tea_util.models import RuntimeOptions  # noqa: PLC0415

    request = models.InvokeFunctionRequest(body=io.BytesIO(payload), qualifier=qualifier)
    headers = models.InvokeFunctionHeaders(
        x_fc_invocation_type="Async" if queued else "Sync", x_fc_log_type="Tail" if with_log else "None"
    )
    client = access.functions(region)
    answer = access.ask(
        functions_host(region),
        lambda: client.invoke_function_with_options(
            function, request, headers, RuntimeOptions(read_timeout=600_000)
        ),
        once=True,
    )
    told: Mapping[str, str] = {name.lower(): value for name, value in (answer.headers or {}).items()}
    return Invocation(
        status=answer.status_code,
        body=answer.body.read() if answer.body is not None else b"",
        error=told.get("x-fc-error-type", ""),
        log=_decoded(told.get("x-fc-log-result", "")),
        request_id=told.get("x-fc-request-id", ""),
    )


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text).decode(errors="replace")
    except binascii.Error:
        return ""
