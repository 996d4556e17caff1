"""Serves an ASGI application on one port, HTTP and HTTPS, from a thread of its own, in milliseconds.

uvicorn's own main loop looks for a stop signal ten times a second; here an event wakes it. Nothing is logged
and no signal handler is touched: the server lives inside somebody else's program.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar, cast

from uvicorn.config import Config
from uvicorn.server import Server as Uvicorn

from crossaccount.localcloud.deadline import REQUEST_LIMIT
from crossaccount.localcloud.protocol import Protocol

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

with contextlib.suppress(ImportError):
    import uvloop

_Answer = TypeVar("_Answer")

HOST = "127.0.0.1"
START_LIMIT = 10.0
STOP_LIMIT = 5.0
KEEP_ALIVE = 3600


def _new_loop() -> asyncio.AbstractEventLoop:
    make: Callable[[], asyncio.AbstractEventLoop] = (
        uvloop.new_event_loop if "uvloop" in globals() else asyncio.new_event_loop
    )
    return make()


def _settle(future: Future[_Answer], function: Callable[[], _Answer]) -> None:
    try:
        future.set_result(function())
    except BaseException as error:  # noqa: BLE001  raised again by the thread that waits
        future.set_exception(error)


def _address(host: str, port: int) -> str:
    reached = {"0.0.0.0": HOST, "": HOST, "::": "::1"}.get(host, host)  # noqa: S104  it is compared
    return f"[{reached}]:{port}" if ":" in reached else f"{reached}:{port}"


class Server:
    """A running server.

    Args:
        application: the ASGI application.
        port: the port; 0 takes a free one.
        host: the address to listen on.
        secure: gives what is shown over TLS, when the first client asks for it; None serves no TLS.
        request_limit: seconds in which a request must be complete.

    Attributes:
        port: the port taken.
        address: where clients of this machine find it, `HOST:PORT`.

    Raises:
        OSError: when the port is taken.
        RuntimeError: when it does not come up within 10 seconds.
    """

    def __init__(
        self,
        application: Any,  # noqa: ANN401  ASGI has no type of its own
        port: int = 0,
        host: str = HOST,
        *,
        secure: Callable[[], ssl.SSLContext] | None = None,
        request_limit: float = REQUEST_LIMIT,
    ) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.create_server((host, port), family=family, backlog=2048)
        self.port: int = self._socket.getsockname()[1]
        self.address = _address(host, self.port)
        config = Config(
            application,
            log_config=None,
            lifespan="off",
            interface="asgi3",
            http=cast("type[Protocol]", partial(Protocol, secure=secure, request_limit=request_limit)),
            ws="none",
            proxy_headers=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=KEEP_ALIVE,
        )
        self._uvicorn = Uvicorn(config)
        self._loop = _new_loop()
        self._workers = ThreadPoolExecutor(thread_name_prefix=f"localcloud-{self.port}-work")
        self._loop.set_default_executor(self._workers)
        self._stop = asyncio.Event()
        self._ready = threading.Event()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name=f"localcloud-{self.port}", daemon=True)
        self._thread.start()
        if not self._ready.wait(START_LIMIT) or self._failure is not None:
            self._thread.join(STOP_LIMIT)
            raise RuntimeError(f"the local cloud did not start on port {self.port}") from self._failure

    def stop(self) -> None:
        """Closes the port and every connection, and waits for the thread.

        Raises:
            RuntimeError: when a call in progress, or a function's handler, keeps a thread for more than 5
                seconds.
        """
        if self._thread.is_alive():
            with contextlib.suppress(RuntimeError):  # the loop was closed a moment ago
                self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(STOP_LIMIT)
        if self._thread.is_alive():
            raise RuntimeError(
                f"the local cloud on port {self.port} did not stop within {STOP_LIMIT:g} seconds"
            )
        self._end_work()

    def _end_work(self) -> None:
        """Waits for what was made away from the server's thread; an executor alone would wait for ever."""
        end = threading.Thread(target=self._workers.shutdown, kwargs={"cancel_futures": True}, daemon=True)
        end.start()
        end.join(STOP_LIMIT)
        if end.is_alive():
            raise RuntimeError(f"a function's handler did not end within {STOP_LIMIT:g} seconds")

    def run(self, function: Callable[[], _Answer]) -> _Answer:
        """Runs a function on the server's thread, between two calls, and answers what it returns.

        Raises:
            TimeoutError: when a call in progress keeps it waiting for more than 5 seconds.
        """
        if threading.current_thread() is self._thread:
            return function()
        future: Future[_Answer] = Future()
        self._loop.call_soon_threadsafe(_settle, future, function)
        return future.result(STOP_LIMIT)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._serve())
        except BaseException as error:  # noqa: BLE001  told to the thread that waits for the start
            self._failure = error
        finally:
            self._ready.set()
            self._socket.close()
            self._loop.close()
            asyncio.set_event_loop(None)

    async def _serve(self) -> None:
        uvicorn = self._uvicorn
        uvicorn.config.load()
        uvicorn.lifespan = uvicorn.config.lifespan_class(uvicorn.config)
        await uvicorn.startup(sockets=[self._socket])
        self._ready.set()
        await self._stop.wait()
        for server in uvicorn.servers:
            server.close()
        for connection in list(uvicorn.server_state.connections):
            connection.transport.abort()
        for task in list(uvicorn.server_state.tasks):
            task.cancel()
        await asyncio.sleep(0)
        await asyncio.gather(*uvicorn.server_state.tasks, return_exceptions=True)
