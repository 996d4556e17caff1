"""Roles made by hand come under the real Pulumi CLI: adopted, imported, and nothing changes for anybody."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from crossaccount.cli import main
from crossaccount.engine import Target
from crossaccount.engine.ram_api import RamApi
from tests.adopt.by_hand import OWNER, content, make_by_hand

if TYPE_CHECKING:
    from pathlib import Path

    from tests.deployments.pulumi_project import PulumiProject

pytestmark = pytest.mark.real_engine


@pytest.mark.parametrize("kept", ["clear", "encrypted"])
def test_adopted_roles_are_imported_and_nothing_changes(
    project: PulumiProject, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kept: str
) -> None:
    """Adopt, import, preview: nothing is made or deleted, no permission changes, in stack or account."""
    for name, value in project._environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(project.folder)
    key = project.cloud.accounts[OWNER].root_key
    monkeypatch.setenv("A_ALIBABA_CLOUD_ACCESS_KEY_ID", key.key_id)
    monkeypatch.setenv("A_ALIBABA_CLOUD_ACCESS_KEY_SECRET", key.secret)
    project.configure("account-a", {"crossaccount:side": "owner", "crossaccount:account": OWNER})
    with RamApi(Target(project.cloud.endpoint, key.key_id, key.secret)) as api:
        make_by_hand(api)
        before = content(api)
        done = CliRunner().invoke(
            main,
            ["adopt", "--stack", "account-a", "--endpoint", project.cloud.endpoint, "--credentials", "A_",
             "--external-ids", kept, "--yes"],
        )  # fmt: skip
        assert done.exit_code == 9, done.output

        project.must(
            "import", "--file", "import-account-a.json", "--protect=false", "--generate-code=false", "--yes",
            stack="account-a",
        )  # fmt: skip
        assert content(api) == before
        state, plan = tmp_path / "state.json", tmp_path / "plan.json"
        state.write_text(project.must("stack", "export", stack="account-a"))
        plan.write_text(project.must("preview", "--json", stack="account-a"))
        summary: dict[str, Any] = json.loads(plan.read_text())["changeSummary"]
        assert summary.keys() <= {"same", "update"}, summary
        if kept == "clear":  # a diff tells nothing of secrets, which it never decrypts
            options = ["--before", str(state), "--after", str(plan), "--account", f"account-a={OWNER}"]
            told = CliRunner().invoke(main, ["diff", *options])
            assert "No permission change" in told.output, told.output

        project.must("up", "--yes", "--skip-preview", stack="account-a")
        assert project.changes("preview", stack="account-a") == {}
        after = content(api)
        assert after["policies"] == before["policies"]
        assert after["roles"] == before["roles"]
        project.must("refresh", "--yes", "--skip-preview", stack="account-a")
        assert project.changes("preview", stack="account-a") == {}
