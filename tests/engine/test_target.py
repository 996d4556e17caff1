"""Whom the engine calls: loopback only, unless told to go live; secrets never show."""

from __future__ import annotations

import pytest

from crossaccount.engine import Target, TargetError


@pytest.mark.parametrize("endpoint", ["127.0.0.1:80", "localhost:8080", "[::1]:9", "127.1.2.3:1"])
def test_loopback_is_allowed(endpoint):
    """Every loopback address is this machine."""
    assert Target(endpoint, "id", "secret").is_local


@pytest.mark.parametrize(
    "endpoint", [None, "ram.aliyuncs.com:443", "10.0.0.1:80", "localhost.example.com:80", "0.0.0.0:80"]
)
def test_anything_else_needs_live(endpoint):
    """The real cloud, and any other host, is refused unless `live` is given."""
    with pytest.raises(TargetError, match="--live"):
        Target(endpoint, "id", "secret")

    assert not Target(endpoint, "id", "secret", live=True).is_local


@pytest.mark.parametrize(
    "endpoint", ["127.0.0.1", "http://127.0.0.1:80", ":80", "127.0.0.1:http", "127.0.0.1:80/x"]
)
def test_an_endpoint_is_host_and_port(endpoint):
    """A scheme or a path is refused, for the provider's configuration refuses it too."""
    with pytest.raises(TargetError, match="host:port"):
        Target(endpoint, "id", "secret", live=True)


def test_credentials_come_from_the_providers_variables():
    """In the provider's order, the token being optional."""
    environ = {
        "ALIBABA_CLOUD_ACCESS_KEY_ID": "second",
        "ALICLOUD_ACCESS_KEY": "first",
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "hidden",
        "ALIBABA_CLOUD_SECURITY_TOKEN": "token",
    }

    target = Target.from_environment("127.0.0.1:80", environ=environ)

    assert (target.access_key_id, target.access_key_secret, target.security_token) == (
        "first",
        "hidden",
        "token",
    )
    assert "hidden" not in repr(target)
    assert "token=" not in repr(target)


def test_missing_credentials_name_the_variables():
    """The message lists the names that would do."""
    with pytest.raises(TargetError, match="ALIBABA_CLOUD_ACCESS_KEY_SECRET"):
        Target.from_environment("127.0.0.1:80", environ={"ALICLOUD_ACCESS_KEY": "id"})
