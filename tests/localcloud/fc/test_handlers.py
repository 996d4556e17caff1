"""Functions that answer: a Python callable, an HTTP server on this machine, or an echo."""

from __future__ import annotations

import http.server
import json
import threading

import pytest
from alibabacloud_fc20230330 import models as models_3
from alibabacloud_fc_open20210406 import models as models_2
from alibabacloud_sts20150401.client import Client as Sts
from alibabacloud_tea_openapi.models import Config
from darabonba.runtime import RuntimeOptions

from tests.localcloud import raw


@pytest.fixture
def invoke(fc3):
    """InvokeFunction of the 3.0 function `f`."""
    fc3.create(environmentVariables={"STAGE": "test"}, timeout=1)

    def call(event=b"", **fields):
        headers = models_3.InvokeFunctionHeaders(**fields.pop("headers", {}))
        request = models_3.InvokeFunctionRequest(body=event, **fields)
        return fc3.client.invoke_function_with_options("f", request, headers, RuntimeOptions())

    return call


def read(answer):
    """The body of an invocation."""
    return answer.body.read()


@pytest.mark.parametrize(
    ("answer", "expected"),
    [(b"\x00\xff", b"\x00\xff"), ("ä", "ä".encode()), ({"n": 1}, b'{"n": 1}'), (None, b"")],
)
def test_a_python_handler_answers(invoke, account_a, answer, expected):
    """Bytes and text as they are, anything else as JSON, nothing as nothing."""
    account_a.fc.handlers.set("f", lambda _event, _invocation: answer)

    assert read(invoke(b"event")) == expected


def test_a_handler_knows_its_call(invoke, account_a):
    """Event, request id, account, region, qualifier, environment."""
    seen = []
    account_a.fc.handlers.set("f", lambda event, invocation: seen.append((event, invocation)))
    answer = invoke(b"event")

    ((event, invocation),) = seen
    assert event == b"event"
    assert invocation.request_id == answer.headers["x-fc-request-id"]
    assert (invocation.account_id, invocation.region) == (account_a.id, "cn-hangzhou")
    assert (invocation.function, invocation.service, invocation.qualifier) == ("f", "", "LATEST")
    assert (invocation.handler, invocation.environment) == ("index.handler", {"STAGE": "test"})


def test_a_handler_that_fails_is_the_functions_error(invoke, account_a, cloud):
    """Status 200 with X-Fc-Error-Type and the error as JSON; it is no fault of the cloud."""

    def handler(_event, _invocation):
        raise LookupError("no such order")

    account_a.fc.handlers.set("f", handler)
    answer = invoke()

    assert answer.status_code == 200
    assert answer.headers["x-fc-error-type"] == "UnhandledInvocationError"
    body = json.loads(read(answer))
    assert (body["errorType"], body["errorMessage"]) == ("LookupError", "no such order")
    assert not cloud.faults


@pytest.mark.parametrize("error", [SystemExit(1), KeyboardInterrupt(), pytest.fail.Exception("not so")])
def test_whatever_a_handler_raises_is_the_functions_error(invoke, account_a, cloud, error):
    """Also what is no ordinary exception, like a failed check of the test's inside the handler."""

    def handler(_event, _invocation):
        raise error

    account_a.fc.handlers.set("f", handler)
    answer = invoke()

    assert (answer.status_code, answer.headers["x-fc-error-type"]) == (200, "UnhandledInvocationError")
    assert json.loads(read(answer))["errorType"] == type(error).__name__


def test_a_handler_may_call_the_cloud(invoke, account_a, cloud):
    """The cloud answers other calls while a handler runs."""
    key = account_a.root_key

    def handler(_event, invocation):
        config = Config(access_key_id=key.key_id, access_key_secret=key.secret, region_id=invocation.region)
        return Sts(config).get_caller_identity().body.account_id

    account_a.fc.handlers.set("f", handler)

    assert read(invoke()) == account_a.id.encode()


def test_an_asynchronous_handler_runs_after_the_answer(invoke, account_a):
    """202 at once; the handler runs to its end."""
    go, done = threading.Event(), threading.Event()
    account_a.fc.handlers.set("f", lambda _event, _invocation: done.set() if go.wait(5) else None)
    answer = invoke(headers={"x_fc_invocation_type": "Async"})
    go.set()

    assert answer.status_code == 202
    assert done.wait(5)


def test_without_a_handler_a_function_echoes(invoke, account_a):
    """Also when its handler was taken away."""
    account_a.fc.handlers.set("f", lambda _event, _invocation: b"x")
    account_a.fc.handlers.clear()

    assert read(invoke(b"echo")) == b"echo"


def test_a_regions_handler_comes_first(invoke, account_a):
    """A handler for one region answers there; another region's does not."""
    account_a.fc.handlers.set("f", lambda _event, _invocation: b"everywhere")
    account_a.fc.handlers.set("f", lambda _event, _invocation: b"there", region="cn-shanghai")
    assert read(invoke()) == b"everywhere"
    account_a.fc.handlers.set("f", lambda _event, _invocation: b"here", region="cn-hangzhou")

    assert read(invoke()) == b"here"


class Answering(http.server.BaseHTTPRequestHandler):
    """A custom runtime: answers its path, its event and what it knows of the function."""

    def do_POST(self):
        """One invocation."""
        event = self.rfile.read(int(self.headers["content-length"]))
        if event == b"hang":
            self.server.released.wait(5)
            return
        body = json.dumps([self.path, event.decode(), self.headers["x-fc-function-name"]]).encode()
        self.send_response(500 if event == b"fail" else 200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments):
        """Says nothing."""


@pytest.fixture
def runtime():
    """The address of a custom runtime on this machine."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    server.released = threading.Event()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.released.set()
    server.shutdown()
    server.server_close()
    thread.join()


def test_an_http_handler_answers(invoke, account_a, runtime):
    """`POST /invoke` as a custom runtime gets it, or the path that the address has."""
    account_a.fc.handlers.set("f", runtime)
    assert json.loads(read(invoke(b"event"))) == ["/invoke", "event", "f"]
    account_a.fc.handlers.set("f", f"{runtime}/own/path")

    assert json.loads(read(invoke(b"event")))[0] == "/own/path"


def test_a_handler_given_at_the_side_door_answers(invoke, account_a, cloud, runtime):
    """Nobody needs Python to say what answers."""
    body = json.dumps({"account": account_a.id, "function": "f", "address": runtime}).encode()
    host = {"host": cloud.endpoint}

    assert raw.Request("POST", "/_local/handlers", host, body).sent_to(cloud.endpoint).status == 200
    assert json.loads(read(invoke(b"event"))) == ["/invoke", "event", "f"]


@pytest.mark.parametrize(
    ("event", "kind"), [(b"fail", None), (b"hang", "FunctionTimeout"), (None, "FunctionUnreachable")]
)
def test_an_http_handler_that_fails(invoke, account_a, runtime, event, kind):
    """An error status, no answer within the function's timeout, and nobody there are the function's error."""
    address = runtime if event is not None else "http://127.0.0.1:1"
    account_a.fc.handlers.set("f", address)
    answer = invoke(event or b"")

    assert answer.headers["x-fc-error-type"] == "UnhandledInvocationError"
    body = json.loads(read(answer))
    assert kind is None or body["errorType"] == kind


@pytest.mark.parametrize(
    "address",
    [
        "https://127.0.0.1",
        "http://192.0.2.1",
        "http://example.com",
        "127.0.0.1:9000",
        "ftp://[::1]",
        "http://127.0.0.1@example.com",
        "http://user@127.0.0.1",
        "http://127.0.0.1.example.com",
        "http://127.0.0.1:99999",
        "http://127.0.0.1:0",
        "http://127.0.0.1/?event=1",
        "http://[::1",
        "",
    ],
)
def test_only_this_machine_is_called(account_a, address):
    """An address that is not plain HTTP on loopback is refused when it is given."""
    with pytest.raises(ValueError, match="is no handler"):
        account_a.fc.handlers.set("f", address)
    for local in ("http://localhost:1", "http://[::1]:1", "http://127.8.0.1/x"):
        account_a.fc.handlers.set("f", local)


def test_handlers_of_services(fc2, account_a):
    """A 2.0 function has a handler of its own, told from a 3.0 namesake, and hears its qualifier."""
    fc2.create_service()
    fc2.create()
    fc2.client.publish_service_version("s", models_2.PublishServiceVersionRequest())
    account_a.fc.handlers.set("f", lambda _event, _invocation: b"wrong one")
    account_a.fc.handlers.set(
        "f", lambda _event, invocation: f"{invocation.service} {invocation.qualifier}", service="s"
    )
    request = models_2.InvokeFunctionRequest(body=b"")

    assert fc2.client.invoke_function("s", "f", request).body == b"s LATEST"
    assert fc2.client.invoke_function("s.1", "f", request).body == b"s 1"


def test_accounts_do_not_share_handlers(invoke, account_b):
    """Account B's handler of the same name is not asked for account A's function."""
    account_b.fc.handlers.set("f", lambda _event, _invocation: b"of B")

    assert read(invoke(b"echo")) == b"echo"
