"""How the engine calls RAM and STS: errors, retries and connections, against a scripted loopback server."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from crossaccount.engine.api_errors import ApiCallError, LostAnswerError
from crossaccount.engine.ram_api import RamApi
from crossaccount.engine.target import Target

DROP = object()
NO_ROLE = (404, {"Code": "EntityNotExist.Role", "Message": "The role does not exist.", "RequestId": "R-1"})


class Scripted(ThreadingHTTPServer):
    """Answers with the script's entries in turn: (status, body), or DROP to hang up without an answer."""

    daemon_threads = False
    block_on_close = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script, self.actions, self.connections = [], [], set()
        self.lock = threading.Lock()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 5
    disable_nagle_algorithm = True

    def do_POST(self):
        with self.server.lock:
            self.server.actions.append(self.headers["x-acs-action"])
            self.server.connections.add(self.client_address)
            answer = self.server.script.pop(0) if self.server.script else (200, {"RequestId": "R-0"})
        if answer is DROP:
            self.close_connection = True
            return
        status, body = answer
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        """Say nothing: the tests read `actions`."""


@pytest.fixture
def server():
    served = Scripted()
    thread = threading.Thread(target=served.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield served
    served.shutdown()
    thread.join()
    served.server_close()


@pytest.fixture
def pauses():
    return []


@pytest.fixture
def api(server, pauses):
    target = Target(f"127.0.0.1:{server.server_port}", "key-id", "key-secret", "session-token")
    with RamApi(target, pause=pauses.append) as api:
        yield api


def throttled(status=400, code="Throttling.User"):
    return status, {"Code": code, "Message": "Request was denied due to user flow control."}


def test_returns_the_body_of_an_answer(api, server):
    """An answer's body comes back as the API's own fields."""
    server.script = [(200, {"Role": {"RoleName": "r", "MaxSessionDuration": 3600}})]
    assert api.call("GetRole", role_name="r")["Role"] == {"RoleName": "r", "MaxSessionDuration": 3600}
    assert server.actions == ["GetRole"]


def test_an_error_carries_code_status_and_request_id(api, server):
    """A refusal is one error with the API's code, message and request id, sent once."""
    server.script = [NO_ROLE]
    with pytest.raises(ApiCallError) as caught:
        api.call("GetRole", role_name="r")
    error = caught.value
    assert (error.code, error.status, error.request_id, error.gone) == (
        "EntityNotExist.Role",
        404,
        "R-1",
        True,
    )
    assert str(error) == "`GetRole` failed: The role does not exist. (EntityNotExist.Role, request id R-1)"
    assert server.actions == ["GetRole"]


def test_a_404_of_the_gateway_does_not_mean_gone(api, server):
    """An unknown access key is a 404 as well; only RAM's own code says that a thing is gone."""
    server.script = [
        (404, {"Code": "InvalidAccessKeyId.NotFound", "Message": "Specified access key is not found."})
    ]
    with pytest.raises(ApiCallError) as caught:
        api.call("GetRole", role_name="r")
    assert not caught.value.gone


@pytest.mark.parametrize(
    "refusal",
    [
        throttled(),
        throttled(code="Throttling"),
        throttled(503, "ServiceUnavailable"),
        (500, {"Code": "InternalError"}),
    ],
)
def test_a_passing_refusal_is_sent_again(api, server, pauses, refusal):
    """Throttling, an unavailable service and a server error are retried, each time after a longer pause."""
    server.script = [refusal, refusal, (200, {"RequestId": "R"})]
    api.call("DeleteRole", role_name="r")
    assert server.actions == ["DeleteRole"] * 3
    assert pauses == [0.5, 1.0]


def test_retries_are_bounded(api, server, pauses):
    """After six attempts the refusal is final; no pause is longer than eight seconds."""
    server.script = [throttled()] * 9
    with pytest.raises(ApiCallError, match="flow control"):
        api.call("GetRole", role_name="r")
    assert len(server.actions) == 6
    assert pauses == [0.5, 1.0, 2.0, 4.0, 8.0]


@pytest.mark.parametrize(
    "code", ["NoPermission", "InvalidParameter.RoleName.Length", "SignatureDoesNotMatch"]
)
def test_any_other_refusal_is_final(api, server, code):
    """A 4xx that is no throttling is never sent twice."""
    server.script = [(403, {"Code": code, "Message": "no"})]
    with pytest.raises(ApiCallError):
        api.call("GetRole", role_name="r")
    assert len(server.actions) == 1


def test_a_reset_connection_is_tried_again(api, server):
    """A connection that ends before the answer is opened again."""
    server.script = [DROP, (200, {"RequestId": "R"})]
    api.call("DeleteRole", role_name="r")
    assert server.actions == ["DeleteRole"] * 2


@pytest.mark.parametrize("lost", [DROP, (500, {"Code": "InternalError", "Message": "oops"})])
def test_a_create_repeated_after_a_lost_answer_is_never_adopted(api, server, lost):
    """When the second attempt finds the role there, the error says that the first may have made it."""
    exists = (409, {"Code": "EntityAlreadyExists.Role", "Message": "The role does already EXIST."})
    server.script = [lost, exists]
    with pytest.raises(ApiCallError, match="had been sent before and that answer was lost") as caught:
        api.call("CreateRole", role_name="r", assume_role_policy_document="{}")
    assert caught.value.repeated
    assert caught.value.code == "EntityAlreadyExists.Role"


@pytest.mark.parametrize("action", ["CreateAccessKey", "CreatePolicyVersion"])
def test_what_would_leave_a_second_one_is_not_sent_twice(api, server, action):
    """A key or version whose answer was lost may exist: it is not made again, and the error says so."""
    server.script = [DROP]
    with pytest.raises(LostAnswerError, match="may have taken effect"):
        api.call(action)
    assert server.actions == [action]


def test_a_throttled_access_key_is_made_when_it_can(api, server):
    """A refused call has left nothing behind, so it is repeated whatever the action."""
    server.script = [throttled(), (200, {"AccessKey": {"AccessKeyId": "k"}})]
    assert api.call("CreateAccessKey", user_name="u")["AccessKey"]["AccessKeyId"] == "k"


def test_an_error_shows_no_secret(api, server):
    """Secrets that the service echoes, and the string it signed, are cut from the message."""
    text = (
        "Password Hunter-2! of key-secret in session-token is weak. server string to sign is:POST&Hunter-2!"
    )
    server.script = [(400, {"Code": "InvalidParameter.Password", "Message": text})]
    with pytest.raises(ApiCallError) as caught:
        api.call("CreateLoginProfile", user_name="u", password="Hunter-2!")
    shown = str(caught.value) + repr(caught.value)
    assert not [secret for secret in ("Hunter-2!", "key-secret", "session-token", "POST&") if secret in shown]
    assert "Password [secret] of [secret] in [secret] is weak." in shown


def test_nothing_listening_says_so_at_once(server, pauses):
    """A refused connection is not retried and says what to do."""
    port = server.server_port
    server.shutdown()
    server.server_close()
    with (
        RamApi(Target(f"127.0.0.1:{port}", "i", "s"), pause=pauses.append) as api,
        pytest.raises(ApiCallError, match="nothing listens at the endpoint") as caught,
    ):
        api.call("CreateLoginProfile", user_name="u", password="Hunter2Hunter2")
    assert pauses == []
    assert "Hunter2" not in str(caught.value) + repr(caught.value)


def test_an_answer_that_is_not_json_is_an_error(api, server):
    """A page in place of an answer is a named error, not an empty result."""
    server.script = [(200, "text")]
    with pytest.raises(ApiCallError, match="not a JSON object"):
        api.call("GetRole", role_name="r")


def test_the_account_id_is_asked_once(api, server):
    """The caller's account does not change, so STS is asked once."""
    server.script = [(200, {"AccountId": "1234567890123456"})]
    assert [api.account_id(), api.account_id()] == ["1234567890123456"] * 2
    assert server.actions == ["GetCallerIdentity"]


def test_pages_are_followed_to_the_end(api, server):
    """A truncated list is continued from its marker."""
    server.script = [
        (200, {"Users": {"User": [{"UserName": "a"}]}, "IsTruncated": True, "Marker": "m"}),
        (200, {"Users": {"User": [{"UserName": "b"}]}, "IsTruncated": False}),
    ]
    assert [user["UserName"] for user in api.pages("ListUsers", "Users", "User", max_items=1)] == ["a", "b"]


def test_connections_are_kept_alive(api, server):
    """A run of calls uses one connection."""
    for _ in range(20):
        api.call("GetRole", role_name="r")
    assert len(server.connections) == 1


def test_threads_share_one_set_of_connections(api, server):
    """Calls side by side open at most one connection a thread."""
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: api.call("GetRole", role_name="r"), range(80)))
    assert len(server.actions) == 80
    assert len(server.connections) <= 8


def test_a_proxy_is_never_used_for_a_local_endpoint(api, server, monkeypatch):
    """Signed calls to this machine do not leave it, whatever proxy the environment names."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    api.call("GetRole", role_name="r")
    assert server.actions == ["GetRole"]
