"""What crosses between the companies under the real Pulumi CLI: request, answer, export, accept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from crossaccount.cli import main
from crossaccount.session.handover_file import read
from tests.deployments.pulumi_project import OWNER, PARTNER

if TYPE_CHECKING:
    from click.testing import Result

    from tests.deployments.pulumi_project import PulumiProject

pytestmark = pytest.mark.real_engine


def test_what_is_asked_for_is_handed_over(project: PulumiProject, monkeypatch: pytest.MonkeyPatch) -> None:
    """The CLI takes the settings of both; what it exports is handed over, without the external id."""
    for name, value in project._environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(project.folder)

    def run(*arguments: str) -> Result:
        result = CliRunner().invoke(main, ["handover", *arguments])
        assert result.exit_code == 0, result.output
        return result

    project.must("up", "--yes", "--skip-preview", stack="account-b")
    ask = ["--user", "fc-operator", "--preset", "invoke", "--function", "orders", "--external-id"]
    run("request", "--stack", "account-b", "--owner", OWNER, *ask, "--out", "request.yaml")
    run("answer", "request.yaml", "--stack", "account-a", "--external-id", "Zq7-external-id", "--yes")
    project.must("up", "--yes", "--skip-preview", stack="account-a")

    known = run("export", "--stack", "account-a", "--role", "fc-partner-b", "--out", "known.json")
    assert "trusts: the whole account" in known.output
    run(
        "export",
        "--stack",
        "account-a",
        "--role",
        "fc-company-b",
        "--expires",
        "never",
        "--out",
        "asked.yaml",
    )
    role = read("asked.yaml").roles["fc-company-b"]
    assert (role.users, role.external_id_required, role.classes) == (("fc-operator",), True, ("invoke",))
    assert "Zq7" not in (project.folder / "asked.yaml").read_text()

    run("accept", "asked.yaml", "--stack", "account-b", "--yes")
    assert project.changes("preview", stack="account-b")["create"] > 0
    project.must("up", "--yes", "--skip-preview", stack="account-b")
    ram = project.cloud.accounts[PARTNER].ram
    assert "assume-fc-company-b" in {policy.name for policy in ram.policies.values()}
