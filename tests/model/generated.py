"""Policies and contexts from a plain random generator: the alphabet of `documents`, thousands in a second."""

from __future__ import annotations

from tests.model.documents import ACTION_PATTERNS, FAMILIES, NAMED, RESOURCE_PATTERNS

_TRUST_PATTERNS = ["sts:AssumeRole", "STS:assumerole", "sts:*", "sts:AssumeRoleWith????"]


def policy(random, *, trust=False) -> dict:
    """A document of one to three statements."""
    return {"Version": "1", "Statement": [_statement(random, trust) for _ in range(random.randint(1, 3))]}


def context(random) -> dict:
    """What a request says about itself; now and then nothing, several values, or one that cannot be read."""
    found = {}
    for names, operators, _, given in FAMILIES:
        values = given if operators[0].startswith("String") else [*given, "garbage"]
        for name in names:
            if random.random() < 0.7:
                several = random.random() < 0.2
                found[name] = (
                    tuple(random.sample(values, random.choice((0, 2)))) if several else random.choice(values)
                )
    return found


def _statement(random, trust) -> dict:
    patterns = _TRUST_PATTERNS if trust else ACTION_PATTERNS
    statement = {
        "Effect": random.choice(("Allow", "Allow", "Deny")),
        random.choice(("Action", "Action", "NotAction")): _some(random, patterns),
    }
    if trust:
        statement["Principal"] = random.choice(NAMED)
    else:
        statement["Resource"] = _some(random, RESOURCE_PATTERNS)
    if random.random() < 0.5:
        statement["Condition"] = _conditions(random)
    return statement


def _conditions(random) -> dict:
    block: dict = {}
    for keys, operators, asked, _ in random.choices(FAMILIES, k=random.randint(1, 3)):
        block.setdefault(random.choice(operators), {})[random.choice(keys)] = _some(random, asked)
    return block


def _some(random, values):
    return random.choice(values) if random.random() < 0.4 else random.sample(values, random.randint(1, 2))
