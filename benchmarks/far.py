"""A relay that answers for far-away regions: each request waits, then goes on to the local cloud."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping


class Far:
    """An HTTP proxy on this machine that delays by the region in the request's host.

    Args:
        port: the local cloud's port.
        delays: seconds by region.
    """

    def __init__(self, port: int, delays: Mapping[str, float]) -> None:
        self._port, self._delays = port, delays
        self._loop = asyncio.new_event_loop()
        self._server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self._thread = threading.Thread(target=self._loop.run_forever)

    @property
    def endpoint(self) -> str:
        """Where it listens."""
        return f"127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def __enter__(self) -> Far:  # noqa: PYI034  typing.Self is newer than Python 3.10
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._server.close()
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        upstream_reader, upstream_writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            while True:
                request = await _message(reader)
                await asyncio.sleep(self._delay(request))
                upstream_writer.write(request)
                writer.write(await _message(upstream_reader))
        except (asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            upstream_writer.close()
            writer.close()

    def _delay(self, request: bytes) -> float:
        host = request.lower().partition(b"\r\nhost:")[2].partition(b"\r\n")[0].decode()
        return next((delay for region, delay in self._delays.items() if f".{region}." in host), 0.0)


async def _message(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = head.lower().partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0]
    return head + await reader.readexactly(int(length or 0))
