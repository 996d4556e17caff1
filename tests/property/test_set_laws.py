"""Permission sets: the laws of sets, and agreement of the algebra with the evaluator."""

from __future__ import annotations

import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crossaccount.policy import PolicyKind, Source, decide, parse
from crossaccount.policy.sets import PermissionSet, permission_set
from crossaccount.policy.sets.patterns import matching
from crossaccount.policy.wildcard import Wildcards
from tests.model import documents, requests

LAWS = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
SEEDS = st.integers(0, 1 << 32)
PATTERNS = st.lists(st.text("ab*?", max_size=6), max_size=3)


def _sources(*given_documents):
    return [Source("policy", parse(document, PolicyKind.IDENTITY)) for document in given_documents]


SETS = documents.policies().map(lambda document: permission_set(_sources(document)))


@settings(max_examples=400, deadline=None)
@given(PATTERNS, PATTERNS, st.lists(st.text("abc", max_size=7), min_size=5, max_size=5))
def test_languages_combine_as_their_patterns_match(first, second, texts) -> None:
    """A text is in a union, intersection or difference as it is in the two languages."""
    mine, theirs = matching(first), matching(second)
    one, other = Wildcards(first), Wildcards(second)

    for text in texts:
        left, right = one.match(text), other.match(text)
        assert (text in mine) is left
        assert (text in (mine | theirs)) is (left or right)
        assert (text in (mine & theirs)) is (left and right)
        assert (text in (mine - theirs)) is (left and not right)
    assert mine - (mine - theirs) is mine & theirs
    assert mine.meets(theirs) is not (mine & theirs).is_empty
    assert (mine <= theirs) is (mine - theirs).is_empty


@settings(LAWS, max_examples=250)
@given(documents.policies(), documents.policies(), SEEDS)
def test_a_set_holds_what_the_evaluator_allows(first, second, seed) -> None:
    """For policies alone and together, and for ten thousand requests a run, both answers are one."""
    sources = _sources(first, second)
    found = permission_set(sources)
    chance = random.Random(seed)

    for _ in range(40):
        request = requests.request(chance)
        assert found.contains(request) is decide(sources, request).allowed


@LAWS
@given(SETS, SETS, SEEDS)
def test_operations_hold_what_they_say(first, second, seed) -> None:
    """Union, intersection, difference and complement, request by request, symbolically and evaluated."""
    chance = random.Random(seed)

    for _ in range(25):
        request = requests.request(chance)
        left, right = first.contains(request), second.contains(request)
        for found, expected in (
            (first | second, left or right),
            (first & second, left and right),
            (first - second, left and not right),
            (~first, not left),
        ):
            assert found.contains(request) is found.allows(request) is expected


@LAWS
@given(SETS, SETS)
def test_union_and_intersection_do_not_care_for_order(first, second) -> None:
    """Commutative, idempotent, absorbing."""
    assert (first | second).equals(second | first)
    assert (first & second).equals(second & first)
    assert (first | first).equals(first)
    assert (first & (first | second)).equals(first)
    assert (first | (first & second)).equals(first)


@settings(LAWS, max_examples=40)
@given(SETS, SETS, SETS)
def test_union_and_intersection_associate_and_distribute(first, second, third) -> None:
    """Brackets do not matter among equals, and intersection distributes over union."""
    assert (first | (second | third)).equals((first | second) | third)
    assert (first & (second & third)).equals((first & second) & third)
    assert (first & (second | third)).equals((first & second) | (first & third))


@settings(LAWS, max_examples=40)
@given(SETS, SETS)
def test_complements(first, second) -> None:
    """De Morgan, the double complement, excluded middle, and difference as intersection."""
    assert (~(~first)).equals(first)
    assert (~(first | second)).equals(~first & ~second)
    assert (~(first & second)).equals(~first | ~second)
    assert (first - second).equals(first & ~second)
    assert (first & ~first).is_empty()
    assert (first | ~first).equals(PermissionSet.everything())


@LAWS
@given(SETS, SETS)
def test_subset_is_an_empty_difference(first, second) -> None:
    """`a <= b` exactly if `a - b` is empty, exactly if `a & b` is `a`, exactly if `a | b` is `b`."""
    inside = (first - second).is_empty()

    assert (first <= second) is inside
    assert (first & second).equals(first) is inside
    assert (first | second).equals(second) is inside
    assert first & second <= first <= first | second
    assert PermissionSet.nothing() <= first <= PermissionSet.everything()


@settings(LAWS, max_examples=40)
@given(documents.policies(), documents.policies())
def test_a_deny_takes_away_what_an_allow_of_the_same_would_give(document, denied) -> None:
    """Policies with all their Denies are their Allows without what the Denies apply to."""
    allows = [each for each in document["Statement"] if each["Effect"] == "Allow"]
    denies = [{**each, "Effect": "Deny"} for each in denied["Statement"] if not each.get("Condition")]
    if not allows or not denies:
        return
    together = permission_set(_sources({"Version": "1", "Statement": [*allows, *denies]}))
    given_alone = permission_set(_sources({"Version": "1", "Statement": allows}))
    taken = permission_set(
        _sources({"Version": "1", "Statement": [{**each, "Effect": "Allow"} for each in denies]})
    )

    assert together.equals(given_alone - taken)
