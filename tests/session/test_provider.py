"""The library: a provider for the SDKs that renews its session."""

from __future__ import annotations

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from alibabacloud_credentials.client import Client
from alibabacloud_fc20230330.client import Client as FunctionComputeClient
from alibabacloud_fc20230330.models import ListFunctionsRequest
from alibabacloud_tea_openapi.models import Config

from crossaccount.session import ErrorKind, Key, RoleSessionProvider, SessionCache, SessionError
from tests.clients.scene import ROLE, A, B
from tests.session.conftest import assume_calls

if TYPE_CHECKING:
    from crossaccount.localcloud.cloud import Cloud


@pytest.fixture
def provider(served: Cloud, key: Key) -> RoleSessionProvider:
    """A provider that assumes A's role as B's user."""
    return RoleSessionProvider(ROLE, source=key, endpoint=served.endpoint, duration=900)


def test_an_sdk_client_uses_the_role(served: Cloud, provider: RoleSessionProvider) -> None:
    """With the provider as its credential, an SDK client lists A's functions."""
    config = Config(
        credential=Client(provider=provider),
        endpoint="fcv3.cn-hangzhou.aliyuncs.com",
        protocol="HTTP",
        http_proxy=served.url,
        region_id="cn-hangzhou",
    )
    listed = FunctionComputeClient(config).list_functions(ListFunctionsRequest()).body.functions

    assert [each.function_name for each in listed] == ["report"]


def test_one_session_serves_until_it_is_used_up(
    served: Cloud, provider: RoleSessionProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked again it gives the same key; once the margin has begun, another one."""
    first = provider.get_credentials().get_access_key_id()
    assert provider.get_credentials().get_access_key_id() == first
    assert assume_calls(served) == 1

    real = time.time
    monkeypatch.setattr("crossaccount.session.provider.time.time", lambda: real() + 700)
    served.clock.advance(700)

    assert provider.get_credentials().get_access_key_id() != first
    assert assume_calls(served) == 2


def test_threads_share_one_call(served: Cloud, provider: RoleSessionProvider) -> None:
    """Twenty threads that ask at once get one key from one call."""
    together = threading.Barrier(20)

    def ask(_number: int) -> str:
        together.wait()
        return str(provider.get_credentials().get_access_key_id())

    with ThreadPoolExecutor(20) as pool:
        assert len(set(pool.map(ask, range(20)))) == 1
    assert assume_calls(served) == 1


def test_the_asynchronous_form_gives_the_same(provider: RoleSessionProvider) -> None:
    """An event loop gets the same key, with its end and its token."""
    found = asyncio.run(provider.get_credentials_async())

    assert found.get_access_key_id() == provider.get_credentials().get_access_key_id()
    assert found.get_security_token()
    assert found.get_expiration() > time.time()
    assert found.get_provider_name() == "crossaccount_role_session"


def test_a_functions_own_credentials_are_a_source(served: Cloud, key: Key) -> None:
    """`context.credentials` of a runtime, whatever its class, can assume the role."""
    credentials = SimpleNamespace(access_key_id=key.key_id, access_key_secret=key.secret, security_token="")

    session = RoleSessionProvider(ROLE, source=credentials, endpoint=served.endpoint).session()

    assert session.assumed_role_arn == f"{ROLE}/dev"


def test_without_a_source_the_chain_is_asked(
    served: Cloud, key: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The standard chain's key is used, as it is when the session is opened."""
    provider = RoleSessionProvider(ROLE, endpoint=served.endpoint)
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", key.key_id)
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", key.secret)

    assert provider.session().caller == f"acs:ram::{B}:user/dev"


def test_a_cache_is_shared_with_the_command(served: Cloud, key: Key) -> None:
    """Two providers with the cache on disk make one call between them."""
    keys = {
        RoleSessionProvider(ROLE, source=key, endpoint=served.endpoint, cache=SessionCache())
        .get_credentials()
        .get_access_key_id()
        for _ in range(2)
    }

    assert len(keys) == 1
    assert assume_calls(served) == 1


def test_a_refusal_reaches_the_caller(served: Cloud, key: Key) -> None:
    """A role that is not there is this project's error, with its kind and its advice."""
    provider = RoleSessionProvider(f"acs:ram::{A}:role/gone", source=key, endpoint=served.endpoint)

    with pytest.raises(SessionError, match="has no role `gone`") as caught:
        provider.get_credentials()
    assert caught.value.kind is ErrorKind.MISSING


def test_wrong_parameters_are_refused_when_it_is_made() -> None:
    """A malformed ARN is told where it is written, not at the first call."""
    wrong: Any = "role/fc-reader"

    with pytest.raises(SessionError, match="is no role"):
        RoleSessionProvider(wrong)
