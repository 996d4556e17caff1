"""The gates of a delegation, on the seed's own case."""

from __future__ import annotations

import pytest

from crossaccount.policy import (
    SYSTEM_POLICIES,
    PolicyKind,
    Principal,
    Request,
    Source,
    assume_gates,
    call_gates,
    parse,
)

A, B = "1000000000000001", "2000000000000002"
BOB = Principal(B, "user", "bob")
ASSUME = Request("sts:AssumeRole", f"acs:ram::{A}:role/reader")


def _system(name):
    return Source(f"system policy `{name}`", parse(SYSTEM_POLICIES[name].document, PolicyKind.IDENTITY))


def _trust(account):
    named = {"RAM": f"acs:ram::{account}:root"}
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": named}
    return Source(
        "trust policy of `reader`", parse({"Version": "1", "Statement": [statement]}, PolicyKind.TRUST)
    )


def _session(*actions):
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    return Source("session policy", parse({"Version": "1", "Statement": [statement]}, PolicyKind.SESSION))


def _call(action):
    return Request(action, f"acs:fc:cn-hangzhou:{A}:functions/f")


@pytest.mark.parametrize(
    ("identity", "trusted", "caller", "closed"),
    [
        (["AliyunSTSAssumeRoleAccess"], B, BOB, []),
        ([], B, BOB, ["identity policy"]),
        (["AliyunSTSAssumeRoleAccess"], A, BOB, ["trust policy"]),
        ([], A, BOB, ["identity policy", "trust policy"]),
        (["AdministratorAccess"], B, Principal(B, "root"), ["trust policy"]),
        (["AliyunSTSAssumeRoleAccess"], B, Principal(B, "role", "runner"), []),
    ],
)
def test_both_gates_of_assuming_a_role(identity, trusted, caller, closed) -> None:
    """The caller's policies and the role's trust must allow; a root never passes."""
    gates = assume_gates([_system(name) for name in identity], _trust(trusted), caller, ASSUME)

    assert [gate.name for gate in gates] == ["identity policy", "trust policy"]
    assert [gate.name for gate in gates.closed] == closed
    assert gates.allowed is (not closed)


@pytest.mark.parametrize(
    ("action", "session", "closed"),
    [
        ("fc:GetFunction", None, []),
        ("fc:InvokeFunction", None, ["role policies"]),
        ("fc:GetFunction", ["fc:ListFunctions"], ["session policy"]),
        ("fc:GetFunction", ["fc:*"], []),
        ("fc:InvokeFunction", ["fc:*"], ["role policies"]),
    ],
)
def test_the_gates_of_a_call(action, session, closed) -> None:
    """A session policy narrows what the role may do and never widens it."""
    policy = _session(*session) if session else None
    gates = call_gates([_system("AliyunFCReadOnlyAccess")], policy, _call(action))

    assert [gate.name for gate in gates.closed] == closed
    assert gates.allowed is (not closed)


def test_the_closed_gate_is_explained() -> None:
    """Open gates in a line, closed ones with their reasons."""
    gates = assume_gates([_system("AliyunSTSAssumeRoleAccess")], _trust(A), BOB, ASSUME)
    reason = f"Principal: `acs:ram::{A}:root` does not name `{BOB.arn}`"

    assert gates.explain().splitlines() == [
        "identity policy: open",
        "trust policy: closed",
        f"  implicit deny: `{BOB.arn}` asks `sts:AssumeRole` on `{ASSUME.resource}`",
        f"    trust policy of `reader`, statement 1: silent: {reason}",
    ]


def test_open_gates_are_explained_too() -> None:
    """Where all are open, each says why."""
    text = call_gates(
        [_system("AliyunFCReadOnlyAccess")], _session("fc:*"), _call("fc:GetFunction")
    ).explain()

    assert "role policies: open\n  allow: " in text
    assert "session policy: open\n  allow: " in text
