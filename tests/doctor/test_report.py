"""What `doctor` prints, and that its codes are the documented ones."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

from click.testing import CliRunner

from crossaccount import cli
from crossaccount.commands.doctor_text import report_lines, report_to_json
from crossaccount.doctor import Answer, Check, Diagnosis, Observations, Status, examine, verdict
from crossaccount.doctor.observations import plain
from crossaccount.session import SessionRequest
from tests.clients.scene import ROLE

if TYPE_CHECKING:
    import pytest

    from tests.doctor.conftest import Doctor

DOCS = Path(__file__).parents[2] / "docs" / "doctor.md"


def test_the_documented_codes_are_the_codes() -> None:
    """The table in the documentation has each diagnosis once, in its own words."""
    rows = re.findall(r"^\| ([0-9]+) \| (.+) \|$", DOCS.read_text(), re.MULTILINE)

    assert [(int(code), told) for code, told in rows] == [(each.value, each.told) for each in Diagnosis]


def test_the_help_page_has_every_code() -> None:
    """`--help` shows examples, what is called, and each exit code."""
    shown = CliRunner().invoke(cli.main, ["doctor", "--help"]).output
    codes = shown.partition("Exit codes:")[2]

    assert "Examples:" in shown
    assert "What is called:" in shown
    assert "--no-cache" not in shown
    assert {int(code) for code in re.findall(r"(?:^|[;\n]) *([0-9]+) [a-zA-Z]", codes)} == {
        each.value for each in Diagnosis
    }


def test_the_first_failure_decides() -> None:
    """Later failures are shown and do not change the code; what cannot be told is no success."""
    bad = [
        Check(name, Status.FAILED, diagnosis=each)
        for name, each in (("a", Diagnosis.EXPIRED), ("b", Diagnosis.NOT_OPEN))
    ]
    well, dark = Check("c", Status.OK), Check("d", Status.UNTOLD)

    assert verdict([well, dark, *bad]) is Diagnosis.EXPIRED
    assert verdict([well, dark]) is Diagnosis.UNTOLD
    assert verdict([well, Check("e", Status.NOT_REACHED)]) is Diagnosis.HEALTHY


def test_off_a_terminal_there_is_no_colour(doctor: Doctor) -> None:
    """The table has a line for each check, the failure's evidence and mend, and the verdict; no escapes."""
    done = CliRunner().invoke(cli.main, ["doctor", f"{ROLE}x", "--in", "cn-hangzhou"])
    lines = done.stdout.splitlines()

    assert done.exit_code == Diagnosis.ROLE_MISSING.value
    assert "\x1b" not in done.output
    assert [line.split()[0] for line in lines[1:6]] == ["ok"] * 5
    assert lines[6].split()[:2] == ["failed", "role"]
    assert any(line.lstrip().startswith("mend: ") for line in lines)
    assert lines[-1] == "the role does not exist (exit code 30)"
    assert done.stderr == ""


def test_a_hostile_answer_is_one_harmless_line() -> None:
    """Words of a service are one line without control characters, and rich's markup in them is text."""
    evil = Answer("AssumeRole", "sts", 403, "NoPermission", "[red]\x1b[2J\nroot@host# rm\u202e", "R\x07")
    request = SessionRequest(ROLE)
    checks = (Check("role", Status.FAILED, "bad", (evil.line,), (), Diagnosis.FAILED),)
    lines = list(report_lines(Observations(request, "2026-01-01T00:00:00Z"), checks))

    assert not [each for line in lines for each in line if not each.isprintable()]
    assert "\\[red]" in "".join(lines)
    assert len(plain("x" * 10_000)) == 300


def test_nothing_observed_is_nothing_reached() -> None:
    """Without any observation every check is not reached, and JSON can be made of it."""
    seen = Observations(SessionRequest(ROLE, external_id="between-a-and-b"), "2026-01-01T00:00:00Z")
    checks = examine(seen)

    assert {each.status for each in checks} == {Status.NOT_REACHED}
    assert "between-a-and-b" not in json.dumps(report_to_json(seen, checks))


def test_interrupting_is_clean(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends with its own code and no report."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("crossaccount.commands.doctor.observe", interrupt)
    report = doctor.run()

    assert (report.code, report.document) == (Diagnosis.INTERRUPTED.value, {})
