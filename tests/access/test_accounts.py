"""Which account a stack is for, and when that cannot be told."""

from __future__ import annotations

import json

import pytest

from crossaccount.access import UnknownAccountError, graph_of, preview_of, state_of
from tests.access.states import OTHER, OWNER, PARTNER, RAM, StackState, root, trust

PROVIDER = "pulumi:providers:alicloud"


def accounts(state, **given):
    return set(graph_of([state_of(state.export(), "s.json")], accounts=given).accounts)


def test_the_output_account_says_it():
    """This project's stacks export it."""
    state = StackState("dev", OWNER)
    state.user("dev")

    assert accounts(state) == {OWNER}


def test_a_roles_arn_says_it():
    """A role that exists carries its account."""
    state = StackState("dev")
    state.role("r", trust(root(PARTNER)), outputs={"arn": f"acs:ram::{OWNER}:role/r"})

    assert accounts(state) == {OWNER}


def test_an_account_alias_says_it():
    """The provider gives an alias the account's id."""
    state = StackState("dev")
    state.add(f"{RAM}accountAlias:AccountAlias", "alias", {"accountAlias": "company-a"}, id=OWNER)

    assert accounts(state) == {OWNER}


@pytest.mark.parametrize(
    "inputs",
    [
        {"accountId": OWNER},
        {"assumeRole": {"roleArn": f"acs:ram::{OWNER}:role/ops"}},
        {"assumeRole": json.dumps({"roleArn": f"acs:ram::{OWNER}:role/ops"})},
    ],
)
def test_the_providers_settings_say_it(inputs):
    """An account id, or the role the provider assumes."""
    state = StackState("dev")
    state.add(PROVIDER, "default_4_0_0", inputs)
    state.user("dev")

    assert accounts(state) == {OWNER}


def test_a_previews_configuration_says_it():
    """A stack that is not up yet has `<project>:account` in its configuration."""
    state = StackState("dev")
    state.user("dev")
    plan = {**state.created(), "config": {"trial:account": OWNER, "alicloud:secretKey": "never shown"}}

    graph = graph_of([preview_of(plan, "p")])

    assert set(graph.accounts) == {OWNER}
    assert "never shown" not in repr(preview_of(plan, "p"))


def test_the_caller_may_say_it():
    """By the stack's name or with its project; an id that is none is refused."""
    state = StackState("dev")
    state.user("dev")

    assert accounts(state, dev=OWNER) == {OWNER}
    assert accounts(state, **{"trial/dev": OWNER}) == {OWNER}
    with pytest.raises(UnknownAccountError, match="`123` is not an account id"):
        accounts(state, dev="123")


def test_nothing_that_says_it_is_an_error_that_names_the_stack():
    """Access without an account would be nobody's."""
    state = StackState("dev")
    state.user("dev")

    with pytest.raises(UnknownAccountError, match=r"`s\.json`: nothing says which account stack `trial/dev`"):
        accounts(state)


def test_two_accounts_for_one_stack_are_an_error_that_names_both():
    """An output and a role's ARN that disagree leave nothing to believe."""
    state = StackState("dev", OWNER)
    state.account = OTHER
    state.role("r", trust(root(PARTNER)))

    with pytest.raises(UnknownAccountError, match=rf"`{OTHER}` \(role .*`{OWNER}` \(output `account`\)"):
        accounts(state)


def test_each_explicit_provider_has_its_own_account():
    """One stack may work in two accounts; then each provider's own settings or roles say which."""
    state = StackState("dev")
    references = {}
    for name, account in (("a", OWNER), ("b", PARTNER)):
        urn = state.add(PROVIDER, name, {"accountId": account})
        references[name] = f"{urn}::some-id"
    state.role("r", trust(root(PARTNER)), provider=references["a"])
    state.user("dev", provider=references["b"])

    graph = graph_of([state_of(state.export(), "s")])

    assert set(graph.users) == {f"acs:ram::{PARTNER}:user/dev"}
    assert set(graph.roles) == {f"acs:ram::{OWNER}:role/r"}


def test_a_provider_whose_account_cannot_be_told_is_named():
    """With several providers the stack's own output says nothing about either."""
    state = StackState("dev", OWNER)
    state.user("a", provider=f"{state.add(PROVIDER, 'a', {'accountId': OWNER})}::x")
    state.user("b", provider=f"{state.add(PROVIDER, 'b', {})}::x")

    with pytest.raises(UnknownAccountError, match="provider `b` of stack `trial/dev`"):
        accounts(state)
