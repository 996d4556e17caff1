"""Of many ways those are followed that matter, and nothing is left out silently."""

from __future__ import annotations

import itertools
import random
import time

import pytest

from crossaccount.access import Asking, Outcome, who_can
from crossaccount.access.followed import MOST_WAYS, Followed
from crossaccount.access.paths import LONGEST
from crossaccount.access.ways import Ways
from crossaccount.policy.sets import PermissionSet
from crossaccount.review.permissions import Permissions
from tests.access.states import OWNER, PARTNER, StackState, allow, root, trust

ANN = f"acs:ram::{PARTNER}:user/ann"
CALL = ("fc:GetFunction", f"acs:fc:cn-hangzhou:{OWNER}:functions/x")
CONDITIONS = (
    {},
    {},
    {"Bool": {"acs:MFAPresent": "true"}},
    {"IpAddress": {"acs:SourceIp": "10.0.0.0/8"}},
    {"StringEquals": {"sts:ExternalId": "x"}},
)


def role(name):
    return f"acs:ram::{OWNER}:role/{name}"


def partner():
    """B's user ann, who may ask for every role."""
    stack = StackState("partner", PARTNER)
    stack.user("ann")
    stack.policy("assume", allow("sts:AssumeRole"))
    stack.attach("user", "ann", "assume")
    return stack


def dense(count):
    """Roles that all trust each other and B, without conditions."""
    owner = StackState("owner", OWNER)
    owner.policy("work", allow("sts:AssumeRole"), allow("fc:*"))
    for number in range(count):
        owner.role(f"r{number}", trust(root(OWNER), root(PARTNER)))
        owner.attach("role", f"r{number}", "work")
    return owner, partner()


def tangled(chance):
    """Five roles that trust each other at random, under conditions."""
    owner = StackState("owner", OWNER)
    names = [f"r{number}" for number in range(5)]
    owner.policy("work", allow("fc:*"))
    for name in names:
        trusted = chance.sample([*(role(each) for each in names if each != name), root(PARTNER)], 3)
        owner.role(name, *(trust(each, **chance.choice(CONDITIONS)) for each in trusted))
        owner.policy(f"go-{name}", allow("sts:AssumeRole", role("*"), **chance.choice(CONDITIONS)))
        owner.attach("role", name, f"go-{name}")
        owner.attach("role", name, "work")
    return owner, partner()


def every_way(graph, principal):
    """All ways by brute force, by role."""
    roles = list(graph.roles.values())
    for count in range(1, LONGEST + 1):
        yield from itertools.permutations(roles, count)


@pytest.mark.parametrize("number", range(4))
def test_the_ways_that_are_followed_allow_what_all_allow(graph, number, request) -> None:
    """For a tangle of roles under conditions the union over the kept ways is the union over all."""
    chance = random.Random(f"{request.config.getoption('randomly_seed')} {number}")
    found = graph(*tangled(chance))
    ann, permissions = found.users[ANN], Permissions("after")
    kept, cut = Ways(found).to_roles(ann)
    assert not cut
    everything: dict = {}
    for way in every_way(found, ann):
        allowed = permissions.through(ann, way)
        if not allowed.is_empty():
            everything.setdefault(way[-1].arn, []).append(allowed)
    for arn, sets in everything.items():
        union = PermissionSet.nothing()
        for way in kept[arn]:
            union = union | permissions.through(ann, way)
        assert all(each <= union for each in sets), arn


def test_roles_that_trust_each_other_are_answered_at_once(graph) -> None:
    """Thirty roles in one account give millions of ways; who can is told by the shortest."""
    found = graph(*dense(30))
    started = time.process_time()

    paths = who_can(found, *CALL, Asking(supposing=True))

    assert time.process_time() - started < 5
    to_ann = [path for path in paths if path.principal.arn == ANN]
    assert {path.roles for path in to_ann} == {(each,) for each in found.roles.values()}
    assert {path.outcome for path in to_ann} == {Outcome.OPEN}


def test_a_longer_way_that_depends_on_less_is_told_as_well(graph) -> None:
    """A role under a condition, and a way around the condition: both are listed."""
    owner = StackState("owner", OWNER)
    owner.policy("work", allow("sts:AssumeRole"), allow("fc:*"))
    owner.role("door", trust(root(PARTNER)))
    owner.role("safe", trust(root(PARTNER), Bool={"acs:MFAPresent": "true"}), trust(role("door")))
    for name in ("door", "safe"):
        owner.attach("role", name, "work")

    paths = who_can(graph(owner, partner()), *CALL, Asking(supposing=True))

    ways = {
        (tuple(each.name for each in path.roles), path.outcome) for path in paths if path.principal.arn == ANN
    }
    assert ways == {
        (("door",), Outcome.OPEN),
        (("safe",), Outcome.IF),
        (("door", "safe"), Outcome.OPEN),
    }


def test_a_place_with_too_many_ways_says_so() -> None:
    """Ways that each depend on something else are followed up to a bound; the place is remembered."""
    followed = Followed()
    ways = [frozenset({(str(number), "role")}) for number in range(MOST_WAYS + 1)]

    assert [followed.spares("role", way) for way in ways] == [False] * MOST_WAYS + [True]
    assert followed.cut == {"role"}
    assert followed.spares("elsewhere", ways[0]) is False
