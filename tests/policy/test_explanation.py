"""Explanations: which statement, which element, in words."""

from __future__ import annotations

import pytest

from crossaccount.policy import (
    Outcome,
    PolicyKind,
    Principal,
    Reason,
    Request,
    Source,
    decide,
    decide_trust,
    parse,
)

A, B = "1000000000000001", "2000000000000002"
LABEL = "role `reader`: custom policy `p`"
REQUEST = Request("fc:GetFunction", f"acs:fc:cn-hangzhou:{A}:functions/f", {"acs:SourceIp": "192.0.2.7"})
STATEMENT = {"Effect": "Allow", "Action": ["fc:Get*", "fc:List*"], "Resource": "*"}


def _reason(request=REQUEST, **elements):
    document = {"Version": "1", "Statement": [{**STATEMENT, **elements}]}
    (reason,) = decide([Source(LABEL, parse(document, PolicyKind.IDENTITY))], request).reasons
    return reason


def _trust_reason(principal, context=None, **elements):
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"RAM": f"acs:ram::{B}:root"}}
    trust = parse({"Version": "1", "Statement": [{**statement, **elements}]}, PolicyKind.TRUST)
    request = Request("sts:AssumeRole", f"acs:ram::{A}:role/reader", context or {})
    (reason,) = decide_trust(Source("trust", trust), principal, request).reasons
    return reason


def test_what_matched_is_said() -> None:
    """The pattern that matched and what it matched, in the request's spelling."""
    assert _reason() == Reason(
        LABEL,
        1,
        Outcome.ALLOW,
        f"Action `fc:Get*` matches `fc:GetFunction`; Resource `*` matches `{REQUEST.resource}`",
    )


@pytest.mark.parametrize(
    ("elements", "element"),
    [
        ({"Action": "ram:*"}, "Action: `ram:*` does not match `fc:GetFunction`"),
        ({"Resource": "acs:ram:*:*:*"}, f"Resource: `acs:ram:*:*:*` does not match `{REQUEST.resource}`"),
        (
            {"Condition": {"IpAddress": {"acs:SourceIp": ["10.0.0.0/8", "::1"]}}},
            "Condition.IpAddress.acs:SourceIp: request has `192.0.2.7`, policy asks `10.0.0.0/8`, `::1`",
        ),
        (
            {"Condition": {"StringEquals": {"sts:ExternalId": "abc"}}},
            "Condition.StringEquals.sts:ExternalId: request has none, policy asks `abc`",
        ),
    ],
)
def test_the_first_element_that_failed_is_said(elements, element) -> None:
    """A silent statement names its element, what the request has and what the policy asks."""
    assert _reason(**elements) == Reason(LABEL, 1, Outcome.SILENT, element)


def test_not_action_is_said() -> None:
    """A NotAction that lists the action is why its statement is silent."""
    document = {"Version": "1", "Statement": [{"Effect": "Deny", "NotAction": "FC:*", "Resource": "*"}]}
    (reason,) = decide([Source(LABEL, parse(document, PolicyKind.IDENTITY))], REQUEST).reasons

    assert reason == Reason(LABEL, 1, Outcome.SILENT, "NotAction `FC:*` matches `fc:GetFunction`")


@pytest.mark.parametrize(("effect", "outcome"), [("Allow", Outcome.SILENT), ("Deny", Outcome.DENY)])
def test_an_unreadable_value_is_said(effect, outcome) -> None:
    """The reason says that the value could not be read and what follows."""
    request = Request(REQUEST.action, REQUEST.resource, {"acs:SourceIp": "garbage"})
    reason = _reason(request, Effect=effect, Condition={"IpAddress": {"acs:SourceIp": "10.0.0.1"}})

    assert reason.outcome is outcome
    assert reason.element == (
        "Condition.IpAddress.acs:SourceIp: request has `garbage`, of which one is not of type IP address: "
        "an Allow stays silent and a Deny applies, policy asks `10.0.0.1`"
    )


def test_the_principal_is_said() -> None:
    """Named, not named, the root that may not assume roles, or a service."""
    stranger = _trust_reason(Principal(A, "user", "eve"))
    service = _trust_reason(
        Principal("", "service", "fc.aliyuncs.com"), Principal={"Service": "fc.aliyuncs.com"}
    )

    assert (
        f"Principal.RAM `acs:ram::{B}:root` names `acs:ram::{B}:user/bob`"
        in _trust_reason(Principal(B, "user", "bob")).element
    )
    assert stranger.element == f"Principal: `acs:ram::{B}:root` does not name `acs:ram::{A}:user/eve`"
    assert (
        _trust_reason(Principal(B, "root")).element == "Principal: an account's root may never assume a role"
    )
    assert "Principal.Service `fc.aliyuncs.com` names `fc.aliyuncs.com`" in service.element


def test_an_explanation_begins_with_what_decided() -> None:
    """The verdict, then the statements that deny, that allow, and that are silent."""
    statements = [
        {**STATEMENT, "Action": "ram:*"},
        STATEMENT,
        {"Effect": "Deny", "Action": "fc:GetFunction", "Resource": "*"},
    ]
    source = Source(LABEL, parse({"Version": "1", "Statement": statements}, PolicyKind.IDENTITY))
    lines = decide([source], REQUEST).explain().splitlines()

    assert lines[0] == f"explicit deny: `fc:GetFunction` on `{REQUEST.resource}`"
    assert [line.split(": ")[2] for line in lines[1:]] == ["deny", "allow", "silent"]
    assert lines[1].startswith(f"  {LABEL}, statement 3: deny: Action `fc:GetFunction`")


def test_no_policy_is_said() -> None:
    """Where nothing is attached there is nothing to list."""
    assert decide([], REQUEST).explain().splitlines()[1] == "  no policy is attached"
