"""Links into the console: keys in a body, never in an address."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from crossaccount.session import ErrorKind, SessionError
from crossaccount.session.console import federation_link, switch_role_link
from tests.session.test_role_session import session

if TYPE_CHECKING:
    from collections.abc import Iterator


class SignIn:
    """A sign-in service on this machine that notes what it was asked."""

    def __init__(self) -> None:
        self.status, self.answer = 200, json.dumps({"RequestId": "R", "SigninToken": "a+token/="})
        self.asked: list[tuple[str, dict[str, list[str]]]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                outer.asked.append((self.path, parse_qs(body)))
                self.send_response(outer.status)
                self.end_headers()
                self.wfile.write(outer.answer.encode())

            def log_message(self, *_arguments: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.endpoint = f"127.0.0.1:{self.server.server_port}"


@pytest.fixture
def sign_in(clean_environment: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[SignIn]:
    """The sign-in service, in the place of the real one."""
    service = SignIn()
    thread = threading.Thread(target=service.server.serve_forever, args=(0.01,))
    thread.start()
    monkeypatch.setenv("CROSSACCOUNT_SIGNIN", service.endpoint)
    yield service
    service.server.shutdown()
    thread.join()
    service.server.server_close()


def test_the_sessions_keys_go_in_the_body(sign_in: SignIn) -> None:
    """GetSigninToken is a POST whose address holds nothing; the link holds the token and no key."""
    link = federation_link(session())

    ((path, form),) = sign_in.asked
    assert path == "/federation"
    assert form == {
        "Action": ["GetSigninToken"],
        "AccessKeyId": ["STS.key"],
        "AccessKeySecret": ["the-secret"],
        "SecurityToken": ["the-token"],
        "TicketType": ["mini"],
    }
    query = parse_qs(urlsplit(link).query)
    assert link.startswith("https://signin.aliyun.com/federation?")
    assert query == {
        "Action": ["Login"],
        "LoginUrl": ["https://signin.aliyun.com"],
        "Destination": ["https://fcnext.console.aliyun.com/"],
        "SigninToken": ["a+token/="],
    }


@pytest.mark.parametrize(
    "destination",
    [
        "http://ecs.console.aliyun.com",
        "https://evil.example/",
        "https://aliyun.com.evil.example/",
        "https://evilaliyun.com/",
        "https://aliyun.com@evil.example/",
        "javascript:alert(1)",
    ],
)
def test_only_official_pages_are_opened(sign_in: SignIn, destination: str) -> None:
    """A destination that is not Alibaba Cloud's is refused before the session is shown to anybody."""
    with pytest.raises(SessionError, match="is no page of the console") as caught:
        federation_link(session(), destination)

    assert caught.value.kind is ErrorKind.USAGE
    assert sign_in.asked == []


@pytest.mark.parametrize(
    ("status", "answer", "told"),
    [
        (403, '{"Code": "NoPermission", "echo": "the-secret"}', "HTTP 403"),
        (200, "<html>the-secret</html>", "no JSON"),
        (200, '{"Code": "InvalidToken"}', "InvalidToken"),
        (200, "[]", "no token"),
    ],
)
def test_a_sign_in_that_fails_is_told(sign_in: SignIn, status: int, answer: str, told: str) -> None:
    """What the service refuses or garbles is an error that shows nothing of the session."""
    sign_in.status, sign_in.answer = status, answer

    with pytest.raises(SessionError, match=told) as caught:
        federation_link(session())
    assert "the-secret" not in str(caught.value)
    assert "--switch-role" in caught.value.advice


def test_a_sign_in_service_elsewhere_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable can send a session's keys to another machine."""
    monkeypatch.setenv("CROSSACCOUNT_SIGNIN", "evil.example")

    with pytest.raises(SessionError, match="not on this machine"):
        federation_link(session())


def test_the_link_to_switch_roles_names_account_and_role() -> None:
    """The alias where it is known, else the account's id."""
    assert switch_role_link("1234567890120000", "company-a", "fc-reader") == (
        "https://signin.aliyun.com/switchRole.htm?parentAlias=company-a.onaliyun.com&roleName=fc-reader"
    )
    assert "parentAlias=1234567890120000.onaliyun.com" in switch_role_link("1234567890120000", None, "r")
