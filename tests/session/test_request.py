"""What a session is asked for: refused before a call, and told apart in the cache."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crossaccount.session import ErrorKind, SessionError, SessionRequest

ARN = "acs:ram::1234567890120000:role/fc-reader"
POLICY = '{"Version": "1", "Statement": []}'


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("role_arn", "acs:ram::1234567890120000:user/dev", "is no role"),
        ("role_arn", "acs:ram::12:role/x", "is no role"),
        ("role_arn", "acs:ram::1234567890120000:role/*", "is no role"),
        ("duration", 899, "out of bounds"),
        ("duration", 43201, "out of bounds"),
        ("session_name", "x", "is no session name"),
        ("session_name", "white space", "is no session name"),
        ("session_name", "name\n", "is no session name"),
        ("external_id", "x", "external id is malformed"),
        ("external_id", "a b", "external id is malformed"),
        ("policy", "x" * 2049, "2049 characters"),
        ("policy", "[]", "is no policy document"),
        ("policy", "{", "is no policy document"),
        ("source_identity", "a b", "is no source identity"),
        ("endpoint", "https://sts.aliyuncs.com", "is no endpoint"),
    ],
)
def test_what_sts_would_refuse_is_refused_at_once(field: str, value: object, told: str) -> None:
    """Each parameter out of its bounds is a usage error that names it; nothing is called."""
    with pytest.raises(SessionError, match=told) as caught:
        SessionRequest(**{"role_arn": ARN} | {field: value})

    assert caught.value.kind is ErrorKind.USAGE
    assert caught.value.advice


def test_an_external_id_is_not_shown() -> None:
    """Neither the request nor the refusal of an external id shows it."""
    request = SessionRequest(ARN, external_id="between-a-and-b")

    assert "between-a-and-b" not in repr(request)
    with pytest.raises(SessionError) as caught:
        SessionRequest(ARN, external_id="bad one")
    assert "bad one" not in str(caught.value)


def test_everything_that_makes_a_session_tells_it_apart() -> None:
    """Source, role, external id, policy, duration, name, source identity and endpoint each tell it apart."""
    request = SessionRequest(ARN)
    others = [
        replace(request, role_arn=ARN + "2"),
        replace(request, external_id="ab"),
        replace(request, policy=POLICY),
        replace(request, duration=900),
        replace(request, session_name="dev"),
        replace(request, source_identity="dev"),
        replace(request, endpoint="sts.cn-hangzhou.aliyuncs.com"),
    ]
    keys = [
        request.cache_key("key:a"),
        request.cache_key("key:b"),
        *(each.cache_key("key:a") for each in others),
    ]

    assert len(set(keys)) == len(keys)
    assert request.cache_key("key:a") == SessionRequest(ARN).cache_key("key:a")


def test_the_cache_key_is_a_digest() -> None:
    """What is secret in a request cannot be read from the name of its file."""
    assert "between-a-and-b" not in SessionRequest(ARN, external_id="between-a-and-b").cache_key("key:a")
