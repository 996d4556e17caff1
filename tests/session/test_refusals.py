"""Every refusal of STS, from the local cloud and by its code: one line that says what to do."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from alibabacloud_ram20150501 import models as ram
from alibabacloud_ram20150501.client import Client as RamClient

from crossaccount.session import ErrorKind, Key, SessionError, SessionRequest, open_session
from crossaccount.session.refusals import refusal
from crossaccount.session.sdk_call import connection
from crossaccount.session.source import Source, SourceKind
from tests.clients.scene import ROLE, A, B

if TYPE_CHECKING:
    from crossaccount.localcloud.cloud import Cloud

REQUEST = SessionRequest(ROLE)
CODES = {
    "MissingRoleArn": ErrorKind.USAGE,
    "MissingParameter": ErrorKind.USAGE,
    "InvalidParameter": ErrorKind.USAGE,
    "InvalidParameter.RoleArn": ErrorKind.USAGE,
    "InvalidParameter.RoleSessionName": ErrorKind.USAGE,
    "InvalidParameter.DurationSeconds": ErrorKind.USAGE,
    "InvalidParameter.PolicyGrammar": ErrorKind.USAGE,
    "InvalidParameter.PolicySize": ErrorKind.USAGE,
    "InvalidParameter.ExternalId": ErrorKind.USAGE,
    "NoPermission": ErrorKind.REFUSED,
    "EntityNotExist.Role": ErrorKind.MISSING,
    "InternalError": ErrorKind.UNREACHABLE,
    "ServiceUnavailable": ErrorKind.UNREACHABLE,
    "Throttling.User": ErrorKind.UNREACHABLE,
    "Throttling.Api": ErrorKind.UNREACHABLE,
    "InvalidAccessKeyId.NotFound": ErrorKind.CREDENTIALS,
    "InvalidAccessKeyId.Inactive": ErrorKind.CREDENTIALS,
    "SignatureDoesNotMatch": ErrorKind.CREDENTIALS,
    "InvalidSecurityToken.Expired": ErrorKind.CREDENTIALS,
    "InvalidSecurityToken.Malformed": ErrorKind.CREDENTIALS,
    "InvalidSecurityToken.MismatchWithAccessKey": ErrorKind.CREDENTIALS,
    "MissingSecurityToken": ErrorKind.CREDENTIALS,
    "InvalidTimeStamp.Expired": ErrorKind.CLOCK,
    "InvalidTimeStamp.Format": ErrorKind.FAILED,
    "IncompleteSignature": ErrorKind.FAILED,
    "SignatureNonceUsed": ErrorKind.FAILED,
}


@pytest.mark.parametrize("code", CODES)
def test_each_code_is_one_line_with_a_way_out(code: str) -> None:
    """The documented codes of STS and its gateway each have a kind, a text of their own and advice."""
    message = "Some text.\nserver string to sign is:POST&secret stuff"
    error = refusal(REQUEST, 400, {"Code": code, "Message": message, "RequestId": "R-1"})

    assert error.kind is CODES[code]
    assert "\n" not in str(error)
    assert "secret stuff" not in str(error)
    assert error.advice
    assert f"({code}, request id R-1)" in str(error)


def test_an_unknown_code_is_told_as_it_is() -> None:
    """A code that is in no document keeps its own words; only a failing service is worth another try."""
    error = refusal(REQUEST, 400, {"Code": "Novel", "Message": "Something new.", "RequestId": "R"})

    assert (error.kind, error.code, error.retryable) == (ErrorKind.FAILED, "Novel", False)
    assert "Something new." in str(error)
    assert refusal(REQUEST, 503, {}).retryable


def test_without_details_both_gates_are_named() -> None:
    """STS says the same for the caller's policies and the role's trust: then both ways out are told."""
    text = str(refusal(REQUEST, 403, {"Code": "NoPermission", "Message": "You are not authorized."}))

    assert "gate 1 or 2" in text
    assert f'"acs:ram:*:{A}:role/fc-reader"' in text
    assert f"account `{A}` has to name the caller" in text


def _ram(cloud: Cloud, account: str) -> RamClient:
    root = cloud.accounts[account].root_key
    return RamClient(connection(Key(root.key_id, root.secret), cloud.endpoint))


def _refused(request: SessionRequest, key: Key) -> SessionError:
    source = Source(SourceKind.GIVEN, "the key", f"key:{key.key_id}", key)
    with pytest.raises(SessionError) as caught:
        open_session(request, source, None)
    assert key.secret not in str(caught.value)
    return caught.value


def test_a_caller_without_the_permission_is_gate_1(served: Cloud, key: Key, request_of: Any) -> None:
    """Without sts:AssumeRole the caller's own account is told the statement to allow."""
    _ram(served, B).detach_policy_from_user(
        ram.DetachPolicyFromUserRequest(
            user_name="dev", policy_name="AliyunSTSAssumeRoleAccess", policy_type="System"
        )
    )
    error = _refused(request_of(), key)

    assert error.kind is ErrorKind.REFUSED
    assert "gate 1 of 3 is closed" in error.text
    statement = json.loads(error.advice.partition(": ")[2])
    assert statement["Resource"] == f"acs:ram:*:{A}:role/fc-reader"


def test_a_role_that_does_not_trust_is_gate_2(served: Cloud, key: Key, request_of: Any) -> None:
    """A trust policy that names somebody else is the owner's to change."""
    trust = {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"RAM": [f"acs:ram::{A}:root"]}}
    _ram(served, A).update_role(
        ram.UpdateRoleRequest(
            role_name="fc-reader",
            new_assume_role_policy_document=json.dumps({"Version": "1", "Statement": [trust]}),
        )
    )
    error = _refused(request_of(), key)

    assert error.kind is ErrorKind.REFUSED
    assert "gate 2 of 3 is closed" in error.text
    assert f"account `{A}`" in error.advice


def test_a_root_key_is_refused_before_the_role_is_asked(served: Cloud, key: Key, request_of: Any) -> None:
    """The root of an account may assume nothing, and is told what to call with."""
    root = served.accounts[B].root_key

    error = _refused(request_of(), Key(root.key_id, root.secret))

    assert error.kind is ErrorKind.REFUSED
    assert "root" in error.text
    assert "RAM user" in error.advice


@pytest.mark.parametrize(
    ("change", "kind", "told"),
    [
        ({"role_arn": f"acs:ram::{A}:role/gone"}, ErrorKind.MISSING, "has no role `gone`"),
        ({"duration": 43200}, ErrorKind.USAGE, "does not allow sessions of 43200 seconds"),
        ({"policy": '{"Statement": [{"Effect": "Maybe"}]}'}, ErrorKind.USAGE, "session policy"),
    ],
)
def test_a_wrong_request_is_told(
    key: Key, request_of: Any, change: dict[str, Any], kind: ErrorKind, told: str
) -> None:
    """A role that is not there, too long a session and a bad policy are each told in their own words."""
    error = _refused(request_of(**change), key)

    assert error.kind is kind
    assert told in error.text


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"secret": "wrong"}, "does not belong"),
        ({"key_id": "LTAIgone"}, "does not exist"),
        ({"token": "CAESgarbage"}, "token"),
    ],
)
def test_a_wrong_key_is_told(key: Key, request_of: Any, change: dict[str, str], told: str) -> None:
    """A wrong secret, an unknown key and a damaged token are matters of the caller's credentials."""
    error = _refused(request_of(), replace(key, **change))

    assert error.kind is ErrorKind.CREDENTIALS
    assert told in error.text
