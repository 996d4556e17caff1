"""A warm cache: served without a command-line library or an SDK, exactly as the whole command would."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import click
import pytest

from crossaccount.commands.assume import assume
from crossaccount.session.assume_options import (
    ENVIRONMENT,
    FLAGS,
    FORMATS,
    VALUED,
    AssumeOptions,
    parse,
    seconds,
)
from crossaccount.session.errors import SessionError
from tests.clients.scene import ROLE
from tests.session.conftest import assume_calls

if TYPE_CHECKING:
    from pathlib import Path

    from crossaccount.localcloud.cloud import Cloud
    from tests.session.conftest import Terminal

HEAVY = (
    "click",
    "rich",
    "alibabacloud_sts20150401",
    "Tea",
    "darabonba",
    "requests",
    "pulumi",
    "pydantic",
    "ssl",
)
# What only the whole command understands.
WHOLE = {"write_profile", "yes", "serve", "port", "console", "switch_role", "destination", "open_browser"}


def test_a_hit_loads_nothing_heavy(terminal: Terminal) -> None:
    """A cached session is printed without click, rich, an SDK or TLS in the process."""
    terminal.answer("assume", ROLE, "--process")
    code = (
        "import sys; from crossaccount.session.warm import serve; code = serve(sys.argv[1:]); "
        f"print(code, [name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, ROLE, "--process"],
        env=terminal.environment,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stderr == "0 []\n"


def test_both_readers_know_the_same_options(clean_environment: Path) -> None:
    """Each option of the command is known here with the same arity and variable, or left to the command."""
    options = {each.name: each for each in assume.params if isinstance(each, click.Option)}
    spelled = {"form": "format", "as_json": "json"}
    flags = {spelled.get(name, name) for name, each in options.items() if each.is_flag} - WHOLE
    valued = {spelled.get(name, name) for name, each in options.items() if not each.is_flag} - WHOLE

    assert (flags, valued) == (set(FLAGS), set(VALUED))
    assert {name: each.envvar for name, each in options.items() if each.envvar} == ENVIRONMENT
    assert options["form"].type.choices == FORMATS  # type: ignore[attr-defined]
    given = assume.make_context("assume", ["r"]).params
    plain = AssumeOptions("r")
    assert all(given[name] == getattr(plain, name) for name in VALUED if name in given)
    assert {option for each in options.values() for option in each.opts} >= {
        "--" + name.replace("_", "-") for name in (*FLAGS, *VALUED)
    }


@pytest.mark.parametrize(
    "arguments",
    [
        ["r", "--format", "fish"],
        ["--json", "r"],
        ["r", "--duration=2h", "--", "ls", "-l"],
        ["r", "--handover", "f", "--session-policy", "{}"],
    ],
)
def test_plain_words_are_understood(arguments: list[str]) -> None:
    """The options may stand before or after ROLE, with `=` or without; after `--` all is the command."""
    read = parse(arguments, {})

    assert read is not None
    assert read.role == "r"
    assert read.command == (("ls", "-l") if "--" in arguments else ())


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--help"],
        ["r", "-h"],
        ["r", "s"],
        ["r", "--unknown"],
        ["r", "--duration"],
        ["r", "--json=1"],
        ["r", "--json", "--process"],
        ["r", "--format", "bash"],
        ["r", "--console"],
        ["r", "--external-id", "-"],
        ["r", "--json", "--", "ls"],
        ["r", "-json"],
    ],
)
def test_what_is_not_plain_is_left_to_the_command(arguments: list[str]) -> None:
    """Help, mistakes, questions and the forms that do more are the whole command's."""
    assert parse(arguments, {}) is None


def test_variables_stand_for_options() -> None:
    """`CROSSACCOUNT_...` variables count where the option is not given; empty ones do not."""
    environment = {"CROSSACCOUNT_ENDPOINT": "127.0.0.1:1", "CROSSACCOUNT_STACK": ""}

    assert parse(["r"], environment) == AssumeOptions("r", endpoint="127.0.0.1:1")
    assert parse(["r", "--endpoint", "h"], environment) == AssumeOptions("r", endpoint="h")


def test_a_hit_and_the_whole_command_print_the_same(terminal: Terminal) -> None:
    """Each printed form is the same from the fast path and from the command itself."""
    whole = [sys.executable, "-c", "from crossaccount.cli import main; main()"]
    terminal.answer("assume", ROLE, "--json")
    for form in (["--json"], ["--process"], ["--format", "sh"], ["--format", "fish"], []):
        arguments = ["assume", ROLE, *form]
        done = subprocess.run(
            [*whole, *arguments], env=terminal.environment, capture_output=True, text=True, check=True
        )
        assert terminal.run(*arguments).stdout == done.stdout


def test_every_difference_asks_for_a_session_of_its_own(served: Cloud, terminal: Terminal) -> None:
    """Another duration, name or policy is not served from the first session's file."""
    policy = '{"Version": "1", "Statement": [{"Effect": "Allow", "Action": "fc:*", "Resource": "*"}]}'
    for options in ([], ["--duration", "15m"], ["--session-name", "job"], ["--session-policy", policy]):
        terminal.answer("assume", ROLE, "--process", *options)

    assert assume_calls(served) == 4
    terminal.answer("assume", ROLE, "--process", "--session-policy", policy)
    assert assume_calls(served) == 4


@pytest.mark.parametrize(("text", "length"), [("900", 900), ("900s", 900), ("15m", 900), ("2h", 7200)])
def test_durations_have_units(text: str, length: int) -> None:
    """Seconds, minutes and hours."""
    assert seconds(text) == length


@pytest.mark.parametrize("text", ["", "1d", "h", "-900", "1.5h", "99999999"])
def test_what_is_no_duration_is_told(text: str) -> None:
    """Anything else is a usage error that names it."""
    with pytest.raises(SessionError, match="is no duration"):
        seconds(text)
