"""Who comes to a role: over other roles too, exactly where `explain` says so, and never without bound."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from crossaccount.access import Asking, Outcome, Outsider, explain_access, graph_of, may_assume, state_of
from crossaccount.access.asking import TIME
from crossaccount.audit.plain import report_to_json, schema
from crossaccount.audit.report import report_of
from tests.access.states import OTHER, OWNER, PARTNER, StackState, allow, root, trust
from tests.access.test_agreement import states_of, worlds
from tests.audit.reports import NOW, ROLE, owner, report

HOP = f"acs:ram::{PARTNER}:role/hop"
MOMENT = "2026-03-01T00:00:00Z"
SAID = {"yes": Outcome.OPEN, "under conditions": Outcome.IF, "cannot tell": Outcome.UNKNOWN}


def hopping(*direct):
    """B's stack: `dev` may assume B's role `hop`, which another account may too, and `hop` that of A."""
    stack = StackState("partner", PARTNER)
    stack.user("dev")
    stack.role(
        "hop", trust(root(PARTNER)), trust(root(OTHER), StringEquals={"sts:ExternalId": "agreed-9b1f"})
    )
    for number, (kind, holder, role) in enumerate((("user", "dev", HOP), ("role", "hop", ROLE), *direct)):
        stack.policy(f"assume-{number}", allow("sts:AssumeRole", role))
        stack.attach(kind, holder, f"assume-{number}")
    return stack


def test_who_comes_over_another_role_is_named() -> None:
    """B's user over B's role; whoever a third account lets, with the condition of the way there."""
    found = report(owner(trust(HOP), system=["AliyunFCReadOnlyAccess"]), hopping())
    assumers = {each.label: each for each in found.delegations[0].assumers}

    assert assumers["role `hop`"].certainty == "yes"
    assert assumers["user `dev` through role `hop`"].certainty == "yes"
    other = next(each for each in assumers.values() if each.account == OTHER)
    assert other.certainty == "under conditions"
    assert "`sts:ExternalId` is the one agreed on" in other.conditions
    assert {each.delegation.role for each in found.rows()} == {"hop", "worker"}


def test_a_way_over_a_role_beside_a_direct_one_is_two_paths_where_it_is_more_open() -> None:
    """One that is no more open than a shorter one says nothing new, and is not told."""
    asked = trust(f"acs:ram::{PARTNER}:user/dev", StringEquals={"sts:ExternalId": "agreed-9b1f"})
    found = report(owner(trust(HOP), asked), hopping(("user", "dev", ROLE))).delegations[0]
    same = report(owner(trust(HOP, f"acs:ram::{PARTNER}:user/dev")), hopping(("user", "dev", ROLE)))

    assert [each.certainty for each in found.assumers if each.arn.endswith("dev")] == [
        "under conditions",
        "yes",
    ]
    assert any("user `dev` through role `hop`" in each.explanation for each in found.findings)
    assert [each.label for each in same.delegations[0].assumers if "dev" in each.label] == ["user `dev`"]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(worlds, st.sets(st.sampled_from(["reader", "runner"])))
def test_a_report_names_who_may_assume_a_role_exactly_where_explain_does(world, hops) -> None:
    """On generated worlds, some of whose roles may assume others: the same principals, as open."""
    stacks = states_of(world)
    stacks[0].policy("on", allow("sts:AssumeRole"))
    for name in sorted(hops):
        stacks[0].attach("role", name, "on")
    graph = graph_of([state_of(each.export(), each.name) for each in stacks], strict=False)
    asking = Asking({TIME: MOMENT}, supposing=True, now=MOMENT)
    everybody = {node.arn: node for account in (OWNER, PARTNER) for node in graph.of_account(account)}
    everybody.update((edge.principal.arn, edge.principal) for edge in may_assume(graph, asking))

    for each in report_of(graph, NOW).delegations:
        told = {}
        for one in each.assumers:
            told[one.arn] = min(
                told.get(one.arn, Outcome.CLOSED), SAID[one.certainty], key=lambda it: it.rank
            )
        for arn, node in everybody.items():
            # An undeclared user is in the row of its account, unless the trust policy names it.
            if arn != each.role_arn and (not isinstance(node, Outsider) or arn in told):
                explained = explain_access(graph, node, "sts:AssumeRole", each.role_arn, asking).outcome
                assert told.get(arn, Outcome.CLOSED) is explained, (arn, each.role_arn)


def many(roles, users):
    """Every role trusts the whole account, and each user there may assume every role."""
    first, second = StackState("owner", OWNER), StackState("partner", PARTNER)
    for number in range(roles):
        first.role(f"worker-{number}", trust(root(PARTNER)))
    for number in range(users):
        second.user(f"dev-{number}")
        second.attach("user", f"dev-{number}", "AliyunSTSAssumeRoleAccess", "System")
    return graph_of([state_of(each.export(), each.name) for each in (first, second)])


@pytest.mark.parametrize(("most", "cut"), [(10_000, 0), (100, 17)])
def test_a_report_of_more_rows_than_it_holds_ends_and_says_so(most, cut) -> None:
    """Of each role some are named; that there are more is a row, a finding and no silence."""
    found = report_of(many(20, 30), NOW, most=most)
    more = [each for each in found.delegations if any("not listed" in one.label for one in each.assumers)]

    assert len(more) == cut
    assert ("not-everybody-named" in {each.code for each in found.findings}) is bool(cut)
    assert len(list(found.rows())) <= max(620, most) if not cut else len(list(found.rows())) < 200
    assert min(len(each.assumers) for each in found.delegations) > 3
    document = json.loads(report_to_json(found))
    assert [error.message for error in Draft202012Validator(schema()).iter_errors(document)] == []
