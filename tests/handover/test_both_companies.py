"""From A's account to a session of B's user, by nothing but the files that cross."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING

from click.testing import CliRunner

from crossaccount.cli import main
from crossaccount.engine import Stack, Target
from crossaccount.handover.stack_settings import StackSettings
from crossaccount.handover.trial import tried
from tests.handover.conftest import A, B, answer, hand_over
from tests.session.conftest import COMMAND

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


def test_a_role_that_was_asked_for_is_handed_over(
    run: Callable[..., Result], project: Path, served: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Request, answer with an external id, up, export, accept, up: only with the id does the session open."""
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "of a test")
    ask = ["--preset", "invoke", "--function", "orders", "--until", "2099-01-01T00:00:00Z", "--external-id"]
    (project / "id.txt").write_text("Zq7-external-id")
    brought_up(project, "account-b", served, B)

    for arguments in (
        ["request", "--stack", "account-b", "--owner", A, "--user", "fc-operator", *ask, "--out", "r.json"],
        ["answer", "r.json", "--stack", "account-a", "--external-id", "@id.txt", "--yes"],
    ):
        done = run(*arguments)
        assert done.exit_code == 0, done.output
    brought_up(project, "account-a", served, A)
    export = ["export", "--stack", "account-a", "--role", "fc-company-b", "--out", "a.json"]
    assert "its trust policy is a secret" in run(*export).stderr
    for arguments in (
        [*export, "--expires", "2099-01-01T00:00:00Z"],
        ["accept", "a.json", "--stack", "account-b", "--yes"],
    ):
        done = run(*arguments)
        assert done.exit_code == 0, done.output
    assert "Zq7" not in (project / "a.json").read_text() + (project / "Pulumi.account-a.yaml").read_text()

    keys = brought_up(project, "account-b", served, B).outputs(show_secrets=True)["accessKeys"]
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", keys["fc-operator"]["accessKeyId"])
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", keys["fc-operator"]["accessKeySecret"])
    command = ["assume", "a.json", "--endpoint", served.endpoint, "--no-cache", "--json"]
    assert "asks for an external id" in CliRunner().invoke(main, command).stderr
    session = answer(CliRunner().invoke(main, [*command, "--external-id", "@id.txt"]))
    assert session["AssumedRoleUser"]["Arn"].startswith(f"acs:ram::{A}:role/fc-company-b/")


def test_both_sides_see_one_checksum(run: Callable[..., Result], project: Path) -> None:
    """What the sender's command shows is what the receiver's does, so that it can be compared by voice."""
    made = run(
        "request", "--account", B, "--owner", A, "--user", "dev", "--preset", "read", "--out", "r.json"
    )
    (shown,) = [line.strip() for line in made.output.splitlines() if "sha256:" in line]

    assert shown == json.loads((project / "r.json").read_text())["checksum"]
    assert shown in run("answer", "r.json", "--stack", "account-a", "--dry-run").output


def test_a_reader_that_went_away_ends_it_as_the_shell_does(project: Path, tmp_path: Path) -> None:
    """Into a closed pipe `accept` ends with 141, and nothing was written."""
    before = (project / "Pulumi.account-b.yaml").read_bytes()
    file = hand_over(tmp_path / "a.json")
    reader, writer = os.pipe()
    os.close(reader)
    command = [*COMMAND, "handover", "accept", str(file), "--stack", "account-b", "--yes"]
    with os.fdopen(writer, "wb") as out:
        done = subprocess.run(command, cwd=project, stdout=out, stderr=subprocess.PIPE, check=False)

    assert (done.returncode, done.stderr) == (141, b"")
    assert (project / "Pulumi.account-b.yaml").read_bytes() == before
