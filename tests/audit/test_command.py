"""`crossaccount audit`: what it reads, leaves out, writes, and how it ends."""

from __future__ import annotations

import csv
import json

import pytest
from click.testing import CliRunner

from crossaccount.cli import main
from tests.access.states import OTHER, PARTNER, StackState, allow, root, trust
from tests.audit.reports import ROLE, owner, partner

ASKED = trust(f"acs:ram::{PARTNER}:user/dev", StringEquals={"sts:ExternalId": "agreed"})


@pytest.fixture
def states(tmp_path, monkeypatch):
    """A folder, in which the command runs, with the states of both sides."""
    monkeypatch.chdir(tmp_path)
    owner(ASKED, policies=[allow("log:ListProject")]).write(tmp_path)
    partner(ROLE).write(tmp_path)
    return tmp_path


def audit(*arguments):
    """The command's result."""
    return CliRunner().invoke(main, ["audit", *map(str, arguments)])


def test_it_writes_all_forms_at_once_and_shows_the_report(states) -> None:
    """Each form in its file, and the terminal's besides."""
    done = audit("owner.json", "partner.json", "--csv", "a.csv", "--json", "a.json", "--markdown", "a.md")

    assert done.exit_code == 0, done.output
    assert done.output.startswith("1 delegation, 1 principal")
    assert "user `dev` of 1345678901230000" in done.output
    assert len(list(csv.DictReader((states / "a.csv").read_text().splitlines()))) == 1
    document = json.loads((states / "a.json").read_text())
    assert [each["stack"] for each in document["sources"]] == ["trial/owner", "trial/partner"]
    assert "| user `dev`" in (states / "a.md").read_text()
    assert sorted(each.name for each in states.iterdir()) == [
        "a.csv", "a.json", "a.md", "owner.json", "partner.json",
    ]  # fmt: skip


def test_a_form_on_standard_output_is_there_alone(states) -> None:
    """So that it can be piped; what was left out is on standard error."""
    done = audit(states / "owner.json", "missing.json", "--json", "-")

    assert json.loads(done.stdout)["leftOut"][0]["where"] == "missing.json"
    assert done.stderr.startswith("left out: `missing.json` cannot be read")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("cut", '{"version": 3, "deployment": {"resou'),
        ("empty", ""),
        ("list", "[]"),
        ("old", '{"version": 1, "deployment": {}}'),
        ("damaged", '{"version": 3, "deployment": {"resources": [{"urn": "x"}]}}'),
    ],
)
def test_a_state_that_cannot_be_read_is_named_and_the_rest_is_reported(states, name, content) -> None:
    """Loudly, in every form, and with an exit code of its own."""
    (states / f"{name}.json").write_text(content)
    done = audit(f"{name}.json", "owner.json", "partner.json", "--markdown", "a.md")

    assert done.exit_code == 3
    assert f"`{name}.json`" in done.stderr
    assert "1 state could not be read" in done.stdout
    assert "1 delegation" in done.stdout
    assert f"**left out**: `{name}.json`" in (states / "a.md").read_text()
    assert audit(f"{name}.json").exit_code == 2


def test_a_policy_that_does_not_parse_is_left_out_and_its_stack_is_not(states) -> None:
    """What it is attached to may do everything, as far as can be told."""
    stack = StackState("broken", OTHER)
    stack.role("worker", trust(root(PARTNER)))
    stack.policy("cut", text='{"Version": "1"')
    stack.attach("role", "worker", "cut")
    stack.role("next", trust(root(PARTNER)))
    stack.write(states)
    done = audit("broken.json", "--json", "-")

    document = json.loads(done.stdout)
    assert done.exit_code == 3
    assert [each["role"] for each in document["delegations"]] == ["next", "worker"]
    assert document["delegations"][1]["rights"][0]["certain"] is False
    assert document["leftOut"][0]["where"].endswith("::cut")
    assert "the policy `cut` does not parse" in done.stderr


def test_a_stack_whose_account_nobody_tells_is_left_out_until_it_is_told(states) -> None:
    """The message says how to say it."""
    stack = StackState("quiet")
    stack.user("somebody")
    stack.write(states)

    assert "--account quiet=ID" in audit("quiet.json", "owner.json").stderr
    assert audit("quiet.json", "owner.json", "--account", f"quiet={PARTNER}").exit_code == 0


def test_two_states_of_one_stack_that_differ_are_a_finding(states) -> None:
    """The newer counts; the same state twice is none."""
    newer = owner(ASKED).export(manifest={"time": "2026-02-01T00:00:00Z"})
    (states / "newer.json").write_text(json.dumps(newer))
    done = audit("owner.json", "newer.json", "--fail-on", "high")

    assert done.exit_code == 1
    assert "`newer.json` counts" in done.stdout
    assert audit("owner.json", "owner.json", "--fail-on", "high").exit_code == 0


@pytest.mark.parametrize(("grade", "code"), [("high", 0), ("medium", 0), ("low", 1), ("note", 1)])
def test_it_fails_on_a_finding_of_the_grade_or_a_graver_one(states, grade, code) -> None:
    """A delegation without an end is low."""
    assert audit(states / "owner.json", "partner.json", "--fail-on", grade).exit_code == code


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--csv", "-", "--json", "-"), "two forms would go to standard output"),
        (("--csv", "x", "--json", "x"), "two forms would go to `x`"),
        (("--csv", "missing/x"), "`missing/x` cannot be written: no such file or directory"),
        (("--account", "owner"), "`owner` is not `STACK=ID`"),
    ],
)
def test_wrong_options_are_refused(states, arguments, words) -> None:
    """Nothing is written then."""
    before = sorted(states.iterdir())
    done = audit("owner.json", *arguments)

    assert done.exit_code == 2
    assert words in done.stderr
    assert sorted(states.iterdir()) == before


def test_a_file_that_was_there_is_replaced_whole(states) -> None:
    """And nothing but the forms is written: not the states."""
    (states / "a.json").write_text("before")
    states_before = (states / "owner.json").read_bytes()
    audit("owner.json", "--json", "a.json", "--summary")

    assert json.loads((states / "a.json").read_text())["version"] == 1
    assert (states / "owner.json").read_bytes() == states_before


def test_a_hostile_files_name_is_not_obeyed(states) -> None:
    """What cannot be read is named without the escapes in its name, on both streams."""
    done = audit("owner.json", "x\033[31mred.json")

    assert done.exit_code == 3
    assert "\033" not in done.stdout + done.stderr
    assert r"x\x1b[31mred.json" in done.stderr
