"""The graph: who is trusted, what is held, and what two stacks must not both claim."""

from __future__ import annotations

import pytest

from crossaccount.access import (
    ConflictError,
    ForeignStackError,
    Outcome,
    PolicyTextError,
    graph_of,
    may_assume,
    state_of,
)
from tests.access.states import (
    OTHER,
    OWNER,
    PARTNER,
    RAM,
    StackState,
    allow,
    delegation,
    document,
    root,
    trust,
)


def edges(graph, asking=None):
    return {
        (edge.principal.arn, edge.role.name): (edge.outcome, edge.certain)
        for edge in may_assume(graph, asking)
    }


def test_a_delegation_is_one_edge_with_its_evidence(graph):
    """B's user may assume A's role; the edge names grant, policy and role, each with its line."""
    found = graph(*delegation())
    edge = next(each for each in may_assume(found) if each.principal.arn.endswith("user/dev"))

    assert (edge.outcome, edge.certain, edge.depends_on) == (Outcome.OPEN, True, ())
    assert [(origin.stack, origin.position) for origin in edge.origins] == [
        ("trial/partner", "__main__.py:13"),
        ("trial/partner", "__main__.py:12"),
        ("trial/owner", "__main__.py:11"),
    ]
    assert edge.origins[2].urn == "urn:pulumi:owner::trial::alicloud:ram/role:Role::fc-reader"


def test_an_account_that_was_not_given_stands_for_whoever_it_lets(graph):
    """Trusting B without B's stack gives one edge, that B decides."""
    owner, _ = delegation()

    assert edges(graph(owner)) == {(root(PARTNER), "fc-reader"): (Outcome.IF, True)}


def test_an_account_that_was_given_still_may_let_others(graph):
    """A state knows its own users; a whole-account trust reaches those of no state, too."""
    assert edges(graph(*delegation())) == {
        (f"acs:ram::{PARTNER}:user/dev", "fc-reader"): (Outcome.OPEN, True),
        (root(PARTNER), "fc-reader"): (Outcome.IF, True),
    }


def test_a_user_that_no_stack_declares_is_a_node(graph):
    """A trust may name a user or role that was made by hand."""
    owner = StackState("owner", OWNER)
    owner.role("r", trust(f"acs:ram::{PARTNER}:user/ann", f"acs:ram::{PARTNER}:role/Run"))

    assert set(edges(graph(owner))) == {
        (f"acs:ram::{PARTNER}:user/ann", "r"),
        (f"acs:ram::{PARTNER}:role/run", "r"),
    }


def test_services_and_identity_providers_are_nodes(graph):
    """They need no identity policy, and only their own conditions decide."""
    owner = StackState("owner", OWNER)
    provider = f"acs:ram::{OWNER}:saml-provider/idp"
    statements = [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": ["fc.aliyuncs.com"]}},
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Federated": [provider]},
            "Condition": {"StringEquals": {"saml:recipient": "x"}},
        },
    ]
    owner.role("r", *statements)

    assert edges(graph(owner)) == {
        ("fc.aliyuncs.com", "r"): (Outcome.OPEN, True),
        (provider, "r"): (Outcome.IF, True),
    }


def test_a_deny_in_a_trust_policy_takes_an_edge_away(graph):
    """A suspended role, or one that denies a user, is not assumed by whom it denies."""
    owner, partner = delegation()
    owner.role("closed", trust(root(PARTNER), effect="Deny"))
    owner.role("half", trust(root(PARTNER)), trust(f"acs:ram::{PARTNER}:user/dev", effect="Deny"))
    partner.attach("user", "dev", "AliyunSTSAssumeRoleAccess", "System")

    assert {role for principal, role in edges(graph(owner, partner)) if principal.endswith("/dev")} == {
        "fc-reader"
    }


def test_a_members_grants_are_its_groups_too(graph):
    """A policy on a group lets every user in it assume the role; the edge names the membership."""
    owner, partner = delegation()
    partner.user("ann")
    partner.group("operators")
    partner.join("ann", "operators")
    partner.attach("group", "operators", "assume")

    found = graph(owner, partner)
    user = found.users[f"acs:ram::{PARTNER}:user/ann"]

    assert (user.arn, "fc-reader") in edges(found)
    assert user.groups == ("operators",)
    assert user.grants[0].membership.urn.endswith("::operators-ann")


def test_a_group_without_known_members_stands_for_them(graph):
    """A policy on a group that was made by hand opens the role for whoever is in it."""
    owner, partner = delegation()
    partner.attach("group", "by-hand", "assume")

    assert edges(graph(owner, partner))[f"acs:ram::{PARTNER}:group/by-hand", "fc-reader"][0] is Outcome.OPEN


def test_an_adopted_user_holds_what_stacks_attach(graph):
    """A user that a stack only mentions is a node without a declaration."""
    owner, partner = delegation()
    partner.attach("user", "adopted", "assume")

    found = graph(owner, partner)

    assert found.users[f"acs:ram::{PARTNER}:user/adopted"].origin is None
    assert (f"acs:ram::{PARTNER}:user/adopted", "fc-reader") in edges(found)


def test_an_unknown_system_policy_is_an_opaque_set(graph):
    """It is kept by name, may allow anything, and is equal to itself alone."""
    owner, partner = delegation()
    partner.user("ann")
    partner.attach("user", "ann", "AliyunSomethingNewAccess", "System")
    partner.attach("user", "dev", "AliyunSomethingNewAccess", "System")

    found = graph(owner, partner)
    ann, dev = (found.users[f"acs:ram::{PARTNER}:user/{name}"] for name in ("ann", "dev"))

    assert ann.grants[0].document.is_opaque
    assert ann.grants[0].document == dev.grants[1].document
    assert edges(found)[ann.arn, "fc-reader"] == (Outcome.UNKNOWN, False)
    assert edges(found)[dev.arn, "fc-reader"] == (Outcome.OPEN, True)


def test_a_custom_policy_that_no_stack_declares_may_say_anything(graph):
    """It may also deny, so that what else allows is no longer sure."""
    owner, partner = delegation()
    partner.attach("user", "dev", "by-hand")

    assert edges(graph(owner, partner))[f"acs:ram::{PARTNER}:user/dev", "fc-reader"] == (
        Outcome.UNKNOWN,
        False,
    )


def test_a_policy_that_does_not_parse_is_named(graph):
    """File, resource, policy and place in the document are in the message."""
    owner, _ = delegation()
    owner.policy("odd", allow("fc:*", StringLikee={"acs:SourceIp": "x"}))

    with pytest.raises(PolicyTextError) as caught:
        graph(owner)

    assert "`owner.json`: `urn:pulumi:owner::trial::alicloud:ram/policy:Policy::odd`" in str(caught.value)
    assert "policy `odd` does not parse: statement 1, Condition.StringLikee" in str(caught.value)


def test_two_stacks_that_claim_one_role_are_refused(graph):
    """Letter case does not tell roles apart; the message has both resources and files."""
    owner, _ = delegation()
    rival = StackState("rival", OWNER)
    rival.role("FC-Reader", trust(root(OTHER)))

    with pytest.raises(ConflictError) as caught:
        graph(owner, rival)

    assert "role `FC-Reader`" in str(caught.value)
    assert "(`owner.json`)" in str(caught.value)
    assert "(`rival.json`)" in str(caught.value)


def test_a_replaced_role_and_its_replacement_are_no_rivals(graph):
    """They may have one name until the old one is deleted; the new one counts."""
    owner, _ = delegation()
    owner.role("fc-reader", trust(root(OTHER)), label="fc-reader", delete=True)

    (role,) = graph(owner).roles.values()

    assert not role.retired
    assert [node.account for node in graph(owner).trusted(role)] == [PARTNER]


def test_a_role_whose_trust_is_not_known_may_trust_anybody(graph):
    """It is among the roles that trust each principal, until somebody can tell."""
    owner, partner = delegation()
    owner.attach("role", "by-hand", "AliyunFCReadOnlyAccess", "System")
    found = graph(owner, partner)

    names = {role.name for role in found.trusting(found.users[f"acs:ram::{PARTNER}:user/dev"])}

    assert names == {"fc-reader", "by-hand"}
    assert [node.label for node in found.trusted(found.role(f"acs:ram::{OWNER}:role/by-hand"))] == [
        "nobody can tell who"
    ]


def test_a_suspended_role_trusts_nobody(graph):
    """A Deny names whom it keeps out."""
    owner = StackState("owner", OWNER)
    owner.role("closed", trust(root(PARTNER), effect="Deny"))
    found = graph(owner)

    assert list(found.trusted(next(iter(found.roles.values())))) == []


def test_a_membership_that_is_not_certain_makes_the_groups_grants_uncertain(graph):
    """An operation that was cut off may have taken the user out of the group."""
    owner, partner = delegation()
    partner.user("ann")
    partner.group("operators")
    partner.attach("group", "operators", "assume")
    partner.join("ann", "operators")
    pending = [{"type": "deleting", "resource": partner.resources[-1]}]
    states = [state_of(owner.export(), "a"), state_of(partner.export(pending_operations=pending), "b")]

    (grant,) = graph_of(states).users[f"acs:ram::{PARTNER}:user/ann"].grants

    assert (grant.group, grant.certain) == ("operators", False)


@pytest.mark.parametrize("kind", ["user", "group", "policy"])
def test_other_rival_claims_are_refused_too(graph, kind):
    """Users, groups and policies have one owner each."""
    states = [StackState(name, OWNER) for name in ("one", "two")]
    for state in states:
        getattr(state, kind)("same", *([allow("fc:*")] if kind == "policy" else []))

    with pytest.raises(ConflictError, match=f"{kind} `same` of account `{OWNER}` is claimed twice"):
        graph(*states)


def test_a_lenient_graph_tells_conflicts_and_keeps_the_first(graph):
    """For an audit a contradiction is a finding."""
    owner, _ = delegation()
    rival = StackState("rival", OWNER)
    rival.role("fc-reader", trust(root(OTHER)))

    found = graph(owner, rival, strict=False)

    assert len(found.conflicts) == 1
    assert edges(found) == {(root(PARTNER), "fc-reader"): (Outcome.IF, True)}


def test_a_stack_given_twice_is_refused(graph):
    """Its access would be counted twice."""
    owner, _ = delegation()

    with pytest.raises(ForeignStackError, match="`trial/owner` is given twice"):
        graph(owner, owner)


def test_what_is_not_read_is_listed(graph):
    """RAM resources of other types may give access; password policies do not."""
    owner, _ = delegation()
    owner.add(f"{RAM}accessKeyPolicy:AccessKeyPolicy", "odd", {})
    owner.add(f"{RAM}passwordPolicy:PasswordPolicy", "plain", {})
    owner.add("alicloud:fc/function:Function", "f", {})

    (note,) = graph(owner).not_analysed

    assert "alicloud:ram/accessKeyPolicy:AccessKeyPolicy" in note.what
    assert note.origin.urn.endswith("::odd")


def test_a_looked_up_role_is_nobodys_claim(graph):
    """What a stack only reads (`Role.get`) does not rival the stack that manages it."""
    owner, partner = delegation()
    partner.role(
        "fc-reader", trust(root(OTHER)), external=True, outputs={"arn": f"acs:ram::{OWNER}:role/fc-reader"}
    )

    assert len(graph(owner, partner).roles) == 1


def test_whole_memberships_are_read(graph):
    """`GroupMembership` lists all members of a group at once."""
    _, partner = delegation()
    inputs = {"groupName": "operators", "userNames": ["ann", "bob"]}
    partner.add(f"{RAM}groupMembership:GroupMembership", "members", inputs, inputs)

    assert graph(partner).groups[f"acs:ram::{PARTNER}:group/operators"].members == ("ann", "bob")


def test_a_role_in_any_spelling_is_found(graph):
    """ARNs of roles have no letter case, and `*` may stand for the region."""
    found = graph(*delegation())

    for arn in (f"acs:ram::{OWNER}:role/FC-Reader", f"acs:ram:*:{OWNER}:role/fc-reader"):
        assert found.role(arn).name == "fc-reader"
    assert found.role(f"acs:ram::{OWNER}:role/other") is None


def test_the_same_text_is_parsed_once():
    """Two states that hold the same documents share the parsed policies."""
    owner, _ = delegation()
    text = document(trust(root(PARTNER)))
    owner.role("again", text=text)

    first, second = graph_of([state_of(owner.export(), "s")]).roles.values()

    assert first.trust.compiled is second.trust.compiled
