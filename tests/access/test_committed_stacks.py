"""The committed stacks, by the embedded engine: plan, state and evidence."""

from __future__ import annotations

from crossaccount.access import (
    Asking,
    Outcome,
    explain_access,
    find_principal,
    graph_of,
    preview_of,
    state_of,
    who_can,
)
from tests.access.states import FUNCTIONS, OWNER, PARTNER
from tests.access.test_preview import facts


def states(committed):
    return graph_of([state_of(state, name) for name, state in committed.states.items()])


def test_the_plan_foresees_the_state(committed):
    """Both first plans together give the access that both states give, all of it certain."""
    plans = graph_of([preview_of(plan, name) for name, plan in committed.plans.items()])

    assert facts(plans) == facts(states(committed))
    assert all(role.inferred for role in plans.roles.values())


def test_the_operator_lists_functions_and_does_nothing_else(committed):
    """The delegation is what the stack files say, no more."""
    graph = states(committed)
    operator = find_principal(graph, "account-b/user/fc-operator")

    def outcome(action):
        return explain_access(graph, operator, action, FUNCTIONS, Asking()).outcome

    assert outcome("fc:ListFunctions") is Outcome.OPEN
    assert {outcome(f"fc:{each}Function") for each in ("Invoke", "Delete", "Update")} == {Outcome.CLOSED}


def test_every_gate_names_a_line_of_the_program(committed):
    """Attachments, policies and roles carry the component's line and the program's own that led there."""
    path = who_can(states(committed), "fc:ListFunctions", FUNCTIONS, Asking(supposing=True))[1]

    origins = [
        origin
        for gate in path.gates
        for said in gate.ruling.said
        for origin in ((said.grant.origin if said.grant else None), said.document.origin)
        if origin is not None
    ]
    assert path.principal.arn == f"acs:ram::{PARTNER}:user/fc-operator"
    assert {origin.position.partition(":")[0] for origin in origins} == {
        "components/assume_role_grant.py",
        "components/cross_account_role.py",
        "components/role_permissions.py",
    }
    assert all(origin.trace[-1].startswith("__main__.py:") for origin in origins)
    assert all(origin.created and origin.stack.startswith("crossaccount/account-") for origin in origins)


def test_the_accounts_are_told_by_the_stacks(committed):
    """The output `account` of a state, and the configuration of a plan."""
    assert set(states(committed).accounts) == {OWNER, PARTNER}
