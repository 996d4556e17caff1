"""No mistake in a stack file hides another one: many in one file, and any two of them together."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from components.problems import RefusedError
from components.settings import read

ROOT = Path(__file__).parents[2]
A, B = "1234567890120000", "1345678901230000"
STATEMENT = {"effect": "Allow", "actions": ["fc:GetFunction"], "resources": ["*"]}
DELEGATION = {
    "trust": {"account": B, "users": ["dev"]},
    "permissions": {"presets": [{"preset": "read"}, {"preset": "invoke"}], "statements": [STATEMENT]},
}
OWNER = {"side": "owner", "account": A, "delegations": {"fc": DELEGATION, "other": DELEGATION}}
PARTNER = {
    "side": "partner",
    "account": B,
    "users": {"dev": {}, "ops": {"console": {"password": "x"}}},
    "roles": {"r": {"arn": f"acs:ram::{A}:role/r"}, "s": {"arn": f"acs:ram::{A}:role/s"}},
    "grants": {"g": {"users": ["dev", "ops"], "assume": ["r"]}, "h": {"users": ["dev"], "assume": ["s"]}},
}
MANY = [f"a-name-of-some-length-{number}" for number in range(200)]
Part = tuple[tuple[Any, ...], Any]

OWNER_PARTS: list[Part] = [
    (("alias",), "-a"),
    (("delegaitons",), {}),
    (("delegations", "fc", "roleName"), "bad_name"),
    (("delegations", "fc", "maxSessionDuration"), 1),
    (("delegations", "fc", "descripton"), "x"),
    (("delegations", "fc", "description"), ""),
    (("delegations", "fc", "suspended"), "yes"),
    (("delegations", "fc", "tags", "k" * 129), "v"),
    (("delegations", "fc", "tags", "k"), "v" * 257),
    (("delegations", "fc", "trust", "account"), "12"),
    (("delegations", "fc", "trust", "account"), A),
    (("delegations", "fc", "trust", "users"), ["a b"]),
    (("delegations", "fc", "trust", "users"), MANY),
    (("delegations", "fc", "trust", "roles"), []),
    (("delegations", "fc", "trust", "wholeAccount"), True),
    (("delegations", "fc", "trust", "mfa"), "yes"),
    (("delegations", "fc", "trust", "expires"), "soon"),
    (("delegations", "fc", "trust", "sourceIps"), ["1.2.3.4/8"]),
    (("delegations", "fc", "trust", "externalIds"), ["x"]),
    (("delegations", "fc", "permissions", "systemPolicies"), ["P", "P"]),
    (("delegations", "fc", "permissions", "presets", 0, "functions"), MANY),
    (("delegations", "fc", "permissions", "presets", 1, "preset"), "call"),
    (("delegations", "fc", "permissions", "presets", 0, "passRoles"), ["r"]),
    (("delegations", "fc", "permissions", "statements", 0, "effect"), "Alow"),
    (("delegations", "fc", "permissions", "statements", 0, "notActions"), "fc:*"),
    (("delegations", "fc", "permissions", "statements", 0, "actions"), ["x y"]),
    (("delegations", "fc", "permissions", "statements", 0, "conditions"), {"Like": {"acs:Service": "x"}}),
    (("delegations", "other", "roleName"), "x.y"),
    (("delegations", "x-y"), DELEGATION),
    (("delegations", "a_b"), {}),
]
PARTNER_PARTS: list[Part] = [
    (("account",), "*"),
    (("users", "dev", "userName"), "a@b"),
    (("users", "dev", "displayName"), ""),
    (("users", "ops", "adopt"), True),
    (("users", "ops", "comments"), "y"),
    (("users", "ops", "accessKey"), "yes"),
    (("users", "a b"), {"displayName": ""}),
    (("users", "OPS"), {"acessKey": True}),
    (("roles", "r", "arn"), "acs:ram::1:role/x"),
    (("roles", "r", "role"), "x"),
    (("roles", "s"), {"handover": "none.json", "rolle": "x"}),
    (("grants", "g", "policyName"), "g_1"),
    (("grants", "g", "groups"), []),
    (("grants", "g", "assume"), ["r", "absent"]),
    (("grants", "g", "roles"), ["*"]),
    (("grants", "g", "systemPolicy"), "AdministratorAccess"),
    (("grants", "h", "policyName"), "G_1"),
    (("grants", "h", "users"), ["nobody", 7]),
    (("grants", "h", "description"), ""),
    (("grants", "x.y"), {"assume": ["r"]}),
]


def changed(config: dict[str, Any], *parts: Part) -> dict[str, Any]:
    """The configuration with each part put in its place."""
    result = json.loads(json.dumps(config))
    for path, value in parts:
        place: Any = result
        for key in path[:-1]:
            place = place.setdefault(key, {}) if isinstance(place, dict) else place[key]
        place[path[-1]] = value
    return result


def problems(config: dict[str, Any], secret: tuple[str, ...] = ()) -> set[tuple[str, str]]:
    """What is refused, as key and message, without sizes and the list of what is declared."""
    passed = {
        f"crossaccount:{key}": value if isinstance(value, str) else json.dumps(value)
        for key, value in config.items()
    }
    try:
        read(passed, tuple(f"crossaccount:{key}" for key in secret), ROOT)
    except RefusedError as wrong:
        return {
            (each.key, re.sub(r"; known are.*|\d+ characters", "", each.message)) for each in wrong.problems
        }
    return set()


def keys(config: dict[str, Any]) -> set[str]:
    """The keys that are refused, without the namespace."""
    return {key.removeprefix("crossaccount:") for key, _ in problems(config)}


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        (
            {
                "side": "owner",
                "account": A,
                "delegations": {
                    "fc": {
                        "roleName": "bad_name",
                        "maxSessionDuration": 1,
                        "trust": {"account": A, "wholeAccount": True},
                    },
                    "one": {"roleName": "r", "maxSessionDuration": 1, "trust": {"account": B, "users": MANY}},
                    "two": {"roleName": "R", "trust": {"account": B, "users": ["a"]}},
                },
            },
            {
                "delegations.fc.roleName",
                "delegations.fc.maxSessionDuration",
                "delegations.fc.trust.account",
                "delegations.one.maxSessionDuration",
                "delegations.one.trust",
                "delegations.two",
            },
        ),
        (
            {
                "side": "partner",
                "account": B,
                "users": {
                    "u": {"adopt": True, "displayName": "x", "console": {"password": "hunter2"}},
                    "a b": {"displayName": ""},
                },
                "roles": {"r": {"arn": f"acs:ram::{A}:role/*"}},
                "grants": {"g_1": {"groups": [], "assume": ["r", "absent"]}},
            },
            {
                "users.u.displayName",
                "users.u.console.password",
                'users["a b"]',
                'users["a b"].displayName',
                "roles.r.arn",
                "grants.g_1",
                "grants.g_1.groups",
                "grants.g_1.assume[1]",
            },
        ),
    ],
    ids=["owner", "partner"],
)
def test_many_mistakes_in_one_file_are_all_reported(config: dict[str, Any], expected: set[str]) -> None:
    """Rules that go beyond one entry, or beyond one key, hold for faulty entries too."""
    assert keys(config) == expected


@pytest.mark.parametrize("config", [OWNER, changed(PARTNER, (("users", "ops", "console"), None))])
def test_the_files_that_the_parts_spoil_are_right(config: dict[str, Any]) -> None:
    """Without a faulty part nothing is refused."""
    assert problems(config) == set()


HARMLESS = {
    ("delegations", "other", "roleName"),
    ("delegations", "x-y"),
    ("users", "ops", "adopt"),
    ("users", "ops", "comments"),
}
"""Parts that are wrong beside another one only."""


@pytest.mark.parametrize("part", [*OWNER_PARTS, *PARTNER_PARTS], ids=lambda part: "-".join(map(str, part[0])))
def test_each_part_is_faulty(part: Part) -> None:
    """Each part is refused alone, but those that are wrong beside another one only."""
    config = OWNER if part in OWNER_PARTS else PARTNER
    assert (problems(changed(config, part)) > problems(config)) is (part[0] not in HARMLESS)


@pytest.mark.parametrize(("config", "parts"), [(OWNER, OWNER_PARTS), (PARTNER, PARTNER_PARTS)])
def test_two_faulty_parts_are_reported_as_each_alone(config: dict[str, Any], parts: list[Part]) -> None:
    """The problems of two parts in one file hold the union of the problems of each of them alone."""
    alone = [problems(changed(config, part)) for part in parts]
    for first, one in enumerate(parts):
        for second, other in enumerate(parts[:first]):
            shorter = min(len(one[0]), len(other[0]))
            if one[0][:shorter] == other[0][:shorter]:
                continue
            both = problems(changed(config, other, one))
            renamed = {(key, text.replace("`bad_name-", "`fc-")) for key, text in both}
            assert (alone[first] | alone[second]) - renamed == set(), (one[0], other[0])
