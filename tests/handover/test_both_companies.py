"""From A's account to a session of B's user, by nothing but the files that cross."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from click.testing import CliRunner

from crossaccount.cli import main
from crossaccount.engine import Stack, Target
from crossaccount.handover.stack_settings import StackSettings
from crossaccount.handover.trial import tried
from tests.handover.conftest import A, B, answer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest
    from click.testing import Result

    from crossaccount.localcloud.cloud import Cloud


def brought_up(project: Path, stack: str, cloud: Cloud, account: str) -> Stack:
    """A stack, up in an account of the local cloud."""
    key = cloud.accounts[account].root_key
    target = Target(cloud.endpoint, key.key_id, key.secret)
    found = Stack.open(project, stack, target=target, passphrase="of a test")
    found.up()
    return found


def declared(project: Path, stack: str) -> list[tuple[str, object]]:
    """What the program declares for a stack, by URN."""
    settings = StackSettings.open(project, stack)
    records = tried(settings.project, stack, settings.original, stack).records
    return sorted((each.urn, json.dumps(each.inputs, sort_keys=True)) for each in records)


def test_a_role_is_handed_over_and_assumed(
    run: Callable[..., Result], project: Path, served: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Export from A's state, accept into B's users: the same resources as by hand, and the session opens."""
    by_hand = declared(project, "account-b")
    file = project / "Pulumi.account-b.yaml"
    users, _, _ = file.read_text().partition("  crossaccount:roles:")
    file.write_text(users)
    brought_up(project, "account-a", served, A)

    assert run("export", "--stack", "account-a", "--out", "company-a.yaml").exit_code == 0
    accepted = run("accept", "company-a.yaml", "--stack", "account-b", "--user", "fc-operator", "--yes")
    assert accepted.exit_code == 0, accepted.output
    assert declared(project, "account-b") == by_hand

    keys = brought_up(project, "account-b", served, B).outputs(show_secrets=True)["accessKeys"]
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", keys["fc-operator"]["accessKeyId"])
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", keys["fc-operator"]["accessKeySecret"])
    options = ["--endpoint", served.endpoint, "--no-cache", "--json"]
    session = answer(CliRunner().invoke(main, ["assume", "company-a.yaml", *options]))
    assert session["AssumedRoleUser"]["Arn"].startswith(f"acs:ram::{A}:role/fc-partner-b/")
