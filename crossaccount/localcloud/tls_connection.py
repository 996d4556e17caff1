"""TLS on a connection that began without it: on the first bytes of a TLS hello, or after CONNECT.

The standard library's TLS engine, fed from memory: the loop's own `start_tls` cannot be given the bytes that
have told what the connection is. What is decrypted goes to an ordinary HTTP protocol.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from typing import TYPE_CHECKING, Any, cast

from crossaccount.localcloud.deadline import Deadline

if TYPE_CHECKING:
    from collections.abc import Callable

HELLO = 0x16
_PIECE = 64 * 1024


class TlsConnection(asyncio.Protocol, asyncio.Transport):
    """The TLS layer of one connection: a protocol to the connection, a transport to what speaks HTTP.

    Args:
        transport: the connection.
        context: what the server shows.
        make: makes the protocol that gets what was decrypted.
        connections: the server's open connections; this one is among them as long as it is open.
        limit: seconds in which TLS must have begun.
    """

    def __init__(
        self,
        transport: asyncio.Transport,
        context: ssl.SSLContext,
        make: Callable[[], asyncio.Protocol],
        connections: set[Any],
        limit: float,
    ) -> None:
        asyncio.Transport.__init__(self, {"sslcontext": context})
        self.transport = transport
        self._received, self._to_send = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._engine = context.wrap_bio(self._received, self._to_send, server_side=True)
        self._make = make
        self._inner: asyncio.Protocol | None = None
        self._paused = False
        self._connections = connections
        connections.add(self)
        self._deadline = Deadline(limit, transport.close)
        self._deadline.begin()

    # What the connection tells.

    def data_received(self, data: bytes) -> None:
        """Takes encrypted bytes; what is no TLS ends the connection."""
        self._received.write(data)
        try:
            self._advance()
        except ssl.SSLError:
            self._flush()
            self.transport.close()

    def eof_received(self) -> bool | None:
        """The client says no more."""
        return self._inner.eof_received() if self._inner is not None else None

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        self._deadline.end()
        self._connections.discard(self)
        if self._inner is not None:
            self._inner.connection_lost(exc)

    def pause_writing(self) -> None:
        """The connection takes no more for now."""
        if self._inner is not None:
            self._inner.pause_writing()

    def resume_writing(self) -> None:
        """The connection takes more again."""
        if self._inner is not None:
            self._inner.resume_writing()

    def _advance(self) -> None:
        if self._inner is None:
            try:
                self._engine.do_handshake()
            except ssl.SSLWantReadError:
                self._flush()
                return
            self._flush()
            self._deadline.end()
            self._inner = self._make()
            self._inner.connection_made(self)
        while not self._paused and not self.transport.is_closing():
            try:
                piece = self._engine.read(_PIECE)
            except ssl.SSLWantReadError:
                break
            if not piece:
                self.close()
                break
            self._inner.data_received(piece)
        self._flush()

    def _flush(self) -> None:
        if self._to_send.pending and not self.transport.is_closing():
            self.transport.write(self._to_send.read())

    # What the HTTP protocol asks.

    def write(self, data: bytes | bytearray | memoryview[Any]) -> None:
        """Sends bytes, encrypted."""
        if data and not self.transport.is_closing():
            self._engine.write(cast("bytes", data))
            self._flush()

    def close(self) -> None:
        """Says goodbye and closes the connection when everything is sent."""
        if self.transport.is_closing():
            return
        with contextlib.suppress(ssl.SSLError):  # the client has not said goodbye yet, and need not
            self._engine.unwrap()
        self._flush()
        self.transport.close()

    def abort(self) -> None:
        """Closes the connection at once."""
        self.transport.abort()

    def is_closing(self) -> bool:
        """Whether the connection is closed or will be."""
        return self.transport.is_closing()

    def pause_reading(self) -> None:
        """Hands on nothing until `resume_reading`."""
        self._paused = True
        self.transport.pause_reading()

    def resume_reading(self) -> None:
        """Hands on what has come in meanwhile, and what comes."""
        self._paused = False
        self.transport.resume_reading()
        asyncio.get_running_loop().call_soon(self.data_received, b"")

    def get_extra_info(self, name: str, default: Any = None) -> Any:  # noqa: ANN401  asyncio's own signature
        """What is known about the connection; `sslcontext` says that it is TLS."""
        return super().get_extra_info(name) or self.transport.get_extra_info(name, default)
