"""The HTTP protocol of one connection: uvicorn's, quiet, with a limit on the head, and errors as JSON.

Requests may name their target in absolute form (`GET http://fcv3.cn-beijing.aliyuncs.com/... HTTP/1.1`), so
the port also works as an HTTP proxy: an unmodified SDK with `http_proxy` set reaches every region here. It
tunnels nothing: CONNECT is refused.
"""

from __future__ import annotations

import logging
import re
from typing import Any

import orjson
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_AUTHORITY_ALONE = re.compile(rb"^(https?://[^/?#]+)(?=\?|$)")
HEAD_LIMIT = 64 * 1024
_SILENT = logging.Logger("silent", logging.CRITICAL + 1)  # noqa: LOG001  nobody is to configure it


class RefusedRequestError(ValueError):
    """A request head that is not taken; the message says why."""


class Protocol(HttpToolsProtocol):
    """One connection of the cloud's server."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  uvicorn's own signature
        super().__init__(*args, **kwargs)
        self.logger = self.access_logger = _SILENT
        self.access_log = False
        self._head = 0
        self._refusal = ""

    def on_message_begin(self) -> None:
        """Begins to count the size of a request's head."""
        self._head = 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """Takes a piece of the target, within the limit."""
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Takes a header, within the limit."""
        self._count(len(name) + len(value))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Begins to answer, unless the request is for a tunnel or its target is none."""
        if self.parser.get_method() == b"CONNECT":
            self._refuse(
                "CONNECT is not served: the local cloud is no tunnel. Use the protocol HTTP, with the "
                "cloud's address as endpoint or as http_proxy."
            )
        if not self.url.startswith((b"/", b"http://", b"https://")):
            self._refuse("The request's target is neither a path nor an absolute http address.")
        self.url = _AUTHORITY_ALONE.sub(rb"\1/", self.url)
        super().on_headers_complete()

    def _count(self, size: int) -> None:
        self._head += size
        if self._head > HEAD_LIMIT:
            self._refuse(f"The request's head is larger than {HEAD_LIMIT} bytes.")

    def _refuse(self, why: str) -> None:
        self._refusal = why
        raise RefusedRequestError(why)

    def send_400_response(self, msg: str) -> None:
        """Refuses what is no HTTP request, as JSON, and closes the connection."""
        body = orjson.dumps({"Code": "InvalidRequest", "Message": self._refusal or msg})
        head = (
            "HTTP/1.1 400 Bad Request\r\ncontent-type: application/json;charset=utf-8\r\n"
            f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()
