"""Decisions on the cases that public fakes get wrong, and on the rest of the rules, one by one."""

from __future__ import annotations

import pytest

from crossaccount.policy import (
    Decision,
    PolicyKind,
    Principal,
    Request,
    Source,
    Verdict,
    decide,
    decide_trust,
    parse,
)

A, B, C = "1000000000000001", "2000000000000002", "3000000000000003"
FUNCTION = f"acs:fc:cn-hangzhou:{A}:functions/f"
ROLE = f"acs:ram::{A}:role/reader"
BOB = Principal(B, "user", "bob")


def _statement(effect="Allow", action="fc:GetFunction", resource="*", **condition):
    statement = {"Effect": effect, "Action": action, "Resource": resource}
    return {**statement, "Condition": condition} if condition else statement


def _verdict(statements, action="fc:GetFunction", resource=FUNCTION, context=None):
    source = Source("policy", parse({"Version": "1", "Statement": statements}, PolicyKind.IDENTITY))
    return decide([source], Request(action, resource, context or {})).verdict


def _trusts(principal, named, context=None, effect="Allow", also=(), **condition):
    statement = {"Effect": effect, "Action": "sts:AssumeRole", "Principal": named}
    statement |= {"Condition": condition} if condition else {}
    policy = parse({"Version": "1", "Statement": [statement, *also]}, PolicyKind.TRUST)
    request = Request("sts:AssumeRole", ROLE, context or {})
    return decide_trust(Source("trust", policy), principal, request).verdict


def test_nothing_allows_unless_a_statement_does() -> None:
    """No policy, or policies that are silent, is an implicit deny."""
    assert decide([], Request("fc:GetFunction", FUNCTION)).verdict is Verdict.IMPLICIT_DENY
    assert _verdict([_statement(action="fc:ListFunctions")]) is Verdict.IMPLICIT_DENY
    assert _verdict([_statement()]) is Verdict.ALLOW


def test_deny_wins_wherever_it_stands() -> None:
    """Before or after an Allow; and a Deny on something else is silent."""
    deny = _statement("Deny", action="fc:Get*")

    assert _verdict([deny, _statement()]) is Verdict.EXPLICIT_DENY
    assert _verdict([_statement(), deny]) is Verdict.EXPLICIT_DENY
    assert _verdict([_statement(), _statement("Deny", action="fc:Put*")]) is Verdict.ALLOW


def test_deny_with_not_action() -> None:
    """It denies all but its list, alone and beside an Allow, and is silent on its list."""
    deny = {"Effect": "Deny", "NotAction": ["fc:Get*"], "Resource": "*"}

    assert _verdict([deny], action="fc:PutFunction") is Verdict.EXPLICIT_DENY
    assert _verdict([_statement(action="*"), deny], action="fc:PutFunction") is Verdict.EXPLICIT_DENY
    assert _verdict([_statement(action="*"), deny]) is Verdict.ALLOW
    assert _verdict([deny]) is Verdict.IMPLICIT_DENY


@pytest.mark.parametrize("action", ["FC:getfunction", "fc:Get?unction", "f?:*Function", "*", "fc:*"])
def test_actions_are_patterns_in_any_letter_case(action) -> None:
    """As written or not, with `*` and `?` anywhere."""
    assert _verdict([_statement(action=action)]) is Verdict.ALLOW


@pytest.mark.parametrize(
    "action", ["fc:GetFunction?", "fc:Get", "fcc:GetFunction", "fc:GetFunctio", "fc:G?tFunctions"]
)
def test_an_action_is_matched_as_a_whole(action) -> None:
    """A prefix, a longer name or another service is another action."""
    assert _verdict([_statement(action=action)]) is Verdict.IMPLICIT_DENY


@pytest.mark.parametrize(
    ("resource", "verdict"),
    [
        (FUNCTION, Verdict.ALLOW),
        (f"acs:fc:*:{A}:functions/f", Verdict.ALLOW),
        (f"acs:fc:cn-*:{A}:*", Verdict.ALLOW),
        (f"acs:fc:cn-hangzhou:{A}:functions/F", Verdict.IMPLICIT_DENY),
        (f"acs:fc::{A}:functions/f", Verdict.IMPLICIT_DENY),
        (f"acs:fc:cn-hangzhou:{B}:functions/f", Verdict.IMPLICIT_DENY),
        (f"acs:fc:cn-hangzhou:{A}:functions/f/*", Verdict.IMPLICIT_DENY),
    ],
)
def test_resources_of_functions_are_matched_exactly(resource, verdict) -> None:
    """Letter case counts, and an empty region is no region."""
    assert _verdict([_statement(resource=resource)]) is verdict


@pytest.mark.parametrize("asked", [f"acs:ram::{A}:role/Reader", f"acs:ram:*:{A}:role/reader"])
@pytest.mark.parametrize("named", [f"acs:ram:*:{A}:role/READER", f"acs:ram::{A}:role/rea*", "*"])
def test_ram_names_match_in_both_spellings(asked, named) -> None:
    """An empty region and `*` are the same on either side, and letter case does not count."""
    assert _verdict([_statement(action="ram:*", resource=named)], "ram:GetRole", asked) is Verdict.ALLOW


def test_a_star_asked_for_is_a_character() -> None:
    """ListFunctions asks for `functions/*`: a policy for one function does not allow it."""
    every = f"acs:fc:cn-hangzhou:{A}:functions/*"

    assert _verdict([_statement(resource=FUNCTION)], resource=every) is Verdict.IMPLICIT_DENY
    assert _verdict([_statement(resource=every)], resource=every) is Verdict.ALLOW


def test_all_conditions_must_hold() -> None:
    """Operators and keys are joined by and, the values of one key by or."""
    statement = _statement(
        IpAddress={"acs:SourceIp": ["10.0.0.0/8", "192.0.2.1"]}, Bool={"acs:MFAPresent": "true"}
    )
    both = {"acs:SourceIp": "192.0.2.1", "acs:MFAPresent": "true"}

    assert _verdict([statement], context=both) is Verdict.ALLOW
    assert _verdict([statement], context={**both, "acs:SourceIp": "192.0.2.2"}) is Verdict.IMPLICIT_DENY
    assert _verdict([statement], context={**both, "acs:MFAPresent": "false"}) is Verdict.IMPLICIT_DENY
    assert _verdict([statement]) is Verdict.IMPLICIT_DENY


def test_an_unreadable_value_fails_closed_both_ways() -> None:
    """An Allow is silent and a Deny applies, unless another condition is plainly false."""
    for operator in ("IpAddress", "NotIpAddress"):
        guard = {operator: {"acs:SourceIp": "10.0.0.0/8"}}
        allow, deny = _statement(**guard), _statement("Deny", **guard)
        unless = _statement("Deny", **guard, Bool={"acs:MFAPresent": "true"})
        garbage = {"acs:SourceIp": "not an address"}

        assert _verdict([allow], context=garbage) is Verdict.IMPLICIT_DENY
        assert _verdict([_statement(), deny], context=garbage) is Verdict.EXPLICIT_DENY
        assert _verdict([_statement(), unless], context=garbage) is Verdict.ALLOW


@pytest.mark.parametrize(
    ("principal", "named", "trusted"),
    [
        (BOB, {"RAM": f"acs:ram::{B}:root"}, True),
        (Principal(B, "role", "Runner"), {"RAM": f"acs:ram::{B}:root"}, True),
        (Principal(B, "root"), {"RAM": f"acs:ram::{B}:root"}, False),
        (BOB, {"RAM": f"acs:ram::{C}:root"}, False),
        (BOB, {"RAM": f"acs:ram:*:{B}:root"}, True),
        (BOB, {"RAM": f"acs:ram::{B}:user/bob"}, True),
        (BOB, {"RAM": f"acs:ram::{B}:user/bo"}, False),
        (BOB, {"RAM": f"acs:ram::{C}:user/bob"}, False),
        (BOB, {"RAM": f"acs:ram::{B}:role/bob"}, False),
        (Principal(B, "user", "Bob"), {"RAM": f"acs:ram::{B}:user/Bob"}, True),
        (Principal(B, "user", "Bob"), {"RAM": f"acs:ram::{B}:user/bob"}, False),
        (BOB, {"RAM": f"acs:ram::{B}:user/Bob"}, False),
        (Principal(B, "role", "Runner"), {"RAM": f"acs:ram::{B}:role/rUNNER"}, True),
        (Principal(B, "role", "bob"), {"RAM": f"acs:ram::{B}:user/bob"}, False),
        (Principal("", "service", "fc.aliyuncs.com"), {"Service": ["fc.aliyuncs.com"]}, True),
        (Principal("", "service", "ecs.aliyuncs.com"), {"Service": ["fc.aliyuncs.com"]}, False),
        (BOB, {"Service": ["fc.aliyuncs.com"]}, False),
        (BOB, {"Federated": [f"acs:ram::{B}:saml-provider/bob"]}, False),
        (BOB, {"RAM": [f"acs:ram::{C}:root", f"acs:ram::{B}:user/bob"]}, True),
    ],
)
def test_whom_a_trust_policy_names(principal, named, trusted) -> None:
    """An account's root is its users and roles but not itself; users as written, roles in any letter case."""
    assert (_trusts(principal, named) is Verdict.ALLOW) is trusted


@pytest.mark.parametrize(
    ("given", "trusted"), [({}, False), ({"sts:ExternalId": "abd"}, False), ({"sts:ExternalId": "abc"}, True)]
)
@pytest.mark.parametrize("operator", ["StringEquals", "StringLike"])
def test_an_external_id_that_is_asked_for_must_be_given(operator, given, trusted) -> None:
    """None and a wrong one are refused, the right one is accepted."""
    verdict = _trusts(BOB, {"RAM": f"acs:ram::{B}:root"}, given, **{operator: {"sts:ExternalId": "abc"}})

    assert (verdict is Verdict.ALLOW) is trusted


def test_a_trust_policy_can_deny() -> None:
    """An explicit deny of a user holds beside the trust in the account, for that user only."""
    account = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"RAM": f"acs:ram::{B}:root"}}
    named = {"RAM": f"acs:ram::{B}:user/bob"}

    assert _trusts(BOB, named, effect="Deny", also=[account]) is Verdict.EXPLICIT_DENY
    assert _trusts(Principal(B, "user", "eve"), named, effect="Deny", also=[account]) is Verdict.ALLOW


def test_kinds_are_not_confused() -> None:
    """A trust policy needs a principal, and a session policy never widens: mixing them is an error."""
    identity = Source("identity", parse({"Version": "1", "Statement": [_statement()]}, PolicyKind.IDENTITY))
    session = Source("session", parse({"Version": "1", "Statement": [_statement()]}, PolicyKind.SESSION))
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"RAM": f"acs:ram::{B}:root"}}
    trust = Source("trust", parse({"Version": "1", "Statement": [statement]}, PolicyKind.TRUST))
    request = Request("fc:GetFunction", FUNCTION)

    with pytest.raises(ValueError, match="trust is a trust policy"):
        decide([identity, trust], request)
    with pytest.raises(ValueError, match="session: identity and session policies are separate"):
        decide([identity, session], request)
    with pytest.raises(ValueError, match="identity is not a trust policy"):
        decide_trust(identity, BOB, request)


def test_who_comes_through_a_provider_is_named_by_that_provider_only() -> None:
    """A federated caller is no user of the account and nobody of another provider; the reason says so."""
    provider = f"acs:ram::{B}:oidc-provider/ci"
    caller = Principal(B, "federated", "oidc-provider/ci")

    def decision(principal: dict[str, list[str]]) -> Decision:
        statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal}
        trust = Source("trust", parse({"Version": "1", "Statement": [statement]}, PolicyKind.TRUST))
        return decide_trust(trust, caller, Request("sts:AssumeRole", f"acs:ram::{B}:role/r"))

    assert decision({"Federated": [provider]}).allowed
    assert (
        f"Principal.Federated `{provider}` names `{provider}`"
        in decision({"Federated": [provider]}).explain()
    )
    assert not decision({"Federated": [f"acs:ram::{B}:oidc-provider/other"]}).allowed
    assert not decision({"Federated": [f"acs:ram::{B}:saml-provider/ci"]}).allowed
    assert not decision({"RAM": [f"acs:ram::{B}:root", f"acs:ram::{B}:user/ci"]}).allowed


def test_principals_have_arns() -> None:
    """Users as written, roles in lower case, services by name; another kind is an error."""
    assert Principal(B, "root").arn == f"acs:ram::{B}:root"
    assert Principal(B, "user", "Bob").arn == f"acs:ram::{B}:user/Bob"
    assert Principal(B, "role", "Runner").arn == f"acs:ram::{B}:role/runner"
    assert Principal("", "service", "fc.aliyuncs.com").arn == "fc.aliyuncs.com"
    assert Principal(B, "federated", "oidc-provider/ci").arn == f"acs:ram::{B}:oidc-provider/ci"
    with pytest.raises(ValueError, match="`group` is none of"):
        Principal(B, "group", "g")
