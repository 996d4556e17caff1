"""The two committed stacks under the real Pulumi CLI and the real alicloud provider."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from crossaccount.localcloud.cloud import Cloud
    from tests.deployments.pulumi_project import PulumiProject

pytestmark = pytest.mark.real_engine
OWNER, PARTNER = "1234567890120000", "1345678901230000"


def test_both_stacks_go_up_stay_unchanged_and_come_down(project: PulumiProject, served_cloud: Cloud) -> None:
    """Up, then a preview and a refresh that show nothing, then destroy, which leaves both accounts empty."""
    for stack in ("account-a", "account-b"):
        project.must("up", "--yes", "--skip-preview", stack=stack)

        assert project.changes("preview", stack=stack) == {}
        assert project.changes("preview", "--refresh", stack=stack) == {}

    outputs = json.loads(project.must("stack", "output", "--json", stack="account-a"))
    assert f"acs:ram::{OWNER}:role/fc-partner-b" in json.dumps(outputs)

    for stack in ("account-a", "account-b"):
        project.must("destroy", "--yes", "--skip-preview", stack=stack)

    for account_id in (OWNER, PARTNER):
        ram = served_cloud.accounts[account_id].ram
        assert (dict(ram.roles), dict(ram.users), dict(ram.policies)) == ({}, {}, {})


def test_credentials_of_another_account_stop_the_run(project: PulumiProject, served_cloud: Cloud) -> None:
    """Account B's credentials under stack account-a change nothing and name both accounts."""
    partner = served_cloud.accounts[PARTNER].root_key
    for name, value in (("accessKey", partner.key_id), ("secretKey", partner.secret)):
        project.must("config", "set", "--plaintext", f"alicloud:{name}", value, stack="account-a")

    done = project.run("up", "--yes", "--skip-preview", stack="account-a")

    assert done.returncode != 0
    assert OWNER in done.stdout + done.stderr
    assert PARTNER in done.stdout + done.stderr
    assert dict(served_cloud.accounts[PARTNER].ram.roles) == {}
