"""A coverage-guided fuzzer of everything between a client's bytes and an operation; `test_fuzz_wire` runs it.

Run by hand: `python -m tests.localcloud.fuzz_wire -runs=1000000 FOLDER`. An input that begins with a zero
byte goes to the parsing functions one by one; any other is what a client sent on a connection, to the
server's own protocol and on to the cloud. Whatever it is, there is an answer or a refusal with a code.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import sys
from http.client import HTTPException, HTTPResponse
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["crossaccount.localcloud"]):
    from uvicorn.config import Config
    from uvicorn.server import ServerState

    from crossaccount.localcloud import Cloud, parameters, signatures
    from crossaccount.localcloud.asgi import Application
    from crossaccount.localcloud.control import respond  # noqa: F401  so that it is instrumented
    from crossaccount.localcloud.errors import ApiError
    from crossaccount.localcloud.host import HostError, is_loopback, parse_host
    from crossaccount.localcloud.protocol import Protocol
    from crossaccount.localcloud.signatures.claim import http_moment, iso_moment
    from crossaccount.localcloud.signatures.encoding import canonical_query
    from crossaccount.localcloud.wire import Wire, decode_segment, parse_headers, parse_parameters

from tests.localcloud import raw

A = "1234567890120000"
CLOUD = Cloud([A], seed=1)
LOOP = asyncio.new_event_loop()
CONFIG = Config(Application(CLOUD), log_config=None, lifespan="off", interface="asgi3", ws="none")
CONFIG.load()


class Socket(asyncio.Transport):
    """A connection that keeps what is written to it."""

    def __init__(self) -> None:
        super().__init__({"peername": ("127.0.0.1", 1), "sockname": ("127.0.0.1", 2)})
        self.written = b""
        self.closed = False

    def write(self, data) -> None:
        """Keeps it."""
        self.written += data

    def is_closing(self) -> bool:
        """Whether the server closed it."""
        return self.closed

    def close(self) -> None:
        """Closed by the server."""
        self.closed = True

    def pause_reading(self) -> None:
        """Everything has been read already."""

    resume_reading = pause_reading


async def _served(data: bytes) -> bytes:
    state = ServerState()
    connection, protocol = Socket(), Protocol(CONFIG, state, {}, LOOP)
    protocol.connection_made(connection)
    middle = len(data) // 2
    for piece in (data[:middle], data[middle:]):
        if piece and not connection.closed:
            protocol.data_received(piece)
    for _ in range(20):
        await asyncio.sleep(0)
    protocol.connection_lost(None)
    if state.tasks:
        await asyncio.wait_for(asyncio.gather(*state.tasks), 5)
    return connection.written


class _Answer:
    def __init__(self, stream: io.BytesIO) -> None:
        self._stream = stream

    def makefile(self, _mode: str) -> io.BytesIO:
        """What `http.client` reads of a socket."""
        return self._stream


def check_answers(written: bytes) -> None:
    """Each answer is whole, is no failure of the server, and has a code where it refuses."""
    stream = io.BytesIO(written.replace(b"HTTP/1.1 100 Continue\r\n\r\n", b""))
    stream.close = lambda: None
    while stream.tell() < len(stream.getvalue()):
        answer = HTTPResponse(_Answer(stream))
        answer.begin()
        body = answer.read(int(answer.getheader("content-length", "0")))
        assert answer.status < 500 or answer.status == 501, body
        if answer.status >= 400 and body:
            told = json.loads(body)
            assert told.get("Code") or told.get("ErrorCode"), body


def connection(data: bytes) -> None:
    """What a client sends on a connection."""
    written = LOOP.run_until_complete(_served(data))
    try:
        check_answers(written)
    except HTTPException:
        if b"HEAD" not in data:  # whose answer has a length and no body
            raise
    except ValueError:
        if b"HEAD" not in data:
            raise
    assert not CLOUD.faults, CLOUD.faults[-1]


def _wire(given: atheris.FuzzedDataProvider) -> Wire:
    pairs = [(given.ConsumeBytes(16), given.ConsumeBytes(60)) for _ in range(given.ConsumeIntInRange(0, 4))]
    scheme = given.PickValueInList([b"", b"ACS3-HMAC-SHA256 ", b"acs ", b"FC "])
    headers = parse_headers([*pairs, (b"authorization", scheme + given.ConsumeBytes(80))])
    query = parse_parameters(given.ConsumeBytes(80))
    path = "/" + given.ConsumeBytes(20).decode("ascii", "replace")
    return Wire("GET", path, query, headers, given.ConsumeBytes(40), "127.0.0.1")


def functions(data: bytes) -> None:
    """The parsing functions, one by one: a value, or a refusal by name."""
    given = atheris.FuzzedDataProvider(data)
    what = given.ConsumeIntInRange(0, 6)
    if what == 0:
        signatures.read_claim(_wire(given)).holds("secret")
    elif what == 1:
        params = parse_parameters(given.ConsumeBytes(300))
        assert parse_parameters(canonical_query(params).encode()) == params
    elif what == 2:
        params = parse_parameters(given.ConsumeBytes(300))
        parameters.json_list(params, "Tag")
        parameters.boolean(params, "All")
        parameters.integer(params, "MaxItems", 1, low=0, high=10)
    elif what == 3:
        host = given.ConsumeUnicodeNoSurrogates(100)
        assert not is_loopback(host) or parse_host(host).product is None
        parse_host(host)
    elif what == 4:
        iso_moment(given.ConsumeUnicodeNoSurrogates(20))
    elif what == 5:
        http_moment(given.ConsumeUnicodeNoSurrogates(40))
    else:
        decode_segment(given.ConsumeBytes(60).decode("ascii", "replace"))


def fuzz(data: bytes) -> None:
    """One input."""
    if data[:1] != b"\0":
        connection(data)
        return
    with contextlib.suppress(ApiError, HostError):
        functions(data[1:])


def write_examples(folder: Path) -> None:
    """Requests to begin with: each signature, chunks, a form, the side door, a proxy's, two in a row."""
    key = CLOUD.accounts[A].root_key
    signed = {
        "acs3": raw.acs3(key, "GetRole", {"RoleName": "r"}),
        "rest": raw.acs3(
            key, "ListFunctions", method="GET", path="/2023-03-30/functions", version="2023-03-30"
        ),
        "rpc1": raw.rpc1(key, "GetCallerIdentity"),
        "fc": raw.fc_signed(key, "GET", "/2016-08-15/services", x_fc_account_id=A),
    }
    for name, request in signed.items():
        lines = "".join(f"{each}: {value}\r\n" for each, value in request.headers.items())
        (folder / name).write_bytes(f"{request.method} {request.target} HTTP/1.1\r\n{lines}\r\n".encode())
    form = b"Content-Type: application/x-www-form-urlencoded\r\n"
    chunks = b"Transfer-Encoding: chunked\r\n\r\n12\r\nAction=ListRoles&x\r\n0\r\n\r\n"
    plain = {
        "chunks": b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n" + form + chunks,
        "clock": b'POST /_local/clock HTTP/1.1\r\nHost: localhost\r\nContent-Length: 13\r\n\r\n{"advance":1}',
        "proxied": b"GET http://fcv3.cn-beijing.aliyuncs.com/2023-03-30/tags?a=% HTTP/1.1\r\nHost: x\r\n\r\n",
        "tunnel": b"CONNECT ram.aliyuncs.com:443 HTTP/1.1\r\nHost: ram.aliyuncs.com:443\r\n\r\n",
        "two": b"GET /_local/health HTTP/1.1\r\nHost: [::1]\r\n\r\n" * 2,
        **{
            f"function{number}": b"\0" + b"a=%41&Tag.1.Key=k&MaxItems=5" + bytes([number])
            for number in range(7)
        },
    }
    for name, data in plain.items():
        (folder / name).write_bytes(data)


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        if not argument.startswith("-"):
            write_examples(Path(argument))
    atheris.Setup(sys.argv, fuzz)
    atheris.Fuzz()
