"""Comparisons of generated pairs of policies, other ones in every run; `make thorough` compares 10,000."""

from __future__ import annotations

import os
from random import Random

import pytest

from crossaccount.policy import PolicyKind, Source, decide, parse
from crossaccount.policy.comparison import Change, compare
from crossaccount.policy.sets import permission_set
from tests.model import generated, requests

PAIRS = int(os.environ.get("CROSSACCOUNT_PAIRS", "150"))
REQUESTS, SHARES = 1_000, 10


@pytest.fixture
def seed(request) -> int:
    """The run's seed, which `--randomly-seed` repeats; each pair is made from it and its own number."""
    return request.config.getoption("randomly_seed")


@pytest.mark.parametrize("share", range(SHARES))
def test_a_pair_is_told_as_it_is_decided(seed, share) -> None:
    """Each witness is allowed on one side alone; of 1,000 requests those outside the rows are decided alike.

    A request in a row is decided differently, the row's way; one that an entry of what cannot be told may
    hold says nothing.
    """
    for pair in range(share, PAIRS, SHARES):
        chance = Random(f"{seed} pair {pair}")
        documents = _pair(chance)
        sides = [[Source("policy", parse(each, PolicyKind.IDENTITY))] for each in documents]
        found = compare(*map(permission_set, sides))

        assert _unfaithful(found, sides, chance) == [], f"seed {seed}, pair {pair}: {documents}"


def _pair(chance) -> tuple[dict, dict]:
    """Two policies; half of the time the second is the first with one statement more, less or another."""
    before = generated.policy(chance)
    if chance.random() < 0.5:
        return before, generated.policy(chance)
    statements = list(before["Statement"])
    chance.shuffle(statements)
    statements = statements[chance.randint(0, 1) :] + generated.policy(chance)["Statement"][:1]
    return before, {"Version": "1", "Statement": statements}


def _unfaithful(found, sides, chance) -> list:
    """What a comparison says that the evaluator does not, or leaves out."""
    wrong: list = []
    for rows, allowing in ((found.gained, 1), (found.lost, 0)):
        for row in rows:
            request = row.witness.request
            allowed = [decide(side, request).allowed for side in sides]
            if not row.holds(row.witness) or allowed != [allowing == 0, allowing == 1]:
                wrong.append(row.witness)
    for _ in range(REQUESTS):
        request = requests.request(chance)
        before, after = (decide(side, request).allowed for side in sides)
        gained = any(row.holds(request) for row in found.gained)
        lost = any(row.holds(request) for row in found.lost)
        if (gained, lost) != (after and not before, before and not after) and not any(
            entry.may_hold(request) for entry in found.cannot_tell
        ):
            wrong.append(request)
    if (found.verdict is Change.SAME) is bool(found.gained or found.lost or found.cannot_tell):
        wrong.append(found.verdict)
    return wrong
