"""`crossaccount handover accept`: an owner's file becomes the partner's stack settings."""

from __future__ import annotations

import json
import os
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from components import handover
from tests.handover.conftest import A, B, answer, hand_over, role

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

    Run = Callable[..., Result]


def config(project: Path, stack: str = "account-b") -> dict[str, Any]:
    """The settings of a stack."""
    found: dict[str, Any] = yaml.safe_load((project / f"Pulumi.{stack}.yaml").read_text())["config"]
    return found


def test_a_hand_over_becomes_settings_that_the_program_takes(run: Run, project: Path) -> None:
    """What is given is told, the change shown; comments stay; a second run changes nothing."""
    hand_over(project / "company-a.json")
    before = (project / "Pulumi.account-b.yaml").read_text()

    result = run("accept", "company-a.json", "--stack", "account-b", input="y\n")
    assert result.exit_code == 0, result.output
    for words in (
        "may: read: fc:Get* on *",
        "sessions: at most 2 hours",
        "+      handover: company-a.json",
        "write this to",
    ):
        assert words in result.output
    after = (project / "Pulumi.account-b.yaml").read_text()
    changes = SequenceMatcher(None, before.splitlines(), after.splitlines(), autojunk=False).get_opcodes()
    assert {kind for kind, *_ in changes} == {"equal", "insert"}
    assert config(project)["crossaccount:roles"]["reader"] == {"handover": "company-a.json"}
    assert config(project)["crossaccount:grants"]["assume-reader"] == {
        "users": ["fc-operator"],
        "assume": ["reader"],
    }

    again = answer(run("accept", "company-a.json", "--stack", "account-b", "--yes", "--json"))
    assert (again["changed"], again["diff"]) == (False, "")
    assert (project / "Pulumi.account-b.yaml").read_text() == after
    assert sorted(path.name for path in project.iterdir() if "yaml." in path.name) == []


def test_what_the_program_refuses_is_not_written(run: Run, project: Path) -> None:
    """Settings are tried with the project's program first; its words are told, the file is as it was."""
    file = project / "Pulumi.account-b.yaml"
    file.write_text(file.read_text().replace("accessKey: true", "acessKey: true"))
    before = file.read_text()

    result = run("accept", hand_over(project / "a.json"), "--stack", "account-b", "--yes")
    assert result.exit_code == 2
    assert (
        "`crossaccount:users.fc-operator.acessKey`: unknown key; did you mean `accessKey`?" in result.stderr
    )
    assert file.read_text() == before


@pytest.mark.usefixtures("untried")
@pytest.mark.parametrize(("given", "code"), [("n\n", 1), ("", 2)])
def test_nothing_is_written_without_a_yes(run: Run, project: Path, given: str, code: int) -> None:
    """A no is exit code 1; where nobody can answer, it is told which option to add."""
    before = (project / "Pulumi.account-b.yaml").read_text()
    result = run("accept", hand_over(project / "a.json"), "--stack", "account-b", input=given)

    assert (result.exit_code, "--yes" in result.stderr) == (code, code == 2)
    assert "othing was written" in result.output
    assert (project / "Pulumi.account-b.yaml").read_text() == before


@pytest.mark.usefixtures("untried")
def test_a_dry_run_and_json_only_show(run: Run, project: Path) -> None:
    """`--dry-run` and `--json` without `--yes` show the diff and write nothing."""
    before = (project / "Pulumi.account-b.yaml").read_text()
    hand_over(project / "a.json")

    assert "+    reader:" in run("accept", "a.json", "--stack", "account-b", "--dry-run").output
    shown = answer(run("accept", "a.json", "--stack", "account-b", "--json"))
    assert (shown["changed"], shown["written"]) == (True, False)
    assert shown["handover"]["roles"]["reader"]["expires"] is None
    assert (project / "Pulumi.account-b.yaml").read_text() == before


@pytest.mark.usefixtures("untried")
def test_a_new_stack_gets_a_file(run: Run, project: Path) -> None:
    """Side and account come from the hand-over; users whom the owner names are adopted."""
    trusts = {"wholeAccount": False, "users": ["dev.one"], "roles": ["orders-fn"]}
    hand_over(project / "a.yaml", roles={"fc.reader": role(trusts=trusts)})

    result = run("accept", "a.yaml", "--stack", "new", "--alias", "company-b", "--yes")
    assert result.exit_code == 0, result.output
    assert config(project, "new") == {
        "alicloud:region": "cn-hangzhou",
        "crossaccount:side": "partner",
        "crossaccount:account": B,
        "crossaccount:alias": "company-b",
        "crossaccount:roles": {"fc.reader": {"handover": "a.yaml"}},
        "crossaccount:users": {"dev.one": {"adopt": True}},
        "crossaccount:grants": {
            "assume-fc-reader": {"users": ["dev.one"], "roles": ["orders-fn"], "assume": ["fc.reader"]}
        },
    }


@pytest.mark.usefixtures("untried")
def test_a_file_elsewhere_gives_its_values(run: Run, project: Path, tmp_path: Path) -> None:
    """A file outside the project is not named: its ARN is written; a role that is there stays."""
    trusts = {"wholeAccount": True, "users": [], "roles": []}
    known = {**role(trusts=trusts), "arn": f"acs:ram::{A}:role/fc-partner-b"}
    file = hand_over(tmp_path / "a.json", roles={"reader": role(trusts=trusts), "known": known})

    result = run("accept", file, "--stack", "account-b", "--yes", "--group", "operators")
    assert result.exit_code == 0, result.output
    roles, grants = config(project)["crossaccount:roles"], config(project)["crossaccount:grants"]
    assert roles["reader"] == {"arn": f"acs:ram::{A}:role/fc-reader"}
    assert "known" not in roles
    assert grants["assume-fc-partner-b"]["groups"] == ["operators"]
    assert grants["assume-fc-partner-b"]["users"] == ["fc-operator"]
    assert grants["assume-reader"] == {"groups": ["operators"], "assume": ["reader"]}


@pytest.mark.usefixtures("untried")
def test_a_grant_of_any_name_counts(run: Run, project: Path) -> None:
    """Who may assume the role already needs no second grant."""
    file = hand_over(project / "a.json")
    assert run("accept", file, "--stack", "account-b", "--yes", "--grant", "ours").exit_code == 0

    assert "nothing to change" in run("accept", file, "--stack", "account-b", "--yes").output
    assert list(config(project)["crossaccount:grants"]) == ["assume-fc-partner-b", "ours"]


@pytest.mark.usefixtures("untried")
def test_a_whole_account_needs_somebody_named(run: Run, project: Path) -> None:
    """Without anybody the role is declared, and it is said that nobody may assume it yet."""
    file = hand_over(
        project / "a.json", roles={"r": role(trusts={"wholeAccount": True, "users": [], "roles": []})}
    )

    result = run("accept", file, "--stack", "account-b", "--yes")
    assert "nobody may assume it yet" in result.stderr
    assert "assume-r" not in config(project)["crossaccount:grants"]


@pytest.mark.usefixtures("untried")
def test_what_is_not_its_own_is_replaced_only_when_told(run: Run, project: Path) -> None:
    """A role or grant of that name that means something else: an error that offers two ways."""
    file = hand_over(project / "a.json", roles={"fc-partner-b": role()})

    refused = run("accept", file, "--stack", "account-b", "--yes")
    assert refused.exit_code == 2
    assert "`crossaccount:roles.fc-partner-b` is there and means another role" in refused.stderr
    assert "`--as`" in refused.stderr
    assert run("accept", file, "--stack", "account-b", "--yes", "--as", "second").exit_code == 0
    assert config(project)["crossaccount:roles"]["second"] == {"handover": "a.json", "role": "fc-partner-b"}
    assert (
        run("accept", file, "--stack", "account-b", "--yes", "--as", "fc-partner-b", "--replace").exit_code
        == 0
    )
    assert config(project)["crossaccount:roles"]["fc-partner-b"] == {"handover": "a.json"}


@pytest.mark.usefixtures("untried")
@pytest.mark.parametrize(
    ("changes", "options", "words"),
    [
        ({"partner": "1999999999990000"}, (), "is for account `1999999999990000`"),
        ({"roles": {"r": role(expires="2026-01-01T00:00:00Z")}}, (), "ended on 2026-01-01T00:00:00Z"),
        ({"roles": {}}, (), "hands over no role"),
        ({"roles": {"a b": role()}}, (), "`a b` is no key for a stack file"),
        ({"roles": {"r": role(maxSessionDuration=43201)}}, (), "wrong at roles.r"),
        (
            {"roles": {"r": {**role(), "arn": "acs:ram::1999999999990000:role/x"}}},
            (),
            "not in its own account",
        ),
        ({"roles": {"r\x1b[2J": role()}}, (), "wrong at roles"),
        ({"version": 3}, (), "its version is 3"),
        ({}, ("--role", "other"), "hands over no role `other`"),
        ({}, ("--user", "eve"), "does not trust the user `eve`; of users it trusts `fc-operator`"),
        ({}, ("--group", "all"), "trusts named users and roles, not groups"),
        ({}, ("--account", "1999999999990000"), "not `1999999999990000`"),
    ],
)
def test_a_wrong_file_or_option_is_one_line(
    run: Run, project: Path, changes: dict[str, Any], options: tuple[str, ...], words: str
) -> None:
    """Whatever is wrong with a rightly sealed file is told, with exit code 2, and nothing is written."""
    before = (project / "Pulumi.account-b.yaml").read_text()
    result = run(
        "accept", hand_over(project / "a.json", **changes), "--stack", "account-b", "--yes", *options
    )

    assert result.exit_code == 2, result.output
    assert words in result.stderr
    assert result.stderr.count("\n") == 1
    assert "\x1b" not in result.output
    assert (project / "Pulumi.account-b.yaml").read_text() == before


@pytest.mark.usefixtures("untried")
def test_the_owners_own_stack_does_not_accept(run: Run, project: Path) -> None:
    """An owner's stack is refused by its side, a stack of another account by its account."""
    file = hand_over(project / "a.json", partner=A[:-1] + "9")

    assert "is `owner`, not `partner`" in run("accept", file, "--stack", "account-a").stderr
    assert "is account `1345678901230000`" in run("accept", file, "--stack", "account-b").stderr


@pytest.mark.usefixtures("untried")
def test_a_file_changed_while_it_was_asked_is_not_overwritten(
    run: Run, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else's edit between the question and the write wins."""
    file = project / "Pulumi.account-b.yaml"

    def edited(*_: object, **__: object) -> bool:
        file.write_text(f"{file.read_text()}# edited\n")
        return True

    monkeypatch.setattr("click.confirm", edited)
    result = run("accept", hand_over(project / "a.json"), "--stack", "account-b")
    assert (result.exit_code, "changed meanwhile" in result.stderr) == (1, True)
    assert file.read_text().endswith("# edited\n")


@pytest.mark.usefixtures("untried")
def test_a_folder_that_cannot_be_written_leaves_nothing(
    run: Run, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk at the last moment: exit code 1, the old file whole, nothing beside it."""
    before = (project / "Pulumi.account-b.yaml").read_text()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    result = run("accept", hand_over(project / "a.json"), "--stack", "account-b", "--yes")
    assert (result.exit_code, "no space left on device" in result.stderr) == (1, True)
    assert (project / "Pulumi.account-b.yaml").read_text() == before
    assert len(list(project.iterdir())) == 6


@pytest.mark.usefixtures("untried")
def test_a_file_of_version_1_is_taken_up(run: Run, project: Path) -> None:
    """The stack's own output says no partner: the stack's account counts, a new stack has to say it."""
    told = {"arn": f"acs:ram::{A}:role/ops", "maxSessionDuration": 3600, "externalIdRequired": True}
    (project / "v1.json").write_text(json.dumps(handover.write(A, None, {"ops": told})))

    result = run("accept", "v1.json", "--stack", "account-b", "--user", "fc-operator", "--yes")
    assert result.exit_code == 0, result.output
    assert "not told (version 1 of the file)" in result.output
    assert config(project)["crossaccount:grants"]["assume-ops"]["users"] == ["fc-operator"]
    assert "say it: `--account ID`" in run("accept", "v1.json", "--stack", "new", "--yes").stderr
    assert run("accept", "v1.json", "--stack", "new", "--yes", "--account", B).exit_code == 0
    assert config(project, "new")["crossaccount:account"] == B
    assert "this account's own" in run("accept", "v1.json", "--stack", "own", "--yes", "--account", A).stderr


def test_the_trial_asks_nobody(run: Run, project: Path) -> None:
    """Adopted users, other stacks' roles, secrets have stand-ins: no credentials, state or passphrase."""
    file = project / "Pulumi.account-b.yaml"
    text = file.read_text().replace("arn: acs:ram::1234567890120000:role/fc-partner-b", "stack: account-a")
    console = "    eve:\n      console:\n        password:\n          secure: v1:AAAA:BBBB\n"
    text = text.replace("  crossaccount:roles:\n", f"{console}  crossaccount:roles:\n")
    file.write_text(f"{text}encryptionsalt: v1:x:v1:y:z\n")
    trusts = {"wholeAccount": False, "users": ["already-there"], "roles": []}

    result = run(
        "accept",
        hand_over(project / "a.json", roles={"r": role(trusts=trusts)}),
        "--stack",
        "account-b",
        "--yes",
    )
    assert result.exit_code == 0, result.output
    assert config(project)["crossaccount:users"]["already-there"] == {"adopt": True}
    assert config(project)["crossaccount:users"]["eve"]["console"]["password"] == {"secure": "v1:AAAA:BBBB"}
