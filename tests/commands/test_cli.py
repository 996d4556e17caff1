"""The command as a whole: its help page and its laziness."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from crossaccount import cli

LEAVES = (
    *(["assume"], ["functions", "list"], ["functions", "invoke"], ["functions", "logs"], ["doctor"]),
    *(["handover", each] for each in ("export", "accept", "request", "answer")),
    *(["local"], ["preview"], ["up"], ["refresh"], ["destroy"], ["explain"], ["who-can"]),
    *(["diff"], ["comment"], ["audit"]),
)

COMMANDS = (
    "assume",
    "functions",
    "doctor",
    "demo",
    "local",
    "preview",
    "up",
    "refresh",
    "destroy",
    "diff",
    "comment",
)


def test_the_help_page_lists_every_command_with_a_line() -> None:
    """`crossaccount --help` names each subcommand and what it does."""
    shown = CliRunner().invoke(cli.main, ["--help"]).output

    for name in COMMANDS:
        assert f"  {name} " in shown


def test_every_command_explains_itself() -> None:
    """Each subcommand has a help page of its own."""
    for name in COMMANDS:
        result = CliRunner().invoke(cli.main, [name, "--help"])

        assert result.exit_code == 0, result.output
        assert "Usage: main" in result.output


def test_an_unknown_command_is_refused_by_name() -> None:
    """A command that does not exist is named, and the exit code is 2."""
    result = CliRunner().invoke(cli.main, ["destory"])

    assert result.exit_code == 2
    assert "destory" in result.output


def test_the_help_page_imports_no_package_of_a_command() -> None:
    """Asking for help loads neither Pulumi nor an SDK nor the local cloud, so that it answers at once."""
    code = (
        "import sys; from crossaccount.cli import main; main(['--help'], standalone_mode=False); "
        "print([name for name in ('pulumi', 'Tea', 'uvicorn', 'pydantic', 'crossaccount.engine', "
        "'crossaccount.localcloud') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("command", LEAVES, ids=" ".join)
def test_every_command_has_json_examples_and_its_exit_codes(command: list[str]) -> None:
    """Each subcommand that says something says it as JSON, too; its help page shows examples and codes."""
    shown = CliRunner().invoke(cli.main, [*command, "--help"]).output

    assert "--json" in shown
    assert "Examples:" in shown
    assert "Exit codes:" in shown or "Exits 0" in shown


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["assume", "--json"], "Missing argument 'ROLE'."),
        (["handover", "export", "--json", "--nosuch"], "No such option"),
        (["functions", "list", "--json", "--only", "mars", "r"], "Invalid value for '--only'"),
    ],
)
def test_wrong_usage_is_json_where_json_is_asked_for(arguments: list[str], told: str) -> None:
    """With `--json`, a wrong option is an object on standard error, with code 2; else click's own text."""
    done = CliRunner().invoke(cli.main, arguments)
    error = json.loads(done.stderr)["error"]
    plain = CliRunner().invoke(cli.main, [each for each in arguments if each != "--json"])

    assert (done.exit_code, done.stdout, error["kind"], error["exitCode"]) == (2, "", "usage", 2)
    assert told in error["message"]
    assert f"{' '.join(arguments[:1])}" in error["advice"]
    assert plain.stderr.startswith("Usage:")


def test_a_json_of_the_command_inside_is_not_ours() -> None:
    """`--json` after `--` belongs to the command that is run."""
    done = CliRunner().invoke(cli.main, ["assume", "--nosuch", "--", "aliyun", "--json"])

    assert done.stderr.startswith("Usage:")


def test_ctrl_c_while_a_command_loads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Interrupted before the command has begun, it ends with 130 as afterwards."""

    def interrupted(_name: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("importlib.import_module", interrupted)
    done = CliRunner().invoke(cli.main, ["assume", "role"])

    assert (done.exit_code, done.stderr) == (130, "interrupted; nothing was done\n")
