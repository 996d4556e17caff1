"""Comparisons of generated pairs of policies, other ones in every run; `make thorough` compares 10,000."""

from __future__ import annotations

import logging
import os
from random import Random

import pytest

from crossaccount.policy import PolicyKind, Source, decide, parse
from crossaccount.policy.comparison import Change, compare
from crossaccount.policy.sets import permission_set
from tests.model import generated, requests

PAIRS = int(os.environ.get("CROSSACCOUNT_PAIRS", "150"))
COUNTS = logging.getLogger(__name__)
OUTSIDE, MOST_DRAWN, SHARES = 1_000, 2_000, 10


@pytest.fixture
def seed(request) -> int:
    """The run's seed, which `--randomly-seed` repeats; each pair is made from it and its own number."""
    return request.config.getoption("randomly_seed")


@pytest.mark.parametrize("share", range(SHARES))
def test_a_pair_is_told_as_it_is_decided(seed, share) -> None:
    """Each witness is allowed on one side alone; 1,000 requests outside the rows are decided alike.

    A request in a row is decided differently, the row's way; one that an entry of what cannot be told may
    hold says nothing. Where nearly everything differs, 2,000 requests are drawn and fewer are outside.
    """
    outside = witnesses = 0
    for pair in range(share, PAIRS, SHARES):
        chance = Random(f"{seed} pair {pair}")
        documents = _pair(chance)
        sides = [[Source("policy", parse(each, PolicyKind.IDENTITY))] for each in documents]
        found = compare(*map(permission_set, sides))
        alike, differing = _drawn(found, sides, chance)
        outside, witnesses = outside + alike, witnesses + len(found.gained) + len(found.lost)

        assert [*_wrong_witnesses(found, sides), *differing] == [], f"seed {seed}, pair {pair}: {documents}"
        assert (found.verdict is Change.SAME) is not (found.gained or found.lost or found.cannot_tell)
    pairs = len(range(share, PAIRS, SHARES))
    COUNTS.info("seed %s: %s pairs, %s witnesses, %s requests outside", seed, pairs, witnesses, outside)


def _pair(chance) -> tuple[dict, dict]:
    """Two policies; half of the time the second is the first with one statement more, less or another."""
    before = generated.policy(chance)
    if chance.random() < 0.5:
        return before, generated.policy(chance)
    statements = list(before["Statement"])
    chance.shuffle(statements)
    statements = statements[chance.randint(0, 1) :] + generated.policy(chance)["Statement"][:1]
    return before, {"Version": "1", "Statement": statements}


def _wrong_witnesses(found, sides) -> list:
    """The rows' requests that are not in their row, or not decided its way."""
    wrong = []
    for rows, expected in ((found.gained, [False, True]), (found.lost, [True, False])):
        for row in rows:
            allowed = [decide(side, row.witness.request).allowed for side in sides]
            if not row.holds(row.witness) or allowed != expected:
                wrong.append(row.witness)
    return wrong


def _drawn(found, sides, chance) -> tuple[int, list]:
    """How many of the drawn requests are in no row and decided alike, and those that rows tell wrongly."""
    alike, wrong = 0, []
    for _ in range(MOST_DRAWN):
        request = requests.request(chance)
        before, after = (decide(side, request).allowed for side in sides)
        gained = any(row.holds(request) for row in found.gained)
        lost = any(row.holds(request) for row in found.lost)
        if (gained, lost) != (after and not before, before and not after):
            if not any(entry.may_hold(request) for entry in found.cannot_tell):
                wrong.append(request)
        elif not gained and not lost:
            alike += 1
            if alike == OUTSIDE:
                break
    return alike, wrong
