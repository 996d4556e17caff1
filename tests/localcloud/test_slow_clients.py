"""A client that never finishes what it began is let go; one that waits for a slow answer is not."""

from __future__ import annotations

import contextlib
import json
import socket

import pytest

from crossaccount.localcloud import Cloud
from crossaccount.localcloud.asgi import Application
from crossaccount.localcloud.server import Server
from tests.localcloud import raw

A = "1234567890120000"
LIMIT = 0.05


@pytest.fixture
def cloud():
    """A cloud with one account, served by the test's own server."""
    return Cloud([A])


@pytest.fixture
def server(cloud):
    """Its server, with little patience."""
    serving = Server(Application(cloud), secure=lambda: cloud.authority.context, request_limit=LIMIT)
    yield serving
    serving.stop()
    if cloud._authority is not None:
        cloud._authority.close()


def left_to_wait(server, data: bytes) -> bytes:
    """Sends bytes and waits until the server has said its last."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
        connection.sendall(data)
        answer = b""
        with contextlib.suppress(ConnectionResetError):
            while part := connection.recv(65536):
                answer += part
        return answer


@pytest.mark.parametrize(
    "data",
    [
        b"P",
        b"POST / HTTP/1.1\r\nHost: a\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
    ],
)
def test_a_request_that_never_ends_is_refused(server, data):
    """Within the limit a request is there, head and body, or 408 closes the connection."""
    head, _, body = left_to_wait(server, data).partition(b"\r\n\r\n")

    assert head.startswith(b"HTTP/1.1 408 ")
    assert json.loads(body)["Code"] == "RequestTimeout"


def test_the_second_request_of_a_connection_has_the_same_limit(server):
    """What was answered before buys no time."""
    answer = left_to_wait(server, b"GET /_local/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET /_lo")

    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"HTTP/1.1 408 " in answer


@pytest.mark.parametrize("data", [b"\x16", b"\x16\x03\x01\x02\x00\x01\x00"])
def test_tls_that_never_begins_is_ended(server, data):
    """A handshake has the same limit; there is nothing to be said in words yet."""
    assert left_to_wait(server, data) == b""


def test_dripping_bytes_does_not_prolong_it(server):
    """The limit counts from the first byte, however often another follows."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=LIMIT / 5) as connection:
        answer = b""
        with contextlib.suppress(ConnectionError):
            connection.sendall(b"GET / HTTP/1.1\r\nx: ")
            for _ in range(1000):
                connection.sendall(b"y")
                with contextlib.suppress(TimeoutError):
                    if not (part := connection.recv(65536)):
                        break
                    answer += part
    assert answer.startswith(b"HTTP/1.1 408 ")


def test_a_slow_answer_is_waited_for(server, cloud):
    """The limit is the client's, not the cloud's: also with the next request half sent already."""
    cloud.inject("slow", seconds=4 * LIMIT)
    first = raw.acs3(cloud.accounts[A].root_key, "GetCallerIdentity")
    lines = "".join(f"{name}: {value}\r\n" for name, value in first.headers.items())
    head = f"{first.method} {first.target} HTTP/1.1\r\n{lines}content-length: 0\r\n\r\n"

    answer = left_to_wait(server, head.encode() + b"POST / HTTP/1.1\r\nHo")

    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"HTTP/1.1 408 " in answer
