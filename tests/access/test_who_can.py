"""Who can: everybody, with path and conditions, whoever stands outside included."""

from __future__ import annotations

from dataclasses import replace

from crossaccount.access import Asking, who_can
from crossaccount.access.words import condition_words, path_words
from crossaccount.policy import OPERATORS, Condition
from tests.access.states import FUNCTIONS, OTHER, OWNER, PARTNER, StackState, allow, delegation, root, trust

OWN_ROOT = (root(OWNER), "open", ())
OWN_OTHERS = (root(OWNER), "if", ())


def rows(graph, action="fc:ListFunctions", resource=FUNCTIONS, now=None, **given):
    asking = Asking(
        {key.replace("_", ":", 1): value for key, value in given.items()}, supposing=True, now=now
    )
    return [
        (path.principal.arn, path.outcome.value, tuple(role.name for role in path.roles))
        for path in who_can(graph, action, resource, asking)
    ]


def test_everybody_who_can_is_listed_with_the_path(graph):
    """The account itself, B's user through the role, and whoever else the two accounts let."""
    assert rows(graph(*delegation())) == [
        OWN_ROOT,
        (f"acs:ram::{PARTNER}:user/dev", "open", ("fc-reader",)),
        OWN_OTHERS,
        (root(PARTNER), "if", ("fc-reader",)),
    ]


def test_nobody_is_listed_for_what_the_role_does_not_allow(graph):
    """Reading is not invoking: only the account itself is left, and whom it lets beside the stacks."""
    assert rows(graph(*delegation()), action="fc:InvokeFunction") == [OWN_ROOT, OWN_OTHERS]


def test_conditions_are_shown_and_not_assumed(graph):
    """A path that needs an external id or a second factor is an `if`."""
    owner, partner = delegation()
    owner.resources.pop(1)
    condition = {"StringEquals": {"sts:ExternalId": ["a", "b"]}, "Bool": {"acs:MFAPresent": "true"}}
    owner.role("fc-reader", trust(root(PARTNER), **condition))
    found = graph(owner, partner)

    path = who_can(found, "fc:ListFunctions", FUNCTIONS, Asking(supposing=True))[1]

    assert (path.principal.arn, path.outcome.value) == (f"acs:ram::{PARTNER}:user/dev", "if")
    assert path_words(path) == (
        "to assume role `fc-reader`: `sts:ExternalId` is `a` or `b` and `acs:MFAPresent` is `true`",
    )
    assert rows(found, sts_ExternalId="a", acs_MFAPresent="true")[1][1] == "open"
    assert rows(found, sts_ExternalId="c") == [OWN_ROOT, OWN_OTHERS]


def test_alternatives_and_exceptions_are_both_shown(graph):
    """Two statements are alternatives; a conditional Deny is an exception."""
    owner, partner = delegation()
    owner.policy(
        "p",
        allow("fc:Invoke*", StringEquals={"acs:UserAgent": "a"}),
        allow("fc:Invoke*", StringEquals={"acs:UserAgent": "b"}),
        allow("fc:Invoke*", effect="Deny", NotIpAddress={"acs:SourceIp": "10.0.0.0/8"}),
    )
    owner.attach("role", "fc-reader", "p")

    path = who_can(graph(owner, partner), "fc:InvokeFunction", FUNCTIONS, Asking(supposing=True))[1]

    (words,) = path_words(path)
    assert words == (
        "to call: (`acs:UserAgent` is `a`); or (`acs:UserAgent` is `b`) "
        "unless `acs:SourceIp` is not in `10.0.0.0/8`"
    )


def test_an_expired_delegation_is_nobodys(graph):
    """What ended is not listed; what will end is, with its end."""
    owner, partner = delegation()
    owner.resources.pop(1)
    owner.role("fc-reader", trust(root(PARTNER), DateLessThan={"acs:CurrentTime": "2026-06-01T00:00:00Z"}))
    found = graph(owner, partner)

    assert rows(found, now="2026-07-01T00:00:00Z") == [OWN_ROOT, OWN_OTHERS]
    assert rows(found, now="2026-05-01T00:00:00Z")[1][:2] == (f"acs:ram::{PARTNER}:user/dev", "if")


def test_users_of_the_account_are_listed_as_themselves(graph):
    """Through a group, too; a role of the account counts by who may assume it."""
    owner, partner = delegation()
    owner.user("ann")
    owner.group("readers")
    owner.join("ann", "readers")
    owner.attach("group", "readers", "AliyunFCReadOnlyAccess", "System")

    assert (f"acs:ram::{OWNER}:user/ann", "open", ()) in rows(graph(owner, partner))


def test_a_chain_lists_both_the_role_and_who_gets_there_over_it(graph):
    """A function's role of B reaches A's role; so does the service that runs as it."""
    owner, partner = StackState("owner", OWNER), StackState("partner", PARTNER)
    owner.role("inner", trust(f"acs:ram::{PARTNER}:role/runner"))
    owner.attach("role", "inner", "AliyunFCReadOnlyAccess", "System")
    service = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": ["fc.aliyuncs.com"]}}
    partner.role("runner", service)
    partner.attach("role", "runner", "AliyunSTSAssumeRoleAccess", "System")

    assert rows(graph(owner, partner)) == [
        OWN_ROOT,
        (f"acs:ram::{PARTNER}:role/runner", "open", ("inner",)),
        ("fc.aliyuncs.com", "open", ("runner", "inner")),
        OWN_OTHERS,
    ]


def test_who_can_assume_a_role(graph):
    """For `sts:AssumeRole` the role is the resource; no account itself is among them."""
    found = graph(*delegation())

    assert rows(found, "sts:AssumeRole", f"acs:ram::{OWNER}:role/fc-reader") == [
        (f"acs:ram::{PARTNER}:user/dev", "open", ()),
        (root(PARTNER), "if", ()),
    ]


def test_who_can_assume_a_role_of_no_stack_cannot_be_told(graph):
    """It may exist and trust anybody; nobody is only said where the account was read whole."""
    states, role = delegation(), f"acs:ram::{OWNER}:role/by-hand"

    ((_, outcome, _),) = rows(graph(*states), "sts:AssumeRole", role)

    assert outcome == "cannot tell"
    assert rows(replace(graph(*states), complete=frozenset({OWNER})), "sts:AssumeRole", role) == []


def test_a_resource_of_an_account_that_was_not_given_is_that_accounts_to_tell(graph):
    """Nothing is known of it but that its root may."""
    resource = FUNCTIONS.replace(OWNER, OTHER)

    assert rows(graph(*delegation()), resource=resource) == [
        (root(OTHER), "open", ()),
        (root(OTHER), "if", ()),
    ]


def test_any_resource_is_asked_in_every_account(graph):
    """With `*` each given account is looked at."""
    listed = rows(graph(*delegation()), resource="*")

    assert OWN_ROOT in listed
    assert (root(PARTNER), "open", ()) in listed


def test_every_operator_has_words():
    """A condition of any operator can be shown."""
    for name in OPERATORS:
        assert condition_words(Condition(name, "acs:SourceIp", ("x", "y"))).endswith("`x` or `y`")
