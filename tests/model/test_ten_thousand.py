"""Production and the reference model on 10,000 generated cases, other ones in every run."""

from __future__ import annotations

from random import Random

import pytest

from crossaccount.policy import PolicyKind, Principal, Request, Source, decide, decide_trust, parse
from tests.model import documents, generated, reference

IDENTITY, TRUST = 6_000, 4_000
ROLE = f"acs:ram::{documents.A}:role/r"


@pytest.fixture
def seed(request) -> int:
    """The run's seed, which `--randomly-seed` repeats; each case is made from it and its own number."""
    return request.config.getoption("randomly_seed")


def test_identity_policies_are_decided_as_the_model_says(seed) -> None:
    """Six thousand times one or two identity policies and a request: one verdict."""
    for case in range(IDENTITY):
        chance = Random(f"{seed} identity {case}")
        written = [generated.policy(chance) for _ in range(chance.randint(1, 2))]
        action, resource = chance.choice(documents.ACTIONS), chance.choice(documents.RESOURCES)
        context = generated.context(chance)
        sources = [Source("policy", parse(each, PolicyKind.IDENTITY)) for each in written]

        found = decide(sources, Request(action, resource, context)).verdict.value

        expected = reference.verdict(written, action, resource, context)
        assert found == expected, (
            f"seed {seed}, case {case}: {written}, {action} on {resource} with {context}"
        )


def test_trust_policies_are_decided_as_the_model_says(seed) -> None:
    """Four thousand times a trust policy and a caller: one verdict."""
    for case in range(TRUST):
        chance = Random(f"{seed} trust {case}")
        written, caller = generated.policy(chance, trust=True), chance.choice(documents.PRINCIPALS)
        context = generated.context(chance)
        kind, account, name = caller
        trust = Source("trust", parse(written, PolicyKind.TRUST))
        asked = Request("sts:AssumeRole", ROLE, context)

        found = decide_trust(trust, Principal(account, kind, name), asked).verdict.value

        expected = reference.verdict([written], "sts:AssumeRole", ROLE, context, caller)
        assert found == expected, f"seed {seed}, case {case}: {written} for {caller} with {context}"


def test_the_cases_are_not_all_alike(seed) -> None:
    """Of the generated cases some are allowed, some denied, and some met by no statement."""
    chance = Random(seed)
    verdicts = [
        reference.verdict(
            [generated.policy(chance)],
            chance.choice(documents.ACTIONS),
            chance.choice(documents.RESOURCES),
            generated.context(chance),
        )
        for _ in range(500)
    ]

    assert min(verdicts.count(each) for each in set(verdicts)) > 25
    assert len(set(verdicts)) == 3
