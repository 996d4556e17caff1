"""A policy that somebody attached by hand holds the role back: what each engine says, and the way out."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from alibabacloud_ram20150501.models import AttachPolicyToRoleRequest, DetachPolicyFromRoleRequest

from crossaccount.demo.clients import Clients, Key
from crossaccount.engine import StepError
from tests.deployments.engines import Embedded, Real
from tests.deployments.pulumi_project import OWNER

if TYPE_CHECKING:
    from alibabacloud_ram20150501.client import Client

    from crossaccount.localcloud.cloud import Cloud
    from tests.deployments.pulumi_project import PulumiProject

pytestmark = pytest.mark.real_engine
STACK, ROLE = "account-a", "fc-partner-b"
BY_HAND = {"role_name": ROLE, "policy_type": "System", "policy_name": "AliyunFCFullAccess"}


def ram(cloud: Cloud) -> Client:
    """Somebody in account A with a client of their own."""
    key = cloud.accounts[OWNER].root_key
    return Clients(cloud.endpoint).ram(Key(key.key_id, key.secret))


def test_what_was_attached_by_hand_stops_a_destruction_within_two_minutes(
    project: PulumiProject, served_cloud: Cloud
) -> None:
    """The CLI names the conflict; the role stays, in account and state; detaching is the way out."""
    real = Real(project)
    real.up(STACK)
    ram(served_cloud).attach_policy_to_role(AttachPolicyToRoleRequest(**BY_HAND))
    started = time.monotonic()
    done = project.run("destroy", "--yes", "--skip-preview", stack=STACK)

    assert done.returncode != 0
    assert time.monotonic() - started < 120
    assert "DeleteConflict.Role.Policy" in done.stdout + done.stderr
    assert list(served_cloud.accounts[OWNER].ram.roles) == [ROLE]
    assert [each for each in real.export(STACK)["deployment"]["resources"] if each.get("id") == ROLE]

    ram(served_cloud).detach_policy_from_role(DetachPolicyFromRoleRequest(**BY_HAND))
    real.destroy(STACK)
    assert dict(served_cloud.accounts[OWNER].ram.roles) == {}


def test_the_embedded_engine_names_what_holds_the_role(project: PulumiProject, served_cloud: Cloud) -> None:
    """At once, with the command that takes it off."""
    embedded = Embedded(project)
    embedded.up(STACK)
    ram(served_cloud).attach_policy_to_role(AttachPolicyToRoleRequest(**BY_HAND))

    with pytest.raises(StepError, match=r"aliyun ram DetachPolicyFromRole .*AliyunFCFullAccess"):
        embedded.destroy(STACK)
