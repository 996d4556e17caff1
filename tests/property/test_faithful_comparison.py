"""Comparisons of random policies: rows say all that differs and nothing else."""

from __future__ import annotations

import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crossaccount.policy import PolicyKind, Source, decide, parse
from crossaccount.policy.arn import folded, folded_global
from crossaccount.policy.comparison import Change, compare
from crossaccount.policy.sets import permission_set
from crossaccount.policy.wildcard import Wildcards
from tests.model import documents, requests

PAIRS = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
SEEDS = st.integers(0, 1 << 32)


def _sources(document):
    return [Source("policy", parse(document, PolicyKind.IDENTITY))]


def _compare(before, after):
    return compare(permission_set(_sources(before)), permission_set(_sources(after)))


@PAIRS
@given(documents.policies(), documents.policies(), SEEDS)
def test_requests_outside_the_report_are_decided_alike(before, after, seed) -> None:
    """Of a thousand requests a pair, those in a row differ the row's way, and all others do not differ."""
    found = _compare(before, after)
    sides = [_sources(before), _sources(after)]
    chance = random.Random(seed)

    for _ in range(1000):
        request = requests.request(chance)
        allowed = [decide(side, request).allowed for side in sides]
        if not any(entry.may_hold(request) for entry in found.cannot_tell):
            assert any(row.holds(request) for row in found.gained) is (allowed == [False, True])
            assert any(row.holds(request) for row in found.lost) is (allowed == [True, False])


@PAIRS
@given(documents.policies(), documents.policies())
def test_every_witness_holds(before, after) -> None:
    """Each row's request is in the row, allowed on one side and refused on the other."""
    found = _compare(before, after)

    for rows, allowing, refusing in ((found.gained, after, before), (found.lost, before, after)):
        for row in rows:
            assert row.holds(row.witness)
            assert decide(_sources(allowing), row.witness.request).allowed
            assert not decide(_sources(refusing), row.witness.request).allowed


@PAIRS
@given(documents.policies(), documents.policies())
def test_the_verdict_is_what_the_rows_say(before, after) -> None:
    """Swapping the sides swaps rows and verdict; a policy is the same as itself."""
    found, back = _compare(before, after), _compare(after, before)
    swapped = {Change.MORE: Change.LESS, Change.LESS: Change.MORE}

    assert back.verdict is swapped.get(found.verdict, found.verdict)
    assert {row.region for row in back.lost} == {row.region for row in found.gained}
    assert (found.verdict is Change.SAME) is not (found.gained or found.lost or found.cannot_tell)
    assert _compare(before, before).verdict is Change.SAME


@PAIRS
@given(documents.policies(), documents.policies(), SEEDS)
def test_the_words_of_a_row_mean_its_requests(before, after, seed) -> None:
    """Patterns and exceptions, read with the evaluator's own matcher, hold exactly the row's names."""
    found = _compare(before, after)
    chance = random.Random(seed)

    for row in (*found.gained, *found.lost):
        (box,) = row.region.boxes
        dimensions = {dimension.kind.value: values.inside for dimension, values in box.parts.items()}
        for _ in range(20):
            request = requests.request(chance)
            action = folded(request.action)
            assert _matches(row.actions, action, folded) is (action in dimensions.get("action", _Anything()))
            resource = folded_global(request.resource)
            spelling = str if resource is None else folded
            resource = resource or request.resource
            assert _matches(row.resources, resource, spelling) is (
                resource in dimensions.get("resource", _Anything())
            )


@PAIRS
@given(documents.policies(), documents.policies())
def test_no_row_is_to_spare(before, after) -> None:
    """No row lies inside another of the same direction."""
    found = _compare(before, after)

    for rows in (found.gained, found.lost):
        boxes = [row.region.boxes[0] for row in rows]
        assert not any(one <= other for one in boxes for other in boxes if one is not other)


class _Anything:
    def __contains__(self, _text) -> bool:
        return True


def _matches(terms, text, spelling) -> bool:
    return any(
        all(Wildcards([spelling(pattern)]).match(text) for pattern in term.patterns)
        and not Wildcards(map(spelling, term.exceptions)).match(text)
        for term in terms
    )
