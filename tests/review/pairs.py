"""Pairs of stacks, before and after, for the permission diff."""

from __future__ import annotations

from crossaccount.access import graph_of, state_of
from crossaccount.review import permission_diff
from tests.access.states import FUNCTIONS, OWNER, PARTNER, StackState, allow, delegation, root, trust

READER = f"acs:ram::{OWNER}:role/fc-reader"
DEV = f"acs:ram::{PARTNER}:user/dev"


def graph(*states):
    """The graph of `StackState`s."""
    return graph_of([state_of(each.export(), f"{each.name}.json") for each in states])


def diff(before, after):
    """The permission diff of two tuples of `StackState`s."""
    return permission_diff(graph(*before), graph(*after))


def of(found, arn=DEV):
    """The rows about one principal."""
    return [row for row in found.rows if row.principal_arn == arn]


def with_policy(*statements, name="work"):
    """The delegation whose role has one custom policy; without a statement, one that gives nothing."""
    owner, partner = StackState("owner", OWNER), delegation()[1]
    owner.role("fc-reader", trust(root(PARTNER)))
    owner.policy(name, *statements or [allow("oss:Nothing", effect="Deny")])
    owner.attach("role", "fc-reader", name)
    return owner, partner


def a_deny_beside_a_wider_allow():
    """First invisible change: `fc:Get*` becomes `fc:*` with a deny of what deletes and invokes."""
    denied = allow(["fc:Delete*", "fc:Invoke*"], effect="Deny")
    return with_policy(allow("fc:Get*", FUNCTIONS)), with_policy(allow("fc:*", FUNCTIONS), denied)


def a_custom_policy_for_a_system_policy():
    """Second invisible change: a custom policy takes the place of AliyunFCReadOnlyAccess."""
    return delegation(), with_policy(allow(["fc:Get*", "fc:List*", "fc:InvokeFunction"]), name="fc-read")


def a_grant_that_opens_a_door():
    """Third invisible change: only B's stack changes, and a person gets what A's role may do."""
    before, after = delegation(), delegation()
    before[1].user("eve")
    after[1].user("eve")
    after[1].attach("user", "eve", "assume")
    return before, after


INVISIBLE = (a_deny_beside_a_wider_allow, a_custom_policy_for_a_system_policy, a_grant_that_opens_a_door)
