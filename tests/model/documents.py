"""Random policies and requests over a small alphabet, so that they meet often."""

from __future__ import annotations

import itertools

from hypothesis import strategies as st

A, B, C = "1000000000000001", "2000000000000002", "3000000000000003"

ACTIONS = ["fc:GetFunction", "fc:getfunction", "fc:ListFunctions", "fc:InvokeFunction", "ram:GetRole"]
ACTION_PATTERNS = [
    "*",
    "fc:*",
    "FC:Get*",
    "fc:?etFunction",
    "*:*Function",
    "fc:GetFunction",
    "ram:*",
    "fc:*t*n*",
]
RESOURCES = [
    f"acs:fc:cn-hangzhou:{A}:functions/f",
    f"acs:fc:cn-hangzhou:{A}:functions/F",
    f"acs:fc:eu-central-1:{B}:functions/f.x:y",
    f"acs:fc:cn-hangzhou:{A}:functions/*",
    f"acs:ram::{A}:role/Reader",
    f"acs:ram:*:{A}:role/reader",
]
RESOURCE_PATTERNS = [
    "*",
    "acs:*",
    f"acs:fc:*:{A}:functions/*",
    f"acs:fc:cn-hangzhou:{A}:functions/f",
    "acs:fc:*:*:functions/?",
    "acs:fc:*:*:*/*.*:?",
    f"acs:ram::{A}:role/reader",
    f"acs:ram:*:{A}:role/READ*",
    f"acs:*:*:{A}:*/*e*",
]
TEXTS = ["a", "A", "b", "team-a", "*", ""]
NUMBERS = ["0", "1", "1.0", "-2", "10", "9.5"]
DATES = [
    "2026-01-01T00:00:00Z",
    "2026-01-01T08:00:00+08:00",
    "2025-12-31T23:59:59Z",
    "2026-06-30T12:00:00-05:00",
]
NETWORKS = ["10.0.0.0/8", "10.1.2.3", "0.0.0.0/0", "192.0.2.0/25", "2001:db8::/33", "::/0", "2001:db8::1"]
ADDRESSES = [
    "10.1.2.3",
    "10.200.0.1",
    "192.0.2.127",
    "192.0.2.128",
    "2001:db8::1",
    "2001:db8:8000::",
    "127.0.0.1",
]

_STRING = ("Equals", "NotEquals", "EqualsIgnoreCase", "NotEqualsIgnoreCase", "Like", "NotLike")
_ORDER = ("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")
FAMILIES = [
    (["sts:ExternalId", "acs:RequestTag/t"], [f"String{name}" for name in _STRING], TEXTS, TEXTS),
    (["acs:ResourceTag/n"], [f"Numeric{name}" for name in _ORDER], NUMBERS, NUMBERS),
    (["acs:CurrentTime"], [f"Date{name}" for name in _ORDER], DATES, DATES),
    (["acs:MFAPresent"], ["Bool"], ["true", "false"], ["true", "false"]),
    (["acs:SourceIp"], ["IpAddress", "NotIpAddress"], NETWORKS, ADDRESSES),
]
PRINCIPALS = [
    ("root", B, ""),
    ("user", B, "alice"),
    ("user", B, "Alice"),
    ("role", B, "Runner"),
    ("role", C, "runner"),
    ("user", C, "alice"),
    ("service", "", "fc.aliyuncs.com"),
    ("federated", A, "saml-provider/idp"),
]
NAMED = [
    {"RAM": f"acs:ram::{B}:root"},
    {"RAM": [f"acs:ram::{B}:user/Alice"]},
    {"RAM": [f"acs:ram::{B}:role/runner", f"acs:ram::{C}:root"]},
    {"RAM": [f"acs:ram:*:{C}:user/alice"], "Service": "fc.aliyuncs.com"},
    {"Service": ["ecs.aliyuncs.com"], "Federated": f"acs:ram::{A}:saml-provider/idp"},
]


def some(values):
    """One value, or a list of one or two: each a single draw, which keeps thousands of examples cheap."""
    lists = [list(each) for count in (1, 2) for each in itertools.permutations(values, count)]
    return st.sampled_from([*values, *lists])


@st.composite
def conditions(draw):
    """A `Condition` of one to three operators."""
    block: dict = {}
    for keys, operators, asked, _ in draw(st.lists(st.sampled_from(FAMILIES), min_size=1, max_size=3)):
        operator, key = draw(st.sampled_from(operators)), draw(st.sampled_from(keys))
        block.setdefault(operator, {})[key] = draw(some(asked))
    return block


@st.composite
def statements(draw, trust=False):
    """A statement of an identity or session policy, or of a trust policy."""
    statement = {"Effect": draw(st.sampled_from(["Allow", "Allow", "Deny"]))}
    patterns = (
        ["sts:AssumeRole", "STS:assumerole", "sts:*", "sts:AssumeRoleWith????"] if trust else ACTION_PATTERNS
    )
    statement[draw(st.sampled_from(["Action", "Action", "NotAction"]))] = draw(some(patterns))
    if trust:
        statement["Principal"] = draw(st.sampled_from(NAMED))
    else:
        statement["Resource"] = draw(some(RESOURCE_PATTERNS))
    if draw(st.booleans()):
        statement["Condition"] = draw(conditions())
    return statement


def policies(trust=False):
    """A document of one to three statements."""
    return st.lists(statements(trust), min_size=1, max_size=3).map(
        lambda each: {"Version": "1", "Statement": each}
    )


def contexts():
    """What a request says about itself; now and then nothing, several values, or one that cannot be read."""
    keys = {}
    for names, operators, _, given in FAMILIES:
        values = given if operators[0].startswith("String") else [*given, "garbage"]
        pairs = [tuple(each) for each in itertools.permutations(values, 2)]
        keys |= dict.fromkeys(names, st.sampled_from([(), *values, *values[::-1], *pairs]))
    return st.fixed_dictionaries({}, optional=keys)
