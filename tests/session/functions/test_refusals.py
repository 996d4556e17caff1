"""A refusal of Function Compute names the closed gate and what would open it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from crossaccount.session import ErrorKind, SessionError, open_session
from crossaccount.session.functions.access import Access
from crossaccount.session.functions.invocation import invoke
from crossaccount.session.functions.listing import list_region
from crossaccount.session.functions.refusals import refusal
from tests.clients.scene import A
from tests.session.test_role_session import session

if TYPE_CHECKING:
    from crossaccount.localcloud.cloud import Cloud
    from crossaccount.session.source import Source

DENIED = "the caller is not authorized to perform 'fc:InvokeFunction' on resource 'acs:fc:r:1:functions/f'"
NARROW = json.dumps(
    {"Version": "1", "Statement": [{"Effect": "Allow", "Action": "fc:Get*", "Resource": "*"}]}
)


def test_the_roles_own_policies_are_gate_3(served: Cloud, source: Source, request_of: Any) -> None:
    """A reading role may not invoke: the statement that its owner has to allow is told, ready to use."""
    access = Access(open_session(request_of(), source, None), served.endpoint)

    with pytest.raises(SessionError, match="gate 3 of 3 is closed") as caught:
        invoke(access, "cn-hangzhou", "report", b"{}")

    assert caught.value.kind is ErrorKind.REFUSED
    assert f"account `{A}`" in caught.value.advice
    assert json.loads(caught.value.advice.partition(": ")[2]) == {
        "Effect": "Allow",
        "Action": "fc:InvokeFunction",
        "Resource": f"acs:fc:cn-hangzhou:{A}:functions/report",
    }


def test_a_session_policy_is_the_users_own_to_widen(served: Cloud, source: Source, request_of: Any) -> None:
    """Where the session policy is what refuses, the owner is not blamed."""
    access = Access(open_session(request_of(policy=NARROW), source, None), served.endpoint)

    with pytest.raises(SessionError) as caught:
        list_region(access, "cn-hangzhou", "function")

    assert caught.value.kind is ErrorKind.REFUSED
    assert "--session-policy" in str(caught.value)


@pytest.mark.parametrize(
    ("status", "answer", "kind", "told"),
    [
        (
            403,
            {
                "Code": "AccessDenied",
                "Message": DENIED,
                "AccessDeniedDetail": {"PolicyType": "ControlPolicy"},
            },
            ErrorKind.REFUSED,
            "resource directory",
        ),
        (
            403,
            {
                "Code": "AccessDenied",
                "Message": DENIED,
                "AccessDeniedDetail": {"NoPermissionType": "ExplicitDeny"},
            },
            ErrorKind.REFUSED,
            "denies it explicitly",
        ),
        (
            403,
            {"Code": "AccessDenied", "Message": "FC service is not enabled for current user."},
            ErrorKind.REFUSED,
            "has not opened",
        ),
        (403, {"Code": "AccessDenied", "Message": "no"}, ErrorKind.REFUSED, "gate 3"),
        (400, {"Code": "InvalidSecurityToken.Expired"}, ErrorKind.CREDENTIALS, "session is over"),
        (400, {"Code": "InvalidTimeStamp.Expired"}, ErrorKind.CLOCK, "clock"),
        (
            404,
            {"Code": "FunctionNotFound", "Message": "function 'f' does not exist"},
            ErrorKind.MISSING,
            "'f'",
        ),
        (429, {"Code": "ResourceExhausted", "Message": "busy"}, ErrorKind.UNREACHABLE, "busy"),
        (500, {"Code": "InternalServerError"}, ErrorKind.UNREACHABLE, "fails now"),
        (400, {"Code": "InvalidArgument", "Message": "bad limit"}, ErrorKind.FAILED, "bad limit"),
    ],
)
def test_each_answer_has_its_kind(status: int, answer: dict[str, Any], kind: ErrorKind, told: str) -> None:
    """The documented refusals are told apart; only what may pass is worth another try."""
    error = refusal(session(), status, answer)

    assert error.kind is kind
    assert told in str(error)
    assert "\n" not in str(error)
    assert error.retryable == (kind is ErrorKind.UNREACHABLE)
