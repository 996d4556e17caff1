"""What a stack file keeps encrypted is in no message, whatever is wrong with it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.cross_account_role import CrossAccountRole
from components.problems import RefusedError
from components.settings import read

ROOT = Path(__file__).parents[2]
A, B = "1234567890120000", "1345678901230000"
SECRETS = (
    "xyzzy",
    "xyzzy.onaliyun.com",
    "xyzzy/8",
    "10.9.8.7/8",
    "x y_zzy",
    "AliyunFCReadOnlyAcess",
    "acs:ram::1:role/xyzzy",
    "xyzzy:Do",
    "x y_zzy-" + "long" * 400,
)
OWNER: dict[str, Any] = {
    "account": A,
    "alias": "company-a",
    "delegations": {
        "fc": {
            "roleName": "fc",
            "description": "d",
            "tags": {"k": "v"},
            "maxSessionDuration": 3600,
            "suspended": False,
            "trust": {
                "account": B,
                "users": ["u", "v"],
                "externalIds": ["of-b"],
                "sourceIps": ["203.0.113.0/24"],
                "expires": "2027-03-31T23:59:59Z",
            },
            "permissions": {
                "systemPolicies": ["AliyunFCReadOnlyAccess"],
                "otherSystemPolicies": ["Other", "Another"],
                "presets": [{"preset": "read", "regions": ["cn-hangzhou"], "functions": ["f"]}],
                "statements": [
                    {
                        "effect": "Allow",
                        "actions": ["fc:GetFunction"],
                        "resources": ["*"],
                        "conditions": {
                            "StringEquals": {"acs:Service": ["fc.aliyuncs.com"]},
                            "IpAddress": {"acs:SourceIp": ["203.0.113.0/24"]},
                        },
                    }
                ],
            },
        },
        "other": {"roleName": "other", "trust": {"account": B, "users": ["u"]}},
    },
}
PARTNER: dict[str, Any] = {
    "account": B,
    "alias": "company-b",
    "users": {
        "u": {"userName": "u", "displayName": "d", "console": {"password": "x"}},
        "v": {"userName": "v", "comments": "c"},
    },
    "roles": {
        "r": {"arn": f"acs:ram::{A}:role/r"},
        "s": {"handover": "none.json", "role": "s"},
    },
    "grants": {
        "g": {"users": ["u"], "groups": ["x"], "assume": ["r", "s"], "policyName": "g", "description": "d"},
        "h": {"roles": ["f"], "systemPolicy": "AliyunSTSAssumeRoleAccess"},
        "i": {"users": ["v"], "assume": ["r"], "policyName": "i"},
    },
}


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of all values that are neither a mapping nor a list."""
    if isinstance(value, dict | list):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(each, (*path, key))
    else:
        yield path


def spoiled(config: dict[str, Any], wrong: dict[tuple[Any, ...], str]) -> dict[str, Any]:
    """The configuration with other values in some places."""
    result = json.loads(json.dumps(config))
    for path, value in wrong.items():
        place = result
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = value
    return result


def message(side: str, config: dict[str, Any]) -> str:
    """What a run says whose configuration is all secret; nothing if nothing is wrong."""
    passed = {f"crossaccount:{key}": json.dumps(value) for key, value in config.items()}
    passed |= {f"crossaccount:{key}": config[key] for key in ("account", "alias")}
    try:
        read({"crossaccount:side": side, **passed}, tuple(passed), ROOT)
    except RefusedError as wrong:
        return str(wrong)
    return ""


@pytest.mark.parametrize(("side", "config"), [("owner", OWNER), ("partner", PARTNER)])
@given(data=st.data())
def test_no_secret_value_is_in_any_message(side: str, config: dict[str, Any], data: Any) -> None:
    """Whatever values are wrong, and however many, none of them is shown, not even in part."""
    places = sorted(leaves(config), key=str)
    wrong = data.draw(st.dictionaries(st.sampled_from(places), st.sampled_from(SECRETS), min_size=1))

    said = message(side, spoiled(config, wrong))

    for hidden in ("xyzzy", "zzy", "10.9.8", "10.0.0.0/8", "AliyunFCReadOnly", "longlong"):
        assert hidden not in said
    assert "did you mean" not in said


@pytest.mark.parametrize(("side", "config"), [("owner", OWNER), ("partner", PARTNER)])
def test_every_place_of_a_secret_keeps_it_hidden(side: str, config: dict[str, Any]) -> None:
    """Each value alone, spoiled in each way, is hidden as well."""
    for path in leaves(config):
        for secret in SECRETS:
            said = message(side, spoiled(config, {path: secret}))
            assert secret not in said, path
            assert "zzy" not in said, path


@pytest.mark.parametrize("secret", [True, False])
def test_a_component_hides_the_value_of_a_secret_output(deploy: Any, secret: bool) -> None:
    """A wrong value that became known is shown unless it is a secret."""

    def program() -> None:
        text = pulumi.Output.secret("x y_zzy") if secret else pulumi.Output.from_input("x y_zzy")
        CrossAccountRole(
            "fc", {"account": A, "trust": {"account": B, "users": ["dev"], "external_ids": [text]}}
        )

    with pytest.raises(RefusedError, match=r"`trust.external_ids\[0\]`: .* is no external id") as wrong:
        deploy(program)
    assert ("zzy" in str(wrong.value)) is not secret
