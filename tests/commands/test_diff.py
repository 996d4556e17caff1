"""`crossaccount diff`: files, git revisions, gates, approval, and the workflow's commands as written."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from crossaccount.cli import main
from tests.access.states import OWNER, PARTNER, StackState, delegation, root, trust
from tests.review.pairs import a_deny_beside_a_wider_allow, a_grant_that_opens_a_door

ROOT = Path(__file__).parents[2]


@pytest.fixture
def run():
    """A function: `crossaccount diff` in this process; its result with output and errors apart."""

    def invoked(*arguments):
        return CliRunner().invoke(main, ["diff", *map(str, arguments)])

    return invoked


@pytest.fixture
def files(tmp_path):
    """A function: the options that name both sides, written as files."""

    def written(before, after):
        options = []
        for side, states in (("before", before), ("after", after)):
            folder = tmp_path / side
            folder.mkdir(exist_ok=True)
            for each in states:
                options += [f"--{side}", each.write(folder)]
        return options

    return written


def test_two_states_are_compared(run, files) -> None:
    """Both stacks of both sides, read together: a line about a person, exit 0."""
    result = run(*files(*a_grant_that_opens_a_door()))

    assert result.exit_code == 0, result.output
    assert result.output.startswith("Permission change: 1 principal gains; 2 principals unchanged.")
    assert "user `eve` of 1345678901230000, through role/fc-reader (1234567890120000)" in result.output


def test_a_stack_that_is_not_given_after_stays(run, files) -> None:
    """Only the stack that changes has to be given again."""
    before, after = a_grant_that_opens_a_door()

    result = run(*files(before, after[1:]), "--json", "-")
    assert [row["principal"]["label"] for row in json.loads(result.output)["rows"]] == ["user `eve`"]


def test_a_preview_goes_on_its_state(run, files, tmp_path) -> None:
    """A state and a preview give what the two states give."""
    before, after = a_grant_that_opens_a_door()
    step = {
        "op": "create",
        "urn": after[1].resources[-1]["urn"],
        "newState": {**after[1].resources[-1], "outputs": {}},
    }
    path = tmp_path / "preview.json"
    path.write_text(json.dumps(before[1].preview(step)))

    result = run(*files(before, ()), "--after", path, "--json", "-")
    (row,) = json.loads(result.output)["rows"]
    assert row["change"] == "gained"
    assert row["causes"][0]["position"] == "__main__.py:15"


def test_an_emptied_stack_is_a_loss(run, files, tmp_path) -> None:
    """A state without resources takes everything of its one stack; which of two it is, has to be said."""
    owner, partner = delegation()
    empty = tmp_path / "empty.json"
    empty.write_text(json.dumps({"version": 3, "deployment": {"manifest": {}}}))
    options = files((owner, partner), ())

    refused = run(*options, "--after", empty)
    assert refused.exit_code == 2
    assert "does not say which stack it is of" in refused.output

    partner.write(tmp_path / "before")
    alone = run("--before", tmp_path / "before" / "partner.json", "--after", empty, "--json", "-")
    assert {row["change"] for row in json.loads(alone.output)["rows"]} == {"lost"}


def test_all_reports_come_from_one_run(run, files, tmp_path) -> None:
    """Markdown, JSON and SARIF as files, the terminal's form on the screen; no partial file is left."""
    out = tmp_path / "out"
    out.mkdir()
    result = run(
        *files(*a_deny_beside_a_wider_allow()), "--markdown", out / "c.md", "--json", out / "d.json",
        "--sarif", out / "d.sarif", "--key", "trial",
    )  # fmt: skip

    assert result.output.startswith("Permission change:")
    assert sorted(path.name for path in out.iterdir()) == ["c.md", "d.json", "d.sarif"]
    assert (out / "c.md").read_text("utf-8").startswith("<!-- crossaccount permission diff trial -->\n")
    digest = json.loads((out / "d.json").read_text())["digest"]
    assert digest in (out / "c.md").read_text("utf-8")
    assert json.loads((out / "d.sarif").read_text())["version"] == "2.1.0"


def test_a_gate_stops_and_a_list_lets_pass(run, files, tmp_path) -> None:
    """`--fail-on` exits 1 and says on what; an entry of the list that covers it lets it pass."""
    options = [*files(*a_grant_that_opens_a_door()), "--fail-on", "wildcard", "--fail-on", "invoke"]
    listed = tmp_path / "allow.yaml"
    entry = {
        "principal": "acs:ram::*:user/eve",
        "role": "acs:ram::*:role/fc-reader",
        "actions": ["fc:Get*", "fc:List*"],
        "resources": ["*"],
        "owner": "platform",
        "reason": "reads",
        "expires": "2999-01-01",
    }
    listed.write_text(yaml.safe_dump({"allow": [entry]}))

    stopped = run(*options)
    assert stopped.exit_code == 1
    assert "stopped by --fail-on wildcard:" in stopped.output
    assert "--fail-on invoke" not in stopped.output
    assert run(*options, "--allow-list", listed).exit_code == 0


def test_an_expired_entry_is_told_and_lets_nothing_pass(run, files, tmp_path) -> None:
    """Whose entry ended is named, and the gate fires."""
    listed = tmp_path / "allow.yaml"
    entry = {
        "principal": "*",
        "role": "*",
        "actions": "*",
        "resources": "*",
        "owner": "ann",
        "reason": "x",
        "expires": "2020-01-01",
    }
    listed.write_text(yaml.safe_dump({"allow": [entry]}))
    result = run(*files(*a_grant_that_opens_a_door()), "--fail-on", "gain", "--allow-list", listed)

    assert result.exit_code == 1
    assert "ended on 2020-01-01: ask ann" in result.output


def test_a_change_of_what_is_not_analysed_is_no_proof(run, files, tmp_path) -> None:
    """An attachment of a kind that is not read gets another policy: it is said, and the gate fires."""

    def with_attachment(policy):
        owner, partner = delegation()
        kind = "alicloud:resourcemanager/policyAttachment:PolicyAttachment"
        owner.add(kind, "x", {"policyName": policy, "principalName": "dev"}, {})
        return owner, partner

    report = tmp_path / "comment.md"
    before, after = with_attachment("ReadOnly"), with_attachment("AdministratorAccess")
    changed = run(*files(before, after), "--fail-on", "cannot-tell", "--markdown", report)
    same = run(*files(before, before), "--fail-on", "cannot-tell")

    assert changed.exit_code == 1
    assert changed.output.startswith("Permission change cannot be told: 1 of 1 not analysed changed.")
    assert "No permission change" not in report.read_text("utf-8")
    assert same.exit_code == 0
    assert same.output.startswith("No permission change: 2 principals unchanged. Not analysed: 1.")


def test_two_reports_never_go_to_the_same_place(run, files, tmp_path) -> None:
    """Neither a file nor the output holds one after the other."""
    sides = files(*a_grant_that_opens_a_door())
    for place in (tmp_path / "report", "-"):
        result = run(*sides, "--json", place, "--sarif", place)

        assert result.exit_code == 2
        assert f"two reports would go to `{place}`" in result.output
    assert not (tmp_path / "report").exists()


def test_only_what_was_approved_passes(run, files) -> None:
    """The digest of the shown diff passes; after a change of the starting state it does not."""
    before, after = a_grant_that_opens_a_door()
    digest = json.loads(run(*files(before, after), "--json", "-").output)["digest"]
    assert run(*files(before, after), "--approved", digest).exit_code == 0

    for side in (before, after):
        side[0].user("late")
    refused = run(*files(before, after), "--approved", digest)
    assert refused.exit_code == 1
    assert "not approved: the state before" in refused.output


@pytest.mark.parametrize(
    ("write", "message"),
    [
        ('{"version": 3, "deploy', "after.json"),
        ('{"version": 2, "deployment": {}}', "version `2`"),
        ('{"steps": [], "diagnostics": [{"severity": "error", "message": "boom"}]}', "a preview that failed"),
        ("[]", "after.json"),
    ],
)
def test_bad_input_is_one_clear_error(run, files, tmp_path, write, message) -> None:
    """Exit 2, one line that names the file, and nothing written."""
    path = tmp_path / "after.json"
    path.write_text(write)
    report = tmp_path / "c.md"
    result = run(*files(delegation(), ()), "--after", path, "--markdown", report)

    assert result.exit_code == 2
    assert message in result.output
    assert len(result.output.strip().splitlines()) == 1
    assert not report.exists()


def test_two_stacks_that_claim_a_role_are_refused(run, files) -> None:
    """One role, two stacks: both are named."""
    owner, partner = delegation()
    rival = StackState("rival", OWNER)
    rival.role("fc-reader", trust(root(PARTNER)))
    result = run(*files((owner, partner), (owner, partner, rival)))

    assert result.exit_code == 2
    assert "claimed twice" in result.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "there is nothing to compare"),
        (("--base", "main", "--after", "a.json"), "give one"),
        (("--head", "main", "--after", "a.json"), "go with `--base"),
        (("--base", "no-such-revision", "--project", str(ROOT)), "no revision `no-such-revision`"),
        (("--base", "--output=x", "--project", str(ROOT)), "is no revision"),
        (("--after", "a.json", "--key", "a --> b"), "no key of a comment"),
    ],
)
def test_options_that_make_no_sense_are_refused(run, arguments, message) -> None:
    """Each with what to do, exit 2."""
    result = run(*arguments)

    assert result.exit_code == 2
    assert message in result.output


class Repository:
    """A git repository of the project with a base, and changes on a branch."""

    def __init__(self, folder):
        self.folder = folder
        for name in ("__main__.py", "Pulumi.yaml", "Pulumi.account-a.yaml", "Pulumi.account-b.yaml"):
            shutil.copy(ROOT / name, folder / name)
        shutil.copytree(
            ROOT / "components", folder / "components", ignore=shutil.ignore_patterns("__pycache__")
        )
        (folder / ".gitignore").write_text(".venv/\n")
        self.git("init", "--quiet", "--initial-branch=main")
        self.commit("base")
        self.git("switch", "--quiet", "--create", "change")

    def git(self, *arguments):
        identity = ("-c", "user.name=test", "-c", "user.email=test@example.com")
        return subprocess.run(
            ["git", *identity, *arguments], cwd=self.folder, check=True, capture_output=True, text=True
        ).stdout.strip()

    def commit(self, message):
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)

    def edit(self, name, old, new):
        path = self.folder / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")


@pytest.fixture
def repository(tmp_path):
    """The project at two revisions: the second gives B invoking, and lets a second user in."""
    folder = tmp_path / "repository"
    folder.mkdir()
    made = Repository(folder)
    made.edit("Pulumi.account-a.yaml", "- AliyunFCReadOnlyAccess", "- AliyunFCFullAccess")
    return made


def test_two_revisions_are_previewed_without_anything(run, repository, monkeypatch) -> None:
    """The working tree against a base: rows at the changed line of the stack file, and no credentials."""
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", "key-of-a-test")
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "of a test")
    result = run("--base", "main", "--project", repository.folder, "--json", "-")
    rows = json.loads(result.output)["rows"]

    assert {row["principal"]["arn"] for row in rows} == {
        f"acs:ram::{PARTNER}:root",
        f"acs:ram::{PARTNER}:user/fc-operator",
    }
    lines = (repository.folder / "Pulumi.account-a.yaml").read_text("utf-8").splitlines()
    changed = 1 + next(number for number, line in enumerate(lines) if "FCFullAccess" in line)
    assert {cause["changedLine"] for row in rows for cause in row["causes"]} == {
        f"Pulumi.account-a.yaml:{changed}"
    }
    assert repository.git("status", "--porcelain") == "M Pulumi.account-a.yaml"


def test_a_head_is_a_revision_too(run, repository) -> None:
    """Two commits are compared whatever the working tree holds, from where the branches parted."""
    repository.commit("change")
    head = repository.git("rev-parse", "HEAD")
    repository.git("switch", "--quiet", "main")
    repository.edit("Pulumi.account-b.yaml", "- fc-operator", "- nobody")
    repository.commit("main goes on")

    result = run("--base", "main", "--head", head, "--project", repository.folder)
    assert result.exit_code == 0, result.output
    assert "gain" in result.output.splitlines()[0]
    assert "lose" not in result.output.splitlines()[0]


def test_a_program_that_fails_is_named(run, repository) -> None:
    """Which revision and stack cannot be previewed, and why; exit 2."""
    (repository.folder / "__main__.py").write_text("raise ValueError('broken on purpose')\n")
    result = run("--base", "main", "--project", repository.folder)

    assert result.exit_code == 2
    assert "stack `account-a` of the working tree cannot be previewed" in result.output


def test_a_secret_setting_needs_no_passphrase(run, repository) -> None:
    """An encrypted setting is replaced by a stand-in: the stack is previewed, and nobody is asked."""
    repository.edit(
        "Pulumi.account-b.yaml", "displayName: Function Compute operator", "displayName: {secure: a}"
    )
    result = run("--base", "main", "--project", repository.folder)

    assert result.exit_code == 0, result.output
    assert "passphrase" not in result.output.lower()


def test_the_workflow_runs_as_written(repository, tmp_path) -> None:
    """The commands of preview.yml on a repository with two revisions: reports, and the gates' exit code."""
    repository.commit("change")
    tools = repository.folder / ".venv" / "bin"
    tools.mkdir(parents=True)
    (tools / "crossaccount").symlink_to(Path(sys.executable).parent / "crossaccount")
    workflow = yaml.safe_load((ROOT / ".github/workflows/preview.yml").read_text("utf-8"))
    steps = [step for step in workflow["jobs"]["permissions"]["steps"] if "run" in step]
    assert [step["run"] for step in steps if step["run"].startswith("make")] == ["make setup"]

    codes = []
    for step in steps:
        if step["run"] != "make setup":
            environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LANG": "C.UTF-8"}
            environment |= {"BASE": repository.git("rev-parse", "main"), "NUMBER": "7"}
            done = subprocess.run(
                ["bash", "-e", "-o", "pipefail", "-c", step["run"]],
                cwd=repository.folder,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            codes.append(done.returncode)
            assert done.returncode in (0, 1), done.stderr
    out = repository.folder / "permission-diff"
    assert codes == [1, 0]
    assert sorted(path.name for path in out.iterdir()) == ["comment.md", "diff.json", "diff.sarif", "number"]
    assert "AliyunFCFullAccess" in (out / "comment.md").read_text("utf-8")
    results = json.loads((out / "diff.sarif").read_text())["runs"][0]["results"]
    places = {each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for each in results}
    assert places == {"Pulumi.account-a.yaml"}


def test_the_workflows_have_the_least_permissions() -> None:
    """What runs a pull request's code may write nothing; what may write runs none of it."""
    preview, comment = (
        yaml.safe_load((ROOT / ".github/workflows" / name).read_text("utf-8"))
        for name in ("preview.yml", "preview-comment.yml")
    )

    assert preview["permissions"] == {"contents": "read"}
    assert "secrets" not in json.dumps(preview, default=str)
    assert comment["permissions"] == {}
    checkouts = [step for step in comment["jobs"]["comment"]["steps"] if "checkout" in step.get("uses", "")]
    assert all("ref" not in step["with"] for step in checkouts)


def test_the_documented_gitlab_job_does_what_the_workflow_does() -> None:
    """Same reports and same gates on both hosts."""
    text = (ROOT / "docs" / "review.md").read_text("utf-8")
    blocks = [yaml.safe_load(each.partition("```")[0]) for each in text.split("```yaml\n")[1:]]
    job = next(each["permissions"] for each in blocks if "permissions" in each)
    workflow = yaml.safe_load((ROOT / ".github/workflows/preview.yml").read_text("utf-8"))
    steps = [step["run"] for step in workflow["jobs"]["permissions"]["steps"] if "run" in step]

    def diffs(lines):
        (found,) = (line for text in lines for line in text.splitlines() if "crossaccount diff" in line)
        return found.replace("$BASE", "").replace("$CI_MERGE_REQUEST_DIFF_BASE_SHA", "")

    assert diffs(job["script"]) == diffs(steps)


def test_what_pulumi_wrote_is_read(run) -> None:
    """A real state and the real preview on it: of a whole account one user stays trusted, and keeps all."""
    recordings = ROOT / "tests" / "data" / "recordings"
    options = ("--before", recordings / "1-state.json", "--after", recordings / "2-preview.json")
    found = json.loads(run(*options, "--json", "-").output)

    said = {(row["change"], row["principal"]["arn"], row["endsAfterSeconds"]) for row in found["rows"]}
    assert said == {("lost", f"acs:ram::{PARTNER}:root", 3600)}
    assert [each["arn"] for each in found["principals"]] == [f"acs:ram::{PARTNER}:root"]
