"""The catalogue of actions."""

from __future__ import annotations

import pytest

from crossaccount.localcloud import fc, ims, ram, sts
from crossaccount.policy.catalogue import CATALOGUE, AccessClass, expand, known_action
from crossaccount.policy.condition_keys import condition_key_type


def test_a_pattern_means_the_known_actions_it_matches() -> None:
    """`fc:Get*` is the actions that read one thing of Function Compute, in any letter case, by name."""
    names = [action.name for action in expand("FC:get*")]

    assert names == sorted(names)
    assert {"fc:GetFunction", "fc:GetFunctionCode", "fc:GetService"} <= set(names)
    assert all(name.startswith("fc:Get") for name in names)
    assert len(expand("*")) == len(CATALOGUE)
    assert expand("oss:*") == ()


@pytest.mark.parametrize(
    ("name", "access"),
    [
        ("fc:ListFunctions", AccessClass.READ),
        ("fc:InvokeFunction", AccessClass.INVOKE),
        ("fc:UpdateFunction", AccessClass.WRITE),
        ("ram:ListRoles", AccessClass.READ),
        ("ram:DeleteUser", AccessClass.WRITE),
        ("ram:AttachPolicyToRole", AccessClass.PERMISSION_MANAGEMENT),
        ("ram:UpdateRole", AccessClass.PERMISSION_MANAGEMENT),
        ("ram:CreateAccessKey", AccessClass.PERMISSION_MANAGEMENT),
        ("ram:PassRole", AccessClass.PERMISSION_MANAGEMENT),
        ("sts:AssumeRole", AccessClass.PERMISSION_MANAGEMENT),
        ("ims:UpdateSAMLProvider", AccessClass.PERMISSION_MANAGEMENT),
        ("ims:ListOIDCProviders", AccessClass.READ),
        ("sts:GetCallerIdentity", AccessClass.READ),
    ],
)
def test_an_action_has_its_access_class(name, access) -> None:
    """What changes or hands on rights is permission-management, what runs code is invoke."""
    found = known_action(name.upper())

    assert found is not None
    assert found.access is access


@pytest.mark.parametrize("action", CATALOGUE.values(), ids=lambda action: action.name)
def test_an_entry_is_complete(action) -> None:
    """Each has a source, a date, resource forms, and only condition keys that the language knows."""
    service = action.name.partition(":")[0]

    assert action.source
    assert action.read_on
    assert action.resources
    for form in action.resources:
        assert form == "*" or form.startswith((f"acs:{service}:", "acs:ram:"))
    assert all(condition_key_type(key) is not None for key in action.condition_keys)


def test_an_unknown_action_is_not_in_the_catalogue() -> None:
    """A name that is not known has no entry."""
    assert known_action("fc:Frobnicate") is None


def test_every_permission_the_local_cloud_asks_for_is_known() -> None:
    """The catalogue has each action that the local cloud authorizes."""
    routed = [route.operation for route in (*fc.ROUTES_2, *fc.ROUTES_3)]
    named = [*ram.OPERATIONS.values(), *sts.OPERATIONS.values(), *ims.OPERATIONS.values()]
    permissions = {operation.permission for operation in (*routed, *named) if operation.permission}

    assert len(permissions) > 100
    assert sorted(name for name in permissions if known_action(name) is None) == []
