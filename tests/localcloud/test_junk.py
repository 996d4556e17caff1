"""Whatever arrives, the answer is an error in a known shape: no traceback, no hang, no fault inside."""

from __future__ import annotations

import json
import socket
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crossaccount.localcloud.cloud import Cloud
from crossaccount.localcloud.protocol import HEAD_LIMIT
from tests.localcloud import raw

A = "1234567890120000"
budget = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def served():
    """One cloud for all the junk of this module."""
    with Cloud([A]) as cloud:
        yield cloud
        assert list(cloud.faults) == []


def exchange(cloud: Cloud, data: bytes, *, ends: bool = True) -> bytes:
    """Sends bytes, says that no more will come if it `ends`, and gives what comes back."""
    host, port = cloud.endpoint.split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(data)
        if ends:
            connection.shutdown(socket.SHUT_WR)
        answer = b""
        try:
            while part := connection.recv(65536):
                answer += part
        except ConnectionResetError:
            pass
        return answer


def is_error(answer: bytes) -> bool:
    """Whether an answer is an HTTP error with a code in a JSON body."""
    head, _, body = answer.partition(b"\r\n\r\n")
    status = int(head.split(b" ")[1])
    return 400 <= status < 600 and bool(json.loads(body).get("Code") or json.loads(body).get("ErrorCode"))


@budget
@given(st.binary(max_size=300))
def test_bytes_that_are_no_http_are_refused(served, data):
    """Random bytes get an error or a closed connection, and the cloud goes on."""
    answer = exchange(served, data + b"\r\n\r\n")

    assert answer == b"" or is_error(answer)


TOKENS = st.text(st.characters(codec="ascii", exclude_characters="\r\n\0"), max_size=40)
PARTS = st.sampled_from(
    [
        "Action",
        "Version",
        "Signature",
        "AccessKeyId",
        "x-acs-action",
        "authorization",
        "host",
        "date",
        "%",
        "&&",
    ]
)


@budget
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD", "PATCH"]),
    path=st.one_of(
        st.just("/"),
        st.sampled_from(
            ["/2023-03-30/functions", "/2016-08-15/services", "/_local/clock", "/_local/oidc-keys"]
        ),
        TOKENS.map(lambda text: "/" + quote(text)),
        TOKENS.map(lambda text: "/2023-03-30/" + quote(text, safe="%/")),
    ),
    query=st.dictionaries(st.one_of(PARTS, TOKENS), TOKENS, max_size=5),
    headers=st.dictionaries(
        st.sampled_from(
            ["x-acs-action", "x-acs-version", "authorization", "date", "content-type", "x-acs-date"]
        ),
        st.one_of(
            TOKENS,
            st.sampled_from(
                [
                    "acs a:b",
                    "FC a:b",
                    "ACS3-HMAC-SHA256 Credential=a,SignedHeaders=host,Signature=b",
                    "ACS3-HMAC-SHA256 ,,,",
                    "application/x-www-form-urlencoded",
                    "2015-05-01",
                ]
            ),
        ),
        max_size=4,
    ),
    body=st.binary(max_size=60),
)
def test_requests_that_make_no_sense_are_refused(served, method, path, query, headers, body):
    """Well-formed HTTP with anything in it gets an error of the product's shape; nobody unsigned gets in."""
    target = path + ("?" + "&".join(f"{quote(k)}={quote(v)}" for k, v in query.items()) if query else "")
    lines = {"host": "127.0.0.1", "content-length": str(len(body)), "connection": "close", **headers}
    head = f"{method} {target} HTTP/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in lines.items())
    answer = exchange(served, head.encode() + b"\r\n" + body)

    if method == "HEAD":
        assert b" 40" in answer[:13] or b" 50" in answer[:13]
    else:
        assert is_error(answer)


@pytest.mark.parametrize(
    ("head", "why"),
    [
        (b"CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n", "nothing goes out"),
        (b"CONNECT ecs.aliyuncs.com:443 HTTP/1.1\r\n\r\n", "nothing goes out"),
        (b"GET /" + b"a" * HEAD_LIMIT + b" HTTP/1.1\r\nHost: a\r\n\r\n", "head is larger"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nx: " + b"a" * HEAD_LIMIT + b"\r\n\r\n", "head is larger"),
        (b"GET / HTTP/1.1\r\n" + b"x: y\r\n" * HEAD_LIMIT + b"\r\n", "head is larger"),
        (b"GET ram.aliyuncs.com HTTP/1.1\r\n\r\n", ""),
        (b"GET ftp://ram.aliyuncs.com/ HTTP/1.1\r\n\r\n", "neither a path"),
        (b"GET http:///x HTTP/1.1\r\n\r\n", ""),
        (b"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", ""),
        (b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", ""),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", ""),
        (b"GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n", ""),
        (b"GET http://ram.aliyuncs.com HTTP/1.0\r\nHost: ram.aliyuncs.com\r\n\r\n", "Version is mandatory"),
    ],
)
def test_a_head_that_is_not_taken_is_refused_in_words(served, head, why):
    """A tunnel, an endless head, a target or length that is none: one clear error each."""
    answer = exchange(served, head)

    assert is_error(answer)
    assert why in answer.decode()


def test_a_body_over_the_limit_is_refused(served):
    """An RPC body ends at 1 MiB, declared or chunked."""
    chunk = b"%x\r\n%s\r\n" % (70000, b"a" * 70000)
    declared = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n" + b"a" * 1048577
    chunked = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk * 16

    for data in (declared, chunked):
        answer = exchange(served, data)
        assert answer == b"" or b" 413 " in answer[:16]


@pytest.mark.parametrize(
    "chunks",
    [
        b"5\r\nhello\r\nzz\r\n",
        b"5\r\nhelloXX",
        b"ffffffffffffffffff\r\n",
        b"-1\r\n",
        b"5;x=\x00\r\nhello\r\n\x01",
    ],
)
def test_chunks_that_break_off_in_the_middle_end_in_an_error(served, chunks):
    """A body whose chunking goes wrong after it began well is refused, and never hangs."""
    head = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"

    answer = exchange(served, head + chunks, ends=False)

    assert is_error(answer)


@budget
@given(
    st.lists(
        st.one_of(st.binary(max_size=20), st.sampled_from([b"5\r\nhello\r\n", b"0\r\n\r\n"])), max_size=5
    )
)
def test_any_chunking_gets_an_error_or_the_end(served, parts):
    """Random chunks get a named error, or, where the client just stops, the end of the connection."""
    head = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"

    answer = exchange(served, head + b"".join(parts))

    assert answer == b"" or is_error(answer)


@pytest.mark.parametrize(
    ("target", "body"),
    [
        (b"/2023-03-30/functions/%ff%fe", b""),
        (b"/2023-03-30/functions/%zz", b""),
        (b"/?Action=%ff&Version=2015-05-01", b""),
        (b"/", b"Action=%ff"),
        (b"/", b"\xff\xfe"),
        (b"/2023-03-30/functions", b'{"functionName": "\xff"}'),
        (b"/2023-03-30/functions", b"[" * 100000),
        (b"/_local/clock", b'{"advance": 1'),
        (b"/_local/seed", b"\xff"),
    ],
)
def test_malformed_encoding_and_json_are_refused(served, target, body):
    """Percent-encoding, UTF-8 and JSON that are none get an error with a code."""
    head = (
        b"POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        b"Connection: close\r\nContent-Length: %d\r\n\r\n"
    )

    assert is_error(exchange(served, head % (target, len(body)) + body))


def test_a_client_that_goes_away_is_forgotten(served):
    """Half a request and a closed connection leave nothing behind."""
    for _ in range(20):
        assert exchange(served, b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf") == b""

    assert raw.acs3(served.accounts[A].root_key, "GetCallerIdentity").sent_to(served.endpoint).status == 200


def test_requests_sent_all_at_once_are_answered_in_order(served):
    """Pipelined requests on one connection come back in the order they were sent."""
    key = served.accounts[A].root_key
    wanted = []
    data = b""
    for number in range(20):
        action = f"Nonsense{number}"
        request = raw.acs3(key, action)
        headers = {**request.headers, "connection": "close" if number == 19 else "keep-alive"}
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        data += f"{request.method} {request.target} HTTP/1.1\r\n{lines}content-length: 0\r\n\r\n".encode()
        wanted.append(action)

    answer = exchange(served, data, ends=False).decode()

    assert [part.split("`")[0] for part in answer.split("implement `")[1:]] == wanted
