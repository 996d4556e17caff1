"""What is handed over, held against its consumers: the Python SDK's providers, the aliyun CLI's rules."""

from __future__ import annotations

import calendar
import json
import shlex
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest
from alibabacloud_credentials.client import Client as CredentialsClient
from alibabacloud_credentials.provider.external import ExternalCredentialsProvider
from alibabacloud_credentials.provider.uri import URLCredentialsProvider
from alibabacloud_sts20150401.client import Client as StsClient
from alibabacloud_tea_openapi.models import Config

from crossaccount.session import SessionError, open_session
from crossaccount.session.answers import external_credentials, sts_answer
from crossaccount.session.errors import ErrorKind
from crossaccount.session.loopback import LoopbackServer, credentials_answer, redirect_answer
from tests.clients.scene import ROLE, A
from tests.session.conftest import COMMAND, assume_calls
from tests.session.test_role_session import session

if TYPE_CHECKING:
    from crossaccount.localcloud.cloud import Cloud
    from crossaccount.session.source import Source
    from tests.session.conftest import Terminal

ASSUMED = f"acs:ram::{A}:assumed-role/fc-reader/dev"


def _arn(cloud: Cloud, provider: Any) -> str:
    """Who STS says that a provider's key is."""
    config = Config(
        credential=CredentialsClient(provider=provider),
        endpoint=cloud.endpoint,
        protocol="HTTP",
        http_proxy=cloud.url,
    )
    return str(StsClient(config).get_caller_identity().body.arn)


def test_the_python_sdks_external_provider_reads_the_command(
    served: Cloud, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An External profile's command gives the Python SDK a key that STS knows, and a readable end."""
    for name, value in terminal.environment.items():
        monkeypatch.setenv(name, value)
    command = shlex.join([*COMMAND, "assume", ROLE, "--process"])
    provider = ExternalCredentialsProvider(process_command=command)

    assert _arn(served, provider) == ASSUMED
    read = provider.get_credentials()
    assert read.get_expiration() - time.time() > 3000
    assert assume_calls(served) == 1


def test_a_fifteen_minute_session_is_not_fetched_for_each_call(
    served: Cloud, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The shortest session is served from disk again and again: one AssumeRole, however often it is asked."""
    for name, value in terminal.environment.items():
        monkeypatch.setenv(name, value)
    command = shlex.join([*COMMAND, "assume", ROLE, "--process", "--duration", "15m"])

    assert [_arn(served, ExternalCredentialsProvider(process_command=command)) for _ in range(2)] == [
        ASSUMED
    ] * 2
    assert assume_calls(served) == 1


def test_the_python_sdks_uri_provider_reads_the_server(
    served: Cloud, source: Source, request_of: Any
) -> None:
    """A credentials URI gives the Python SDK a key that STS knows."""
    with LoopbackServer(credentials_answer(lambda: open_session(request_of(), source, None))) as server:
        assert _arn(served, URLCredentialsProvider(uri=server.url)) == ASSUMED


def test_the_aliyun_cli_can_lay_the_answer_onto_a_profile() -> None:
    """`mode` decides; only fields of a profile that belong to a session are there; the end is in UTC."""
    answer = json.loads(external_credentials(session()))

    assert answer["mode"] == "StsToken"
    assert set(answer) == {"mode", "access_key_id", "access_key_secret", "sts_token", "expiration"}
    assert calendar.timegm(time.strptime(answer["expiration"], "%Y-%m-%dT%H:%M:%SZ")) == session().expires


def test_nothing_but_the_answer_is_on_standard_output(terminal: Terminal) -> None:
    """The first call, which opens, and the second, which is cached, each print one line of JSON."""
    for _ in range(2):
        done = terminal.run("assume", ROLE, "--process")
        assert done.returncode == 0
        assert done.stderr == ""
        assert done.stdout.count("\n") == 1
        assert json.loads(done.stdout)["mode"] == "StsToken"


def test_a_failure_prints_nothing_on_standard_output(terminal: Terminal) -> None:
    """The aliyun CLI shows what it cannot parse: an error must never stand there."""
    done = terminal.run("assume", ROLE, "--process", ALIBABA_CLOUD_ACCESS_KEY_SECRET="wrong")

    assert (done.returncode, done.stdout) == (ErrorKind.CREDENTIALS.value, "")
    assert done.stderr.startswith("error: the secret does not belong")


def test_the_json_is_stss_own_answer(terminal: Terminal) -> None:
    """The shape of AssumeRole's answer, with the role's spelling in it; the cached one is the same."""
    answer = terminal.answer("assume", ROLE, "--json")

    assert set(answer) == {"RequestId", "AssumedRoleUser", "Credentials"}
    assert answer["AssumedRoleUser"]["Arn"] == f"{ROLE}/dev"
    assert set(answer["Credentials"]) == {"SecurityToken", "AccessKeyId", "AccessKeySecret", "Expiration"}
    assert terminal.answer("assume", ROLE, "--json") == answer
    assert json.loads(sts_answer(session(source_identity="dev")))["SourceIdentity"] == "dev"


def _status(url: str, **headers: str) -> int:
    request = urllib.request.Request(url, headers=headers)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_the_address_cannot_be_guessed_or_reached_by_a_page() -> None:
    """Another path, another Host and a web page's Origin learn nothing; two servers have two addresses."""
    answer = credentials_answer(session)
    with LoopbackServer(answer) as server, LoopbackServer(answer) as other:
        base, _, secret = server.url.rpartition("/")

        assert len(secret) >= 43
        assert secret not in other.url
        assert _status(server.url) == 200
        assert _status(base + "/") == 404
        assert _status(server.url[:-1]) == 404
        assert _status(server.url, Host="evil.example:80") == 404
        assert _status(server.url, Origin="http://evil.example") == 404
        assert _status(server.url.replace(base, other.url.rpartition("/")[0])) == 404


def test_a_renewal_that_fails_is_told_without_a_secret() -> None:
    """A consumer whose session cannot be renewed gets an error, no key and no reason to believe one."""

    def fail() -> Any:
        raise SessionError(ErrorKind.REFUSED, "no")

    with LoopbackServer(credentials_answer(fail)) as server, pytest.raises(Exception, match="502"):
        URLCredentialsProvider(uri=server.url).get_credentials()


def test_a_redirect_makes_its_link_when_it_is_asked() -> None:
    """The link is made at the moment of opening, and sent as a redirect that tells no referrer."""
    made: list[int] = []

    def link() -> str:
        made.append(1)
        return "https://signin.aliyun.com/federation?x"

    status, headers, _ = redirect_answer(link)()

    assert (status, headers["Location"], headers["Referrer-Policy"]) == (302, link(), "no-referrer")
    assert len(made) == 2
