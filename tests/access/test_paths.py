"""Explaining: each path of a principal to a call, and which gate is closed."""

from __future__ import annotations

import pytest

from crossaccount.access import (
    Asking,
    Outcome,
    Outsider,
    QuestionError,
    explain_access,
    find_principal,
    graph_of,
    read_action,
    read_context,
    read_resource,
    state_of,
)
from crossaccount.access.words import path_words
from tests.access.states import (
    FUNCTIONS,
    OTHER,
    OWNER,
    PARTNER,
    SECRET,
    StackState,
    allow,
    delegation,
    root,
    trust,
)


def gates(path):
    return [(gate.number, gate.outcome.value) for gate in path.gates]


def test_a_delegated_call_passes_three_gates(ask):
    """B's user lists A's functions through A's role, and each gate names the statement."""
    answer = ask("partner/user/dev", *delegation())

    (path,) = answer.paths
    assert answer.outcome is Outcome.OPEN
    assert [role.name for role in path.roles] == ["fc-reader"]
    assert gates(path) == [(1, "open"), (2, "open"), (3, "open")]
    assert path.gates[2].ruling.said[0].element.startswith("Action `fc:List*` matches `fc:ListFunctions`")


@pytest.mark.parametrize("missing", [1, 2, 3])
def test_one_closed_gate_closes_the_path_and_is_named(ask, missing):
    """Without the grant, the trust or the permission, the path is closed exactly there."""
    owner, partner = delegation()
    if missing == 1:
        partner.resources.pop()
    if missing == 2:
        owner.resources[1]["outputs"] |= {"assumeRolePolicyDocument": _trusting(OTHER)}
    if missing == 3:
        owner.resources.pop()

    answer = ask("partner/user/dev", owner, partner)

    assert answer.outcome is Outcome.CLOSED
    if missing < 3:
        assert [gate.number for gate in answer.paths[0].closed] == [missing]
    else:
        assert gates(answer.paths[0]) == [(1, "open"), (2, "open"), (3, "closed")]


def _trusting(account):
    state = StackState("x", OWNER)
    state.role("x", trust(root(account)))
    return state.resources[-1]["outputs"]["assumeRolePolicyDocument"]


def test_an_external_id_opens_the_second_gate(ask):
    """Without it the gate is closed, and the statement says which condition failed."""
    owner, partner = delegation()
    owner.resources.pop(1)
    owner.role("fc-reader", trust(root(PARTNER), StringEquals={"sts:ExternalId": "contract-7"}))

    without = ask("partner/user/dev", owner, partner)
    given = ask("partner/user/dev", owner, partner, sts_ExternalId="contract-7")

    assert (without.outcome, given.outcome) == (Outcome.CLOSED, Outcome.OPEN)
    assert "sts:ExternalId: request has none" in without.paths[0].gates[1].ruling.said[0].element


def test_an_external_id_reaches_the_trust_policy_only(ask):
    """A condition on it in an identity policy never holds, as on the wire."""
    owner, _ = delegation()
    partner = StackState("partner", PARTNER)
    partner.user("dev")
    partner.policy("p", allow("sts:AssumeRole", StringEquals={"sts:ExternalId": "x"}))
    partner.attach("user", "dev", "p")

    answer = ask("partner/user/dev", owner, partner, sts_ExternalId="x")

    assert gates(answer.paths[0])[:2] == [(1, "closed"), (2, "open")]


def test_a_condition_on_the_address_is_an_if(ask):
    """Every request has an address: a path that needs one is neither open nor closed until it is given."""
    owner, partner = delegation()
    owner.resources.pop(1)
    owner.role("fc-reader", trust(root(PARTNER), IpAddress={"acs:SourceIp": "203.0.113.0/24"}))

    answer = ask("partner/user/dev", owner, partner)

    assert answer.outcome is Outcome.IF
    assert path_words(answer.paths[0]) == (
        "to assume role `fc-reader`: `acs:SourceIp` is in `203.0.113.0/24`",
    )
    assert ask("partner/user/dev", owner, partner, acs_SourceIp="203.0.113.9").outcome is Outcome.OPEN
    assert ask("partner/user/dev", owner, partner, acs_SourceIp="192.0.2.1").outcome is Outcome.CLOSED


def test_a_chain_of_roles_is_followed(ask):
    """A role of B may assume a role of A: who may assume the first gets there over both."""
    owner, partner = StackState("owner", OWNER), StackState("partner", PARTNER)
    owner.role("inner", trust(f"acs:ram::{PARTNER}:role/Outer"))
    owner.attach("role", "inner", "AliyunFCReadOnlyAccess", "System")
    partner.role("Outer", trust(root(PARTNER)))
    partner.attach("role", "Outer", "AliyunSTSAssumeRoleAccess", "System")
    partner.user("dev")
    partner.attach("user", "dev", "AliyunSTSAssumeRoleAccess", "System")

    answer = ask("partner/user/dev", owner, partner)

    assert answer.outcome is Outcome.OPEN
    assert [role.name for role in answer.paths[0].roles] == ["Outer", "inner"]
    assert gates(answer.paths[0]) == [(1, "open"), (2, "open"), (1, "open"), (2, "open"), (3, "open")]


def test_roles_that_trust_each_other_end(ask):
    """A circle of roles is walked once."""
    owner = StackState("owner", OWNER)
    for name, other in (("a", "b"), ("b", "a")):
        owner.role(name, trust(f"acs:ram::{OWNER}:role/{other}", root(PARTNER)))
        owner.attach("role", name, "AliyunSTSAssumeRoleAccess", "System")
    partner = StackState("partner", PARTNER)
    partner.user("dev")
    partner.attach("user", "dev", "AliyunSTSAssumeRoleAccess", "System")

    answer = ask("partner/user/dev", owner, partner)

    assert answer.outcome is Outcome.CLOSED
    assert {tuple(role.name for role in path.roles) for path in answer.paths} == {("a",), ("b",)}


def test_a_role_does_not_get_to_itself(ask):
    """A role that another one may assume again is asked as itself, never over the other."""
    owner = StackState("owner", OWNER)
    for name, other in (("a", "b"), ("b", "a")):
        owner.role(name, trust(f"acs:ram::{OWNER}:role/{other}"))
        owner.attach("role", name, "AliyunSTSAssumeRoleAccess", "System")

    answer = ask("owner/role/a", owner)
    assuming = ask("owner/role/a", owner, action="sts:AssumeRole", resource=f"acs:ram::{OWNER}:role/b")

    assert {tuple(role.name for role in path.roles) for path in answer.paths} == {(), ("b",)}
    assert [path.roles for path in assuming.paths] == [()]


def test_the_callers_arn_is_a_condition_key(ask):
    """A trust policy may ask for it; the region in it is `*`."""
    owner, partner = delegation()
    owner.resources.pop(1)
    pattern = {"StringEquals": {"acs:PrincipalARN": f"acs:ram:*:{PARTNER}:user/dev"}}
    owner.role("fc-reader", trust(root(PARTNER), **pattern))
    partner.user("ann")
    partner.attach("user", "ann", "assume")

    assert ask("partner/user/dev", owner, partner).outcome is Outcome.OPEN
    assert ask("partner/user/ann", owner, partner).outcome is Outcome.CLOSED


def test_a_role_that_is_perhaps_there_is_never_sure(graph):
    """Where an operation on it was cut off, its gates cannot be told, and the words say why."""
    owner, partner = delegation()
    pending = [{"type": "updating", "resource": owner.resources[1]}]
    found = graph_of(
        [state_of(owner.export(pending_operations=pending), "a"), state_of(partner.export(), "b")]
    )

    answer = explain_access(
        found, find_principal(found, "partner/user/dev"), "fc:ListFunctions", FUNCTIONS, Asking()
    )

    assert gates(answer.paths[0]) == [(1, "open"), (2, "cannot tell"), (3, "cannot tell")]
    assert "only if an operation that was cut off took effect" in path_words(answer.paths[0])[0]


def test_a_trust_that_nobody_knows_may_name_anybody(ask):
    """A role whose trust policy cannot be read is neither open nor closed to anybody."""
    owner, partner = delegation()
    for properties in ("inputs", "outputs"):
        owner.resources[1][properties]["assumeRolePolicyDocument"] = SECRET

    answer = ask("partner/user/dev", owner, partner)

    assert gates(answer.paths[0]) == [(1, "open"), (2, "cannot tell"), (3, "open")]


def test_a_group_is_not_a_user_of_its_name(ask):
    """A trust that names user `operators` is not open to the members of group `operators`."""
    owner, partner = delegation()
    owner.resources.pop(1)
    owner.role("fc-reader", trust(f"acs:ram::{PARTNER}:user/operators"))
    partner.group("operators")
    partner.attach("group", "operators", "assume")

    answer = ask("partner/group/operators", owner, partner)

    assert gates(answer.paths[0])[:2] == [(1, "open"), (2, "closed")]


def test_a_call_in_ones_own_account_needs_no_role(ask):
    """A user of A calls as itself; B's user never does so in A, whatever B allows."""
    owner, partner = delegation()
    owner.user("admin")
    owner.attach("user", "admin", "AdministratorAccess", "System")
    partner.user("boss")
    partner.attach("user", "boss", "AliyunFCFullAccess", "System")

    own, foreign = ask("owner/user/admin", owner, partner), ask("partner/user/boss", owner, partner)

    assert (own.outcome, own.paths[0].roles) == (Outcome.OPEN, ())
    assert foreign.outcome is Outcome.CLOSED
    assert all(path.roles for path in foreign.paths)


def test_an_account_passes_its_own_checks_and_assumes_nothing(ask):
    """The root may do anything in its account and may never assume a role."""
    states = delegation()

    assert ask(root(OWNER), *states).outcome is Outcome.OPEN
    assert ask(root(PARTNER), *states).outcome is Outcome.CLOSED


def test_a_role_session_is_asked_as_its_role(ask):
    """An assumed-role ARN stands for the role it came from."""
    answer = ask(f"acs:ram::{OWNER}:assumed-role/fc-reader/session", *delegation())

    assert gates(answer.paths[0]) == [(3, "open")]


def test_assuming_itself_can_be_asked(ask):
    """`sts:AssumeRole` on a role is its first two gates, directly or over another role."""
    role = f"acs:ram::{OWNER}:role/FC-Reader"

    answer = ask("partner/user/dev", *delegation(), action="sts:AssumeRole", resource=role)

    assert (answer.outcome, gates(answer.paths[0])) == (Outcome.OPEN, [(1, "open"), (2, "open")])


def test_assuming_a_role_of_no_stack_cannot_be_told(ask):
    """Gate 2 of a role that nothing declares is not known."""
    role = f"acs:ram::{OTHER}:role/theirs"
    owner, partner = delegation()
    partner.attach("user", "dev", "AliyunSTSAssumeRoleAccess", "System")

    answer = ask("partner/user/dev", owner, partner, action="sts:AssumeRole", resource=role)

    assert gates(answer.paths[0]) == [(1, "open"), (2, "cannot tell")]


def test_a_principal_of_an_account_that_was_not_given_depends_on_it(ask):
    """A's side is open; B decides about the rest."""
    owner, _ = delegation()

    answer = ask(f"acs:ram::{PARTNER}:user/whoever", owner)

    assert answer.outcome is Outcome.IF
    assert path_words(answer.paths[0]) == (
        f"to assume role `fc-reader`: account `{PARTNER}` decides that, and it was not given",
    )


def test_principals_are_found_by_every_spelling(graph):
    """ARN, id, stack name; users keep their letter case, roles have none."""
    found = graph(*delegation())
    dev = found.users[f"acs:ram::{PARTNER}:user/dev"]

    for text in (dev.arn, f"{PARTNER}/user/dev", "partner/user/dev", "trial/partner/user/dev"):
        if text.count("/") < 3:
            assert find_principal(found, text) is dev
    assert find_principal(found, "owner/role/FC-Reader").name == "fc-reader"
    assert find_principal(found, "fc.aliyuncs.com") == Outsider("service", "", "fc.aliyuncs.com")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("partner/user/deb", "no given stack declares .*; did you mean `acs:ram::1345678901230000:user/dev`"),
        ("partner/user/Dev", "no given stack declares"),
        ("partnr/user/dev", "no account id, alias or stack that was given; did you mean `trial/partner`"),
        ("dev", "is not a principal"),
        ("partner/dev", "is not a principal"),
        ("acs:ram::1:user/dev", "is not a principal"),
        ("acs:fc:x:1234567890120000:functions/f", "is not a principal"),
        ("acs:ram", "is not an ARN"),
    ],
)
def test_a_principal_that_is_none_is_refused(graph, text, message):
    """The message says what to write, or whom it may mean."""
    with pytest.raises(QuestionError, match=message):
        find_principal(graph(*delegation()), text)


@pytest.mark.parametrize("text", ["fc:*", "fc", "fc:", "*", "fc:List Functions"])
def test_an_action_is_one_action(text):
    """A pattern is not something that can be asked for."""
    with pytest.raises(QuestionError, match="is not one action"):
        read_action(text)


def test_a_resource_is_an_arn_or_a_star():
    """Anything else is refused."""
    assert read_resource(FUNCTIONS, "fc:ListFunctions") == FUNCTIONS
    assert read_resource("*", "fc:ListFunctions") == "*"
    with pytest.raises(QuestionError, match="is not an ARN"):
        read_resource("functions/f", "fc:GetFunction")


@pytest.mark.parametrize(
    ("pair", "message"),
    [
        ("acs:SourceIp", "is not `key=value`"),
        ("acs:sourceip=10.0.0.1", "is not a condition key"),
        ("acs:SourceIp=10.0.0", "is not an IP address"),
        ("acs:MFAPresent=yes", "is not a boolean"),
        ("acs:CurrentTime=today", "is not a date"),
    ],
)
def test_a_context_value_that_cannot_be_read_is_refused(pair, message):
    """A value that no condition could read would decide nothing."""
    with pytest.raises(QuestionError, match=message):
        read_context([pair])


def test_a_context_key_may_have_several_values():
    """Given again, a key has both values; a value may hold `=`."""
    assert read_context(["acs:RequestTag/t=a=b", "acs:RequestTag/t=c"]) == {"acs:RequestTag/t": ("a=b", "c")}
