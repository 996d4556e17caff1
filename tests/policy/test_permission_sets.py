"""Permission sets: how they are made, put together and asked."""

from __future__ import annotations

import pytest

from crossaccount.policy import SYSTEM_POLICIES, Condition, PolicyKind, Principal, Request, Source, parse
from crossaccount.policy.sets import PermissionSet, Witness, permission_set, session_set, trust_set
from tests.model.documents import A, B

ROLE = f"acs:ram::{A}:role/reader"
GET = Request("fc:GetFunction", f"acs:fc:cn-hangzhou:{A}:functions/f")
INVOKE = Request("fc:InvokeFunction", GET.resource)


def _source(*statements, kind=PolicyKind.IDENTITY):
    return Source("policy", parse({"Version": "1", "Statement": list(statements)}, kind))


def _statement(action, resource="*", effect="Allow", **conditions):
    statement = {"Effect": effect, "Action": action, "Resource": resource}
    return {**statement, "Condition": conditions} if conditions else statement


def _trust(principal, **conditions):
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"RAM": principal}}
    return _source({**statement, "Condition": conditions} if conditions else statement, kind=PolicyKind.TRUST)


READ = permission_set(
    [Source("system", parse(SYSTEM_POLICIES["AliyunFCReadOnlyAccess"].document, PolicyKind.IDENTITY))]
)


def test_policies_allow_together_what_none_denies() -> None:
    """A Deny in one policy takes from the Allow of another."""
    found = permission_set([_source(_statement("fc:*")), _source(_statement("fc:Invoke*", effect="Deny"))])

    assert found.contains(GET) is found.allows(GET) is True
    assert found.contains(INVOKE) is found.allows(INVOKE) is False
    assert found.equals(PermissionSet.of(["fc:*"], ["*"]) - PermissionSet.of(["fc:Invoke*"], ["*"]))


def test_no_policies_allow_nothing() -> None:
    """The set of no policies is empty, and everything is its complement."""
    assert permission_set([]) == PermissionSet.nothing()
    assert PermissionSet.nothing().is_empty()
    assert (~PermissionSet.nothing()).equals(PermissionSet.everything())
    assert not PermissionSet.everything().is_empty()


def test_sets_made_alike_are_equal_without_computing() -> None:
    """Order, lists of one and labels do not matter to `==`; only `equals` looks at what is meant."""
    split = permission_set([_source(_statement("fc:Get*"), _statement("fc:List*"))])
    turned = permission_set([_source(_statement(["fc:List*"]), _statement("fc:Get*", ["*"]))])

    assert split == turned
    assert hash(split) == hash(turned)
    assert not split == READ  # noqa: SIM201  what is asked is `==`
    assert split.equals(READ)
    assert split <= READ <= PermissionSet.everything()


def test_a_session_has_what_role_and_session_policy_share() -> None:
    """The session policy narrows and never adds."""
    session = session_set(_source(_statement(["fc:GetFunction", "ram:*"]), kind=PolicyKind.SESSION))

    assert (READ & session).equals(PermissionSet.of(["fc:GetFunction"], ["*"]))


def test_conditions_narrow_a_set() -> None:
    """`with_conditions` binds the call's own context."""
    inside = READ.with_conditions([Condition("IpAddress", "acs:SourceIp", ("10.0.0.0/8",))])

    assert inside <= READ
    assert not (READ - inside).is_empty()
    assert inside.contains(Request(GET.action, GET.resource, {"acs:SourceIp": "10.1.1.1"}))
    assert not inside.contains(GET)


def test_a_gate_binds_the_earlier_request() -> None:
    """The external id belongs to AssumeRole, not to the call that follows."""
    alice = Principal(B, "user", "alice")
    caller = permission_set([_source(_statement("sts:AssumeRole", f"acs:ram:*:{A}:role/Reader"))])
    trust = trust_set(_trust(f"acs:ram::{B}:root", StringEquals={"sts:ExternalId": "x1"}), alice)
    reached = READ.behind(caller & trust, "sts:AssumeRole", ROLE)
    good = Witness(GET, {ROLE: Request("sts:AssumeRole", ROLE, {"sts:ExternalId": "x1"})})

    assert not reached.is_empty()
    assert reached.contains(good) is reached.allows(good) is True
    assert reached.contains(GET) is reached.allows(GET) is False
    assert READ.behind(PermissionSet.nothing(), "sts:AssumeRole", ROLE).is_empty()
    assert READ.behind(caller, "sts:AssumeRole", f"acs:ram::{A}:role/other").is_empty()
    assert READ.behind(trust_set(_trust(f"acs:ram::{A}:root"), alice), "sts:AssumeRole", ROLE).is_empty()


def test_a_gate_behind_a_gate_binds_both_requests() -> None:
    """A role reached through another role keeps the conditions of both steps."""
    first, second = ROLE, f"acs:ram::{A}:role/admin"
    mfa = Condition("Bool", "acs:MFAPresent", ("true",))
    secret = Condition("StringEquals", "sts:ExternalId", ("x1",))
    assume = PermissionSet.of(["sts:AssumeRole"], ["*"])
    inner = assume.with_conditions([secret]).behind(assume.with_conditions([mfa]), "sts:AssumeRole", first)
    reached = READ.behind(inner, "sts:AssumeRole", second)
    steps = {
        first: Request("sts:AssumeRole", first, {"acs:MFAPresent": "true"}),
        second: Request("sts:AssumeRole", second, {"sts:ExternalId": "x1"}),
    }

    assert reached.contains(Witness(GET, steps)) is reached.allows(Witness(GET, steps)) is True
    for step in steps:
        fewer = {name: request for name, request in steps.items() if name != step}
        assert reached.contains(Witness(GET, fewer)) is reached.allows(Witness(GET, fewer)) is False


def test_an_opaque_set_compares_with_itself_only() -> None:
    """What nobody knows is equal to itself, inside everything, and otherwise not proven to be anything."""
    unknown = PermissionSet.opaque("system policy `X`", "its document is not known")
    again = PermissionSet.opaque("system policy `X`", "its document is not known")

    assert unknown.equals(again)
    assert (unknown - again).is_empty()
    assert unknown <= PermissionSet.everything()
    assert not unknown.is_empty()
    assert not unknown.equals(PermissionSet.opaque("system policy `Y`", "its document is not known"))
    assert unknown.contains(GET) is unknown.allows(GET) is None
    assert (unknown | READ).contains(GET) is (unknown | READ).allows(GET) is True
    assert (unknown & READ).contains(INVOKE) is (unknown & READ).allows(INVOKE) is False


def test_what_is_too_large_is_not_proven() -> None:
    """Beyond the bounds nothing is said to be empty, inside or equal."""
    letters = "abcdefghijkl"
    tangle = [f"acs:fc:*:{A}:functions/*{letter}*" for letter in letters]
    holding_all = PermissionSet.everything()
    for pattern in tangle:
        holding_all &= PermissionSet.of(["fc:*"], [pattern])

    assert not holding_all.is_empty()
    assert not holding_all.equals(READ)


@pytest.mark.parametrize(
    ("make", "kind", "message"),
    [
        (permission_set, PolicyKind.SESSION, "is no identity policy, but a session one"),
        (lambda sources: session_set(sources[0]), PolicyKind.IDENTITY, "is no session policy, but a"),
        (
            lambda sources: trust_set(sources[0], Principal(B, "root")),
            PolicyKind.IDENTITY,
            "is no trust policy",
        ),
    ],
)
def test_a_policy_of_another_kind_is_refused(make, kind, message) -> None:
    """Each maker takes policies of its own kind."""
    with pytest.raises(ValueError, match=message):
        make([_source(_statement("fc:*"), kind=kind)])
