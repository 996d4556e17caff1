"""A network that hangs, resets or answers a page: an error of its own, in bounded time."""

from __future__ import annotations

import socket
import struct
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from crossaccount.session import ErrorKind, Key, SessionError, SessionRequest, open_session
from crossaccount.session.sdk_call import own_roots
from crossaccount.session.source import Source, SourceKind
from tests.clients.scene import ROLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KEY = Key("LTAIsomebody", "a-secret")
SOURCE = Source(SourceKind.GIVEN, "the key", "key:LTAIsomebody", KEY)


@contextmanager
def serving(answer: Callable[[socket.socket], None]) -> Iterator[tuple[str, list[float]]]:
    """A server that does `answer` with each connection; its address, and when each came."""
    came: list[float] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    came.append(time.monotonic())
                    connection.recv(65536)
                    answer(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"127.0.0.1:{server.getsockname()[1]}", came
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join()


def _page(status: str, body: str) -> Callable[[socket.socket], None]:
    head = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n"
    return lambda connection: connection.sendall(f"{head}Connection: close\r\n\r\n{body}".encode())


def _reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _failure(endpoint: str) -> SessionError:
    with pytest.raises(SessionError) as caught:
        open_session(SessionRequest(ROLE, endpoint=endpoint), SOURCE, None)
    assert caught.value.kind is ErrorKind.UNREACHABLE
    assert caught.value.advice
    assert "a-secret" not in str(caught.value)
    return caught.value


@pytest.fixture(autouse=True)
def _short_times(monkeypatch: pytest.MonkeyPatch, clean_environment: Any) -> None:
    monkeypatch.setattr("crossaccount.session.sdk_call.READ_MS", 300)
    monkeypatch.setattr("crossaccount.session.sdk_call._PAUSE", 0.01)


def test_a_server_that_never_answers_is_given_up() -> None:
    """A hanging server is called once and given up after the read limit."""
    released = threading.Event()
    with serving(lambda _connection: released.wait(10)) as (endpoint, came):  # type: ignore[misc]
        started = time.monotonic()
        error = _failure(endpoint)
        taken = time.monotonic() - started
        released.set()

    assert "did not answer in time" in error.text
    assert len(came) == 1
    assert taken < 5


def test_a_reset_connection_is_tried_again_and_told() -> None:
    """A connection that is reset is tried three times in all."""
    with serving(_reset) as (endpoint, came):
        error = _failure(endpoint)

    assert "reset" in error.text
    assert error.retryable
    assert len(came) == 3


@pytest.mark.parametrize("status", ["200 OK", "403 Forbidden", "502 Bad Gateway"])
def test_a_page_is_no_answer(status: str) -> None:
    """HTML, as a proxy or a captive portal sends it, is told as such, whatever its status."""
    with serving(_page(status, "<html><body>Sign in to the network</body></html>")) as (endpoint, _):
        error = _failure(endpoint)

    assert "no JSON" in error.text
    assert "Sign in" not in str(error)


@pytest.mark.parametrize("body", ["{}", '{"AssumedRoleUser": 3}', "[]", "null"])
def test_json_of_another_service_is_no_session(body: str) -> None:
    """An answer without a session in it is refused, not half believed."""
    with serving(_page("200 OK", body)) as (endpoint, _), pytest.raises(SessionError) as caught:
        open_session(SessionRequest(ROLE, endpoint=endpoint), SOURCE, None)

    assert caught.value.kind in (ErrorKind.UNREACHABLE, ErrorKind.FAILED)


def test_where_nothing_listens() -> None:
    """A refused connection is told in these words."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        endpoint = f"127.0.0.1:{server.getsockname()[1]}"

    assert "nothing listens there" in _failure(endpoint).text


def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(
    served: Any, source: Source, request_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A local endpoint is called directly, whatever HTTP_PROXY says: no signed call leaves the machine."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")

    assert open_session(request_of(), source, None).role_arn == ROLE


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"])
def test_a_proxy_that_opens_tls_is_trusted_by_the_root_that_is_named(
    served: Any, source: Source, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    """Through a company's proxy, the real host is called with the root that the environment names."""
    monkeypatch.setattr("crossaccount.session.sdk_call.READ_MS", 15_000)
    monkeypatch.setenv("HTTPS_PROXY", served.url)
    refused = _failure("sts.cn-beijing.aliyuncs.com")
    monkeypatch.setenv(variable, str(served.ca_file))
    session = open_session(SessionRequest(ROLE, endpoint="sts.cn-beijing.aliyuncs.com"), source, None)

    assert "`SSL_CERT_FILE`" in refused.text
    assert session.role_arn == ROLE


def test_roots_that_are_not_there_are_not_asked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    """A variable that names no file is passed over, as OpenSSL does; SSL_CERT_FILE goes first."""
    first, second = tmp_path / "first.pem", tmp_path / "second.pem"
    second.touch()
    monkeypatch.setenv("SSL_CERT_FILE", str(first))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(second))

    assert own_roots() == str(second)
    first.touch()
    assert own_roots() == str(first)
