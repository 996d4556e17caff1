"""The system policies, and the sizes that documents may have."""

from __future__ import annotations

import pytest

from crossaccount.policy import (
    SIZE_LIMITS,
    SYSTEM_POLICIES,
    PolicyKind,
    Request,
    Source,
    decide,
    parse,
    within_size,
)

FUNCTION = "acs:fc:cn-hangzhou:1000000000000001:functions/f"


def _allows(name, action, context=None):
    source = Source(name, parse(SYSTEM_POLICIES[name].document, PolicyKind.IDENTITY))
    return decide([source], Request(action, FUNCTION, context or {})).allowed


@pytest.mark.parametrize("name", SYSTEM_POLICIES)
def test_each_system_policy_is_a_policy(name) -> None:
    """It reads, is named as it is filed, fits the size, and says when it was read."""
    policy = SYSTEM_POLICIES[name]

    assert parse(policy.document, PolicyKind.IDENTITY)
    assert policy.name == name
    assert within_size(policy.document, PolicyKind.IDENTITY)
    assert policy.read_on == "2026-11"
    assert policy.uncertain or policy.updated


def test_reading_is_not_invoking() -> None:
    """The seed's policy reads functions and their code and does not invoke them."""
    assert _allows("AliyunFCReadOnlyAccess", "fc:ListFunctions")
    assert _allows("AliyunFCReadOnlyAccess", "fc:GetFunctionCode")
    assert not _allows("AliyunFCReadOnlyAccess", "fc:InvokeFunction")
    assert _allows("AliyunFCInvocationAccess", "fc:InvokeFunction")


def test_full_access_passes_roles_to_function_compute_only() -> None:
    """`ram:PassRole` is bound to the service that gets the role."""
    assert _allows("AliyunFCFullAccess", "ram:PassRole", {"acs:Service": "fc.aliyuncs.com"})
    assert not _allows("AliyunFCFullAccess", "ram:PassRole", {"acs:Service": "ecs.aliyuncs.com"})
    assert not _allows("AliyunFCFullAccess", "ram:PassRole")


@pytest.mark.parametrize("kind", PolicyKind)
def test_sizes_are_counted_in_characters(kind) -> None:
    """From one character to the limit of the kind."""
    limit = {"identity": 6144, "trust": 4096, "session": 2048}[kind.value]

    assert SIZE_LIMITS[kind] == limit
    assert within_size("日" * limit, kind)
    assert not within_size("x" * (limit + 1), kind)
    assert not within_size("", kind)
