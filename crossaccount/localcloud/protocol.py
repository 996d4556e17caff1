"""The HTTP protocol of one connection: uvicorn's, quiet, with a limit on the head, and errors as JSON.

Requests may name their target in absolute form (`GET http://fcv3.cn-beijing.aliyuncs.com/... HTTP/1.1`), so
the port also works as an HTTP proxy: an unmodified SDK with `http_proxy` set reaches every region here. With
`https_proxy` set it asks for a tunnel by CONNECT; the tunnel to a host of Alibaba Cloud's ends here, under
the cloud's own certificate, and any other is refused: nothing goes out. A connection whose first byte is that
of a TLS hello is TLS, so one port is both HTTP and HTTPS. A request that is not complete within a minute of
its first byte is refused and its connection closed.
"""

from __future__ import annotations

import logging
import re
from functools import partial
from typing import TYPE_CHECKING, Any

import orjson
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from crossaccount.localcloud.deadline import REQUEST_LIMIT, Deadline
from crossaccount.localcloud.host import HostError, parse_host

if TYPE_CHECKING:
    import asyncio
    import ssl
    from collections.abc import Callable

_AUTHORITY_ALONE = re.compile(rb"^(https?://[^/?#]+)(?=\?|$)")
_TLS_HELLO = 0x16
HEAD_LIMIT = 64 * 1024
_SILENT = logging.Logger("silent", logging.CRITICAL + 1)  # noqa: LOG001  nobody is to configure it


class RefusedRequestError(ValueError):
    """A request head that is not taken; the message says why."""


class Protocol(HttpToolsProtocol):
    """One connection of the cloud's server.

    Args:
        args: uvicorn's own.
        secure: gives what a server over TLS shows; None serves no TLS.
        request_limit: seconds in which a request, or the beginning of TLS, must be complete.
        kwargs: uvicorn's own.
    """

    def __init__(
        self,
        *args: Any,  # noqa: ANN401  uvicorn's own signature
        secure: Callable[[], ssl.SSLContext] | None = None,
        request_limit: float = REQUEST_LIMIT,
        **kwargs: Any,  # noqa: ANN401  uvicorn's own signature
    ) -> None:
        super().__init__(*args, **kwargs)
        self.logger = self.access_logger = _SILENT
        self.access_log = False
        self._secure = secure
        self._request_limit = request_limit
        self._inside_tls = partial(type(self), *args, request_limit=request_limit, **kwargs)
        self._deadline = Deadline(request_limit, self._give_up)
        self._unfinished = False
        self._head = 0
        self._begun = False
        self._tunnel = False
        self._refusal = ""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A new connection may be as idle as one between two requests."""
        super().connection_made(transport)
        self.timeout_keep_alive_task = self.loop.call_later(
            self.timeout_keep_alive, self.timeout_keep_alive_handler
        )

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone, and nothing is waited for any more."""
        self._deadline.end()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Takes what comes in; a TLS hello at the very beginning makes the connection TLS."""
        if data[0] == _TLS_HELLO and not self._begun and self._secure is not None:
            self._go_on_in_tls(self._secure, data)
            return
        super().data_received(data)
        if self._unfinished:
            self._deadline.begin()

    def _give_up(self) -> None:
        cycle = self.cycle
        answering = cycle is not None and not cycle.response_complete and not cycle.more_body
        if answering or self.flow.read_paused:  # it is not the client that is slow
            self._deadline.begin()
        elif not self.transport.is_closing():
            why = f"The request was not complete within {self._request_limit:g} seconds."
            self._end(408, "Request Timeout", "RequestTimeout", why)

    def _go_on_in_tls(self, secure: Callable[[], ssl.SSLContext], data: bytes = b"") -> None:
        from crossaccount.localcloud.tls_connection import TlsConnection  # noqa: PLC0415  only HTTPS needs it

        self.connections.discard(self)
        self._unset_keepalive_if_required()
        self._deadline.end()
        layer = TlsConnection(
            self.transport, secure(), self._inside_tls, self.connections, self._request_limit
        )
        self.transport.set_protocol(layer)
        if data:
            layer.data_received(data)

    def on_message_begin(self) -> None:
        """Begins to count the size of a request's head."""
        self._begun = self._unfinished = True
        self._head = 0
        super().on_message_begin()

    def on_message_complete(self) -> None:
        """The request is there as a whole."""
        self._unfinished = False
        self._deadline.end()
        super().on_message_complete()

    def on_url(self, url: bytes) -> None:
        """Takes a piece of the target, within the limit."""
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Takes a header, within the limit."""
        self._count(len(name) + len(value))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Begins to answer; a request for a tunnel is answered once its head is over."""
        if self.parser.get_method() == b"CONNECT":
            self._check_tunnel()
            return
        if not self.url.startswith((b"/", b"http://", b"https://")):
            self._refuse("The request's target is neither a path nor an absolute http address.")
        self.url = _AUTHORITY_ALONE.sub(rb"\1/", self.url)
        super().on_headers_complete()

    def _check_tunnel(self) -> None:
        target = self.url.decode("latin-1")
        try:
            parse_host(target)
        except HostError:
            self._refuse(
                f"CONNECT to `{target[:200]}` is refused: the local cloud answers for Alibaba Cloud's hosts "
                "of the products that are here, and nothing goes out. Put other hosts into NO_PROXY."
            )
        if self._secure is None:
            self._refuse("CONNECT is refused inside TLS.")
        self._tunnel = True

    def _should_upgrade(self) -> bool:
        return self._tunnel

    def handle_websocket_upgrade(self) -> None:
        """Opens the tunnel asked for: what comes next is TLS, and ends here."""
        if self._secure is not None:
            self.transport.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            self._go_on_in_tls(self._secure)

    def _count(self, size: int) -> None:
        self._head += size
        if self._head > HEAD_LIMIT:
            self._refuse(f"The request's head is larger than {HEAD_LIMIT} bytes.")

    def _refuse(self, why: str) -> None:
        self._refusal = why
        raise RefusedRequestError(why)

    def send_400_response(self, msg: str) -> None:
        """Refuses what is no HTTP request, as JSON, and closes the connection."""
        self._end(400, "Bad Request", "InvalidRequest", self._refusal or msg)

    def _end(self, status: int, phrase: str, code: str, message: str) -> None:
        body = orjson.dumps({"Code": code, "Message": message})
        head = (
            f"HTTP/1.1 {status} {phrase}\r\ncontent-type: application/json;charset=utf-8\r\n"
            f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()
