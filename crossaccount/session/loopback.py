"""Small servers on this machine for one consumer: an address that nobody else can guess, nothing in a log."""

from __future__ import annotations

import hmac
import secrets
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from crossaccount.session.answers import credentials_uri_answer
from crossaccount.session.errors import SessionError
from crossaccount.session.sdk_call import is_local

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from typing_extensions import Self

    from crossaccount.session.role_session import RoleSession

Answer = tuple[int, dict[str, str], bytes]
_SLOWEST = 10


class LoopbackServer:
    """Serves one address on 127.0.0.1, while it is entered.

    A request with another path, another method or a Host that is not a loopback name learns nothing: a web
    page that a browser shows here may reach the port, but neither knows the path nor can name the host.

    Args:
        answer: makes the answer to the one address: status, headers and body.
        port: the port; 0 takes a free one.

    Raises:
        OSError: the port is taken.
    """

    def __init__(self, answer: Callable[[], Answer], port: int = 0) -> None:
        self._path = "/" + secrets.token_urlsafe(32)
        path = self._path

        class Handler(BaseHTTPRequestHandler):
            """Answers one request."""

            timeout = _SLOWEST
            server_version, sys_version = "crossaccount", ""

            def do_GET(self) -> None:
                given = urlsplit(self.path).path.encode()
                foreign = not is_local(self.headers.get("Host", "")) or "Origin" in self.headers
                known = hmac.compare_digest(given, path.encode())
                status, headers, body = answer() if known and not foreign else (404, {}, b"")
                self.send_response(status)
                for name, value in {**headers, "Cache-Control": "no-store", "Connection": "close"}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_arguments: Any) -> None:  # noqa: ANN401  the library's signature
                """Say nothing: the path is the secret."""

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        """The one address; whoever knows it gets the answer."""
        return f"http://127.0.0.1:{self._server.server_port}{self._path}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def credentials_answer(session: Callable[[], RoleSession]) -> Callable[[], Answer]:
    """What a credentials URI answers, each time with a session that is still good.

    Args:
        session: gives the session, renewed where it has to be.
    """

    def answer() -> Answer:
        headers = {"Content-Type": "application/json"}
        try:
            return 200, headers, credentials_uri_answer(session()).encode()
        except SessionError as error:
            return 502, headers, f'{{"Code": "{error.kind.name.title()}"}}'.encode()

    return answer


def redirect_answer(link: Callable[[], str]) -> Callable[[], Answer]:
    """Leads a browser on to a link that is made at the moment of opening.

    Args:
        link: makes the link.
    """

    def answer() -> Answer:
        try:
            return 302, {"Location": link(), "Referrer-Policy": "no-referrer"}, b""
        except SessionError as error:
            return 502, {"Content-Type": "text/plain; charset=utf-8"}, f"error: {error}\n".encode()

    return answer
