"""A function's log: signed the way Log Service asks for, and refused with the statement that would help."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from crossaccount.session import ErrorKind, Key, SessionError, open_session
from crossaccount.session.functions.access import Access
from crossaccount.session.functions.logs import LogStore, log_store, read_log, signed_headers
from tests.session.functions_scene import put_function
from tests.session.test_role_session import session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crossaccount.localcloud.cloud import Cloud
    from crossaccount.session.source import Source

STORE = LogStore("project-a", "store", "cn-hangzhou")
LINES = [
    {"__time__": "1800000001", "requestId": "1-b", "message": "second\n"},
    {"__time__": "1800000000", "requestId": "1-a", "message": "first\n"},
]


class LogService:
    """A Log Service that checks the signature by itself, reached as a proxy like the local cloud."""

    def __init__(self) -> None:
        self.status, self.answer = 200, json.dumps(LINES)
        self.wrong: list[str] = []
        self.asked: list[dict[str, str]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.check(self.path, {name.lower(): value for name, value in self.headers.items()})
                self.send_response(outer.status)
                self.end_headers()
                self.wfile.write(outer.answer.encode())

            def log_message(self, *_arguments: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.endpoint = f"127.0.0.1:{self.server.server_port}"

    def check(self, target: str, headers: dict[str, str]) -> None:
        """Recompute the signature from what arrived, by the documented steps."""
        url = urlsplit(target)
        query = dict(parse_qsl(url.query))
        own = sorted(name for name in headers if name.startswith(("x-log-", "x-acs-")))
        text = "\n".join(
            [
                "GET",
                headers.get("content-md5", ""),
                headers.get("content-type", ""),
                headers["date"],
                *(f"{name}:{headers[name]}" for name in own),
                url.path + "?" + "&".join(f"{name}={query[name]}" for name in sorted(query)),
            ]
        )
        expected = base64.b64encode(hmac.new(b"the-secret", text.encode(), hashlib.sha1).digest()).decode()
        if headers["authorization"] != f"LOG STS.key:{expected}" or url.hostname != STORE.host:
            self.wrong.append(text)
        self.asked.append(query)


@pytest.fixture
def service(clean_environment: Any) -> Iterator[LogService]:
    """The Log Service."""
    made = LogService()
    thread = threading.Thread(target=made.server.serve_forever, args=(0.01,))
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


def test_the_newest_lines_come_oldest_first(service: LogService) -> None:
    """The call is signed as Log Service documents it, asks for the function's lines, and turns them round."""
    lines = read_log(Access(session(), service.endpoint), STORE, "report", since=3600, lines=50)

    assert service.wrong == []
    assert [(each.moment, each.request_id, each.message) for each in lines] == [
        (1800000000, "1-a", "first"),
        (1800000001, "1-b", "second"),
    ]
    assert service.asked[0]["query"] == 'functionName: "report"'
    assert service.asked[0]["line"] == "50"


def test_a_refusal_tells_the_statement(service: LogService) -> None:
    """Log Service's refusal is gate 3, with what the role's owner has to allow."""
    service.status, service.answer = 401, '{"errorCode": "Unauthorized", "errorMessage": "denied"}'

    with pytest.raises(SessionError, match="gate 3 of 3") as caught:
        read_log(Access(session(), service.endpoint), STORE, "report", since=60, lines=1)

    assert caught.value.kind is ErrorKind.REFUSED
    statement = json.loads(caught.value.advice.partition(": ")[2])
    assert statement["Resource"] == "acs:log:cn-hangzhou:1234567890120000:project/project-a/logstore/store"


@pytest.mark.parametrize(
    ("status", "answer", "kind"),
    [
        (404, '{"errorCode": "LogStoreNotExist", "errorMessage": "gone"}', ErrorKind.MISSING),
        (500, "<html>", ErrorKind.FAILED),
        (200, "<html>", ErrorKind.UNREACHABLE),
        (200, '{"logs": []}', ErrorKind.UNREACHABLE),
    ],
)
def test_what_is_no_log_is_told(service: LogService, status: int, answer: str, kind: ErrorKind) -> None:
    """A missing store, a page and another shape are errors, not an empty log."""
    service.status, service.answer = status, answer

    with pytest.raises(SessionError) as caught:
        read_log(Access(session(), service.endpoint), STORE, "report", since=60, lines=1)
    assert caught.value.kind is kind


def test_a_key_without_a_token_signs_none() -> None:
    """A lasting key sends no token header."""
    assert "x-acs-security-token" not in signed_headers(Key("LTAI", "s"), "GET", "/", {}, "now")


def test_the_store_is_the_functions_own(served: Cloud, source: Source, request_of: Any) -> None:
    """The function tells its log store; one that keeps no log says who can change that."""
    put_function(served, "cn-hangzhou", "logged", logConfig={"project": "project-a", "logstore": "store"})
    access = Access(open_session(request_of(), source, None), served.endpoint)

    assert log_store(access, "cn-hangzhou", "logged") == STORE
    with pytest.raises(SessionError, match="keeps no log"):
        log_store(access, "cn-hangzhou", "report")
    with pytest.raises(SessionError, match="does not exist"):
        log_store(access, "cn-hangzhou", "gone")
