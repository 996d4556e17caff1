"""The requests that could be made."""

from __future__ import annotations

import pytest

from crossaccount.policy import Condition
from crossaccount.policy.arn import Arn
from crossaccount.policy.sets import PermissionSet
from crossaccount.policy.sets.expression import region_of
from crossaccount.policy.sets.universe import carries, possible_call
from tests.model.documents import A


def _call(actions, resources, *conditions):
    found = PermissionSet.of(actions, resources, conditions)
    (box,) = region_of(found.expression).boxes
    return possible_call(box)


@pytest.mark.parametrize(
    ("actions", "resources", "expected"),
    [
        (["*"], ["*"], ("fc:InvokeFunction", "acs:fc:cn-hangzhou:1111111111111111:functions/a")),
        (
            ["fc:Get*"],
            [f"acs:fc:*:{A}:services/*"],
            ("fc:GetFunction", f"acs:fc:cn-hangzhou:{A}:services/a/functions/a"),
        ),
        (["fc:*"], [f"acs:fc:eu-*:{A}:layers/*"], ("fc:GetLayerVersion", f"acs:fc:eu-:{A}:layers/a")),
        (["fc:Foo"], ["*"], ("fc:foo", "acs:fc:cn-hangzhou:1111111111111111:functions/a")),
        (["ram:GetRole"], ["acs:ram:*:*:ROLE/R*"], ("ram:GetRole", "acs:ram::1111111111111111:role/r")),
        (["sts:AssumeRole"], [f"acs:ram::{A}:role/x"], ("sts:AssumeRole", f"acs:ram::{A}:role/x")),
        (["sts:Get*"], ["*"], ("sts:GetCallerIdentity", "*")),
        (["oss:*"], ["acs:oss:*"], ("oss:newoperation", "acs:oss:cn-hangzhou:1111111111111111:a")),
        (["?ss:Put*"], ["*"], ("ass:put", "acs:ass:cn-hangzhou:1111111111111111:a")),
    ],
)
def test_a_call_is_as_plain_and_as_well_known_as_can_be(actions, resources, expected) -> None:
    """A known action on a resource of its form, else an invented name that is well formed."""
    assert _call(actions, resources) == expected


@pytest.mark.parametrize(
    ("actions", "resources"),
    [
        (["ram:*"], ["acs:fc:*"]),
        (["fc:GetFunction"], ["acs:ram:*"]),
        (["fc:ListFunctions"], [f"acs:fc:*:{A}:functions/f"]),
        (["ram:ListRoles"], ["acs:ram:*:*:role/reader"]),
        (["sts:GetCallerIdentity"], ["acs:*"]),
        (["fc:GetFunction"], ["acs:fc:cn-hangzhou:123:functions/f"]),
        (["fc"], ["*"]),
        (["fc:Get Function"], ["*"]),
    ],
)
def test_some_requests_cannot_be_made(actions, resources) -> None:
    """The service of action and resource differ, a list is asked of one entity, names are malformed."""
    assert _call(actions, resources) is None
    assert PermissionSet.of(actions, resources).is_empty()


def test_a_list_is_asked_of_all() -> None:
    """The resource of ListFunctions is `functions/*`: nothing narrower and no name."""
    assert _call(["fc:ListFunctions"], ["acs:fc:*:*:functions/*"]) == (
        "fc:ListFunctions",
        "acs:fc:cn-hangzhou:1111111111111111:functions/*",
    )


def test_condition_keys_belong_to_their_actions() -> None:
    """A key that the action's requests never carry is missing: a positive condition on it grants nothing."""
    external_id = Condition("StringEquals", "sts:ExternalId", ("x1",))
    not_that = Condition("StringNotEquals", "sts:ExternalId", ("x1",))
    service = Condition("StringEquals", "acs:Service", ("fc.aliyuncs.com",))

    assert _call(["fc:*"], ["*"], external_id) is None
    assert _call(["fc:GetFunction"], ["*"], not_that) is not None
    assert _call(["*"], ["*"], external_id)[0] == "sts:AssumeRole"
    assert _call(["*"], ["*"], service)[0] == "ram:PassRole"
    assert carries("ram:passrole", "acs:Service")
    assert not carries("ram:GetRole", "acs:Service")
    assert carries("ram:GetRole", "acs:SourceIp")


def test_a_resource_of_a_call_is_an_arn() -> None:
    """What is found parses as an ARN of 16 digits."""
    for actions in (["*"], ["ram:*"], ["ecs:*"], ["fc:Zzz*"]):
        arn = Arn.parse(_call(actions, ["*"])[1])
        assert arn.account.isdigit()
        assert len(arn.account) == 16
