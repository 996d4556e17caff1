"""What a role's rights mean: the known actions that the evaluator allows on some resource, at the moment."""

from __future__ import annotations

from fnmatch import fnmatchcase

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossaccount.access import Outcome, graph_of, state_of
from crossaccount.access.asking import Asking
from crossaccount.access.gates import call_gate
from crossaccount.audit.telling import facts_of
from crossaccount.policy.catalogue import CATALOGUE
from tests.access.states import OWNER, PARTNER, SECRET, StackState, allow, trust
from tests.audit.reports import NOW, ROLE, codes, owner, partner, report

DEV = f"acs:ram::{PARTNER}:user/dev"
FUNCTION = f"acs:fc:cn-hangzhou:{OWNER}:functions/team-a"
EVERYWHERE = f"acs:fc:*:{OWNER}:functions/"
ACTIONS = ("fc:GetFunction", "fc:Get*", "fc:*", "fc:InvokeFunction", "fc:ListFunctions", "*")
RESOURCES = ("*", FUNCTION, f"{EVERYWHERE}*", f"{EVERYWHERE}team-*", f"acs:fc:*:{OWNER}:*", "acs:fc:*:*:*")
BEFORE, AFTER = "2026-02-01T00:00:00Z", "2026-04-01T00:00:00Z"

statements = st.builds(
    lambda action, resource, effect: allow(action, resource, effect=effect),
    st.sampled_from(ACTIONS),
    st.sampled_from(RESOURCES),
    st.sampled_from(["Allow", "Allow", "Deny"]),
)


def probes():
    """Resources of which one is in each part that the patterns above make."""
    names = ("team-a", "team-b", "other", "*")
    found = [
        f"acs:fc:{region}:{OWNER}:functions/{name}"
        for region in ("cn-hangzhou", "cn-beijing")
        for name in names
    ]
    return [*found, "acs:fc:cn-hangzhou:1999999999999999:functions/team-a"]


@settings(max_examples=40, deadline=None)
@given(st.lists(statements, min_size=1, max_size=4))
def test_a_right_means_the_actions_that_the_evaluator_allows_on_some_resource_of_it(policy) -> None:
    """With what Deny statements take together, however wide they are written."""
    stack = owner(trust(DEV), policies=[*policy])
    graph = graph_of([state_of(stack.export(), "owner.json")])
    role = next(iter(graph.roles.values()))
    (delegation,) = report(stack, partner(ROLE)).delegations
    for action in ("fc:GetFunction", "fc:InvokeFunction"):
        assert action in CATALOGUE
        allowed = [
            each
            for each in probes()
            if call_gate(role, action, each, Asking(supposing=True)).outcome is Outcome.OPEN
        ]
        told = {
            resource for right in delegation.rights if action in right.means for resource in right.resources
        }
        assert bool(allowed) is bool(told), (action, allowed, told)
        assert all(any(fnmatchcase(each, pattern) for pattern in told) for each in allowed)


def with_policy(*rules):
    """A role with one policy."""
    stack = owner(trust(DEV))
    stack.policy("work", *rules)
    stack.attach("role", "worker", "work")
    return report(stack, partner(ROLE))


def test_what_is_denied_as_a_whole_is_no_right_and_no_full_access() -> None:
    """Nothing of it is left; what is left of another is still told."""
    found = with_policy(allow("*"), allow("*", effect="Deny"))
    wider = with_policy(allow("fc:GetFunction", FUNCTION), allow("fc:*", "acs:fc:*:*:*", effect="Deny"))

    assert found.delegations[0].rights == ()
    assert "full-access" not in codes(found)
    assert wider.delegations[0].rights[0].means == ()
    assert "read-only-reads-environment" not in codes(wider)


def test_everything_but_a_little_is_full_access() -> None:
    """`NotAction`, of one pattern or several."""
    for taken in (["ram:*"], ["ram:*", "sts:AssumeRole"], ["fc:DeleteFunction"]):
        found = with_policy({"Effect": "Allow", "NotAction": taken, "Resource": "*"})
        assert "full-access" in codes(found), taken


@pytest.mark.parametrize(
    ("condition", "there"),
    [
        ({"DateLessThan": {"acs:CurrentTime": BEFORE}}, False),
        ({"DateGreaterThan": {"acs:CurrentTime": AFTER}}, False),
        ({"DateLessThan": {"acs:CurrentTime": AFTER}}, True),
        ({"DateGreaterThan": {"acs:CurrentTime": BEFORE}}, True),
    ],
)
def test_a_right_that_is_over_or_has_not_begun_is_none_and_is_found(condition, there) -> None:
    """As trust is: the report answers for its moment; a Deny that is over takes nothing."""
    found = with_policy(allow("fc:*", **condition))
    denied = with_policy(allow("fc:GetFunction"), allow("fc:*", effect="Deny", **condition))

    assert bool(found.delegations[0].rights) is there
    assert ("right-not-now" in codes(found)) is not there
    assert bool(denied.delegations[0].rights and denied.delegations[0].rights[0].means) is not there


def test_a_role_that_trusts_at_another_time_is_told_so() -> None:
    """Nobody can assume it, and not because a grant is missing."""
    found = report(owner(trust(DEV, DateGreaterThan={"acs:CurrentTime": AFTER})), partner(ROLE))

    assert "not at this time" in codes(found)["nobody-can-assume"].explanation


def test_of_a_trust_policy_that_is_not_known_it_is_not_said_that_it_never_ends() -> None:
    """A secret one may end whenever."""
    stack = StackState("owner", OWNER)
    stack.role("worker", text=SECRET)
    (delegation,) = report(stack, now=NOW).delegations

    assert "when it expires: cannot tell" in facts_of(delegation)
