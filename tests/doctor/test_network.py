"""A network between the caller and STS that refuses, hangs, resets or answers a page."""

from __future__ import annotations

import json
import socket
import threading
import time
from typing import TYPE_CHECKING

import pytest

from crossaccount.doctor import Diagnosis
from crossaccount.doctor.reach import reach, unsecured_time
from crossaccount.localcloud import sdk_seam
from crossaccount.session import Key
from tests.clients.scene import B
from tests.doctor.conftest import Doctor
from tests.session.test_network import _page as page
from tests.session.test_network import _reset as reset
from tests.session.test_network import serving

if TYPE_CHECKING:
    from pathlib import Path

    from crossaccount.localcloud.cloud import Cloud

KEY = Key("LTAIsomebody", "a-secret-of-somebody")


@pytest.fixture
def lost(clean_environment: Path, monkeypatch: pytest.MonkeyPatch) -> Doctor:
    """The command, with a key and an endpoint that a test gives."""
    made = Doctor(monkeypatch, "127.0.0.1:1")
    made.sign_with(KEY)
    return made


def test_nothing_listens(lost: Doctor) -> None:
    """A refused connection is told, with a command that tries the same; nothing later is reached."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        endpoint = f"127.0.0.1:{server.getsockname()[1]}"
    report = lost.run("--endpoint", endpoint)
    found = report.failed(Diagnosis.UNREACHABLE)

    assert "nothing listens there" in found["text"]
    assert found["evidence"][0].startswith("ConnectionRefusedError")
    assert f"'http://{endpoint}/?Format=JSON'" in found["mend"][0]
    assert report.status("access key") == "not reached"


def test_a_server_that_hangs(lost: Doctor) -> None:
    """`--timeout` bounds the wait."""
    released = threading.Event()
    with serving(lambda _connection: released.wait(10)) as (endpoint, _):  # type: ignore[misc]
        started = time.monotonic()
        report = lost.run("--endpoint", endpoint, "--timeout", "0.2")
        taken = time.monotonic() - started
        released.set()

    assert "in time" in report.failed(Diagnosis.NO_ANSWER)["text"]
    assert taken < 3


def test_a_server_that_hangs_on_signed_calls(lost: Doctor) -> None:
    """What answers one request and not the other is told; the wait is bounded there, too."""
    released = threading.Event()
    answer = page("400 Bad Request", '{"RequestId": "R-1", "Code": "MissingVersion"}')
    came: list[object] = []

    def serve(connection: socket.socket) -> None:
        came.append(connection)
        if len(came) == 1:
            answer(connection)
        else:
            released.wait(10)

    with serving(serve) as (endpoint, _):
        started = time.monotonic()
        report = lost.run("--endpoint", endpoint, "--timeout", "0.3")
        taken = time.monotonic() - started
        released.set()

    assert "answers an unsigned request, and not a signed one" in report.failed(Diagnosis.NO_ANSWER)["text"]
    assert taken < 5


def test_a_connection_that_is_reset(lost: Doctor) -> None:
    """A reset is told apart from a refusal."""
    with serving(reset) as (endpoint, _):
        report = lost.run("--endpoint", endpoint)

    assert "reset" in report.failed(Diagnosis.RESET)["text"]


@pytest.mark.parametrize("status", ["200 OK", "302 Found", "403 Forbidden", "502 Bad Gateway"])
def test_a_page(lost: Doctor, status: str) -> None:
    """A page is told by its status and type; its text, which is somebody else's, is not shown."""
    with serving(page(status, "<html>\x1b[31mSign in, RequestId 7</html>")) as (endpoint, _):
        report = lost.run("--endpoint", endpoint)
    found = report.failed(Diagnosis.NO_SERVICE)

    assert f"HTTP {status[:3]} text/html" in found["evidence"][0]
    assert found["text"].startswith(f"`{endpoint}` cannot be used")
    assert "Sign in," not in report.text
    assert any("HTTPS_PROXY" in line for line in found["mend"])


def test_json_of_another_service(lost: Doctor) -> None:
    """What answers like a service and does not say who calls is no STS."""
    with serving(page("200 OK", '{"RequestId": "R-1", "Arn": "x"}')) as (endpoint, _):
        report = lost.run("--endpoint", endpoint)

    assert "not the service's" in report.failed(Diagnosis.NO_SERVICE)["text"]


@pytest.mark.parametrize("expiration", ["soon", None])
def test_an_answer_without_a_session(lost: Doctor, expiration: str | None) -> None:
    """What says who calls and gives no session is no STS either; a secret in it is not shown."""
    lost.secrets.append("of-the-session")
    body: dict[str, object] = {
        "RequestId": "R",
        "Arn": f"acs:ram::{B}:user/dev",
        "AccountId": B,
        "IdentityType": "RAMUser",
    }
    given = {"AccessKeyId": "S", "AccessKeySecret": "of-the-session", "SecurityToken": "T"}
    if expiration:
        body |= {"Credentials": given | {"Expiration": expiration}, "AssumedRoleUser": {"Arn": "a"}}
    with serving(page("200 OK", json.dumps(body))) as (endpoint, _):
        report = lost.run("--endpoint", endpoint)

    assert "gives no session" in report.failed(Diagnosis.NO_SERVICE)["text"]
    assert report.status("gate 1") == "not reached"


def test_a_name_that_nobody_knows(monkeypatch: pytest.MonkeyPatch, clean_environment: Path) -> None:
    """An unknown name is told from the resolver's error."""

    def unknown(*_: object, **_named: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    found = reach("sts.cn-nowhere.aliyuncs.com", 1)

    assert found.trouble is not None
    assert found.trouble.name == "NAME"


def test_the_time_over_http(served: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """The service tells its time without TLS, too; a host that does not answer tells none."""
    monkeypatch.setenv("HTTP_PROXY", served.url)
    moment = unsecured_time("sts.aliyuncs.com", 5)
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")

    assert moment is not None
    assert abs(moment - time.time()) < 5
    assert unsecured_time("sts.aliyuncs.com", 5) is None


def test_a_proxy_that_is_not_there(monkeypatch: pytest.MonkeyPatch, clean_environment: Path) -> None:
    """A proxy of the environment is named without its password, and blamed."""
    monkeypatch.setenv("HTTPS_PROXY", "http://user:hidden@127.0.0.1:1")
    found = reach("sts.aliyuncs.com", 1)

    assert found.trouble is not None
    assert (found.trouble.name, found.proxy) == ("PROXY", "127.0.0.1:1")
    assert "hidden" not in str(found)


def test_over_https_as_to_the_real_cloud(served: Cloud, key: Key, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an endpoint the real hosts are called over TLS; a proxy that opens it needs its root named."""
    doctor = Doctor(monkeypatch, served.endpoint)
    monkeypatch.delenv("CROSSACCOUNT_ENDPOINT")
    doctor.sign_with(key)
    monkeypatch.setenv("HTTPS_PROXY", served.url)
    refused = doctor.run().failed(Diagnosis.UNREACHABLE)
    monkeypatch.setenv("SSL_CERT_FILE", str(served.ca_file))
    with monkeypatch.context() as old:
        old.setattr("crossaccount.session.sdk_call.own_roots", lambda: None)
        opened = doctor.run().failed(Diagnosis.UNREACHABLE)
    report = doctor.run("--region", "cn-shanghai")
    sdk_seam.close_connections()

    assert refused["evidence"] == ["TLS: unable to get local issuer certificate"]
    assert any("SSL_CERT_FILE" in each for each in refused["mend"])
    assert "answers an unsigned request, and not a signed one" in opened["text"]
    assert report.code == 0, report.text
    assert {each["where"] for each in report.document["answers"]} == {
        "sts.cn-shanghai.aliyuncs.com",
        "fcv3.cn-hangzhou.aliyuncs.com",
    }
