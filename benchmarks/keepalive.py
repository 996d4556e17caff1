"""A raw HTTP/1.1 client on one connection: the same for both servers, so that only they differ."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterable


class KeepAlive:
    """Sends prepared requests one after the other; reconnects where the server closes, as HTTP allows.

    Args:
        port: the server's loopback port.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None

    def __enter__(self) -> KeepAlive:  # noqa: PYI034  typing.Self is newer than Python 3.10
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def send(self, request: bytes) -> tuple[int, bytes]:
        """Send one request; the status and the body of its answer."""
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=10)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(request)
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._receive()
        head, _, body = received.partition(b"\r\n\r\n")
        lines = head.split(b"\r\n")
        headers = {
            name.lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines[1:])
        }
        length = int(headers[b"content-length"])
        while len(body) < length:
            body += self._receive()
        if lines[0].startswith(b"HTTP/1.0") or headers.get(b"connection", b"").lower() == b"close":
            self._close()
        return int(lines[0].split()[1]), body

    def rate(self, requests: Iterable[bytes]) -> float:
        """Answers a second for `requests`.

        Raises:
            RuntimeError: an answer is not 200; a figure of refusals is no figure.
        """
        count = 0
        started = time.perf_counter()
        for request in requests:
            status, body = self.send(request)
            if status != 200:
                raise RuntimeError(f"answer {count + 1} has status {status}: {body[:300]!r}")
            count += 1
        return count / (time.perf_counter() - started)

    def _receive(self) -> bytes:
        assert self._socket is not None
        chunk = self._socket.recv(65536)
        if not chunk:
            raise RuntimeError("the server closed the connection in the middle of an answer")
        return chunk

    def _close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None
