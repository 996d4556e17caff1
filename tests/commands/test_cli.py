"""The command as a whole: its help page and its laziness."""

from __future__ import annotations

import subprocess
import sys

from click.testing import CliRunner

from crossaccount import cli

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
