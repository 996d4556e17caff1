"""The cloud as an ASGI application: collects a request's body within limits, hands it on, sends the answer.

No framework: a scope is turned into a `Wire`, everything else is in `pipeline` and `control`. Calls are
answered on the event loop's thread, one after the other, so the cloud's state needs no locks.
"""

from __future__ import annotations

import asyncio
from email.utils import formatdate
from typing import TYPE_CHECKING, Any

from crossaccount.localcloud import pipeline
from crossaccount.localcloud.errors import ApiError
from crossaccount.localcloud.products import UNKNOWN
from crossaccount.localcloud.render import Response, error_response
from crossaccount.localcloud.wire import Wire, parse_headers, parse_parameters

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    from crossaccount.localcloud.cloud import Cloud

    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]

RPC_BODY_LIMIT = 1024 * 1024
SIDE_DOOR = "/_local/"
REST_BODY_LIMIT = 100 * 1024 * 1024


class Application:
    """An ASGI 3 application over one cloud.

    Args:
        cloud: what answers.
    """

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._second, self._written = -1, b""

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answers one HTTP request; a client that goes away before its request is complete gets nothing."""
        limit = RPC_BODY_LIMIT if scope["raw_path"] == b"/" else REST_BODY_LIMIT
        try:
            body = await _read_body(receive, limit)
            if body is None:
                return
            response = self._respond(scope, body)
            if response.later is not None:
                response = await asyncio.to_thread(response.later)
        except ApiError as error:
            response = error_response(UNKNOWN, self._cloud.ids.request_id(), error, close=True)
        await _send(send, response, self._date())

    def _date(self) -> bytes:
        """The wall time as the services' `Date` header has it, written once a second."""
        second = int(self._cloud.clock.wall())
        if second != self._second:
            self._second, self._written = second, formatdate(second, usegmt=True).encode()
        return self._written

    def _respond(self, scope: Message, body: bytes) -> Response:
        client = scope.get("client")
        wire = Wire(
            method=scope["method"],
            path=scope["raw_path"].decode("ascii"),
            query=parse_parameters(scope["query_string"]),
            headers=parse_headers(scope["headers"]),
            body=body,
            client=client[0] if client else "127.0.0.1",
            secure=scope["scheme"] == "https",
        )
        if wire.path.startswith(SIDE_DOOR):
            from crossaccount.localcloud import control  # noqa: PLC0415  a cloud that nobody asks there starts faster

            return control.respond(self._cloud, wire)
        return pipeline.respond(self._cloud, wire)


async def _read_body(receive: Receive, limit: int) -> bytes | None:
    message = await receive()
    if not message.get("more_body") and message["type"] == "http.request":
        body = message["body"]
        _check_size(len(body), limit)
        return bytes(body)
    parts: list[bytes] = []
    size = 0
    while message["type"] == "http.request":
        parts.append(message["body"])
        size += len(message["body"])
        _check_size(size, limit)
        if not message.get("more_body"):
            return b"".join(parts)
        message = await receive()
    return None


def _check_size(size: int, limit: int) -> None:
    if size > limit:
        raise ApiError(413, "EntityTooLarge", f"The request's body is larger than {limit} bytes.")


async def _send(send: Send, response: Response, date: bytes) -> None:
    if response.delay:
        await asyncio.sleep(response.delay)
    headers = [*response.headers, (b"date", date)]
    if response.status != 204:  # noqa: PLR2004  RFC 9110: a 204 has no Content-Length
        headers.append((b"content-length", str(len(response.body)).encode()))
    if response.close:
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    if response.cut:  # the server closes the connection of an answer that is not completed
        half = response.body[: len(response.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})
        return
    await send({"type": "http.response.body", "body": response.body})
