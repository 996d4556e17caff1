"""A session as environment variables, read by real shells."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossaccount.session.environment import (
    CONFLICTING,
    assignment,
    exports,
    inside,
    serving,
    shell_of,
    variables,
)
from tests.session.test_role_session import session

# No shell can hold a zero byte; a newline at the end is cut by the shells' own substitution, not by quoting.
VALUES = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=40)
SPITEFUL = "'\"$(touch /tmp/x)`id`\\\n;&|!*?[]{}~#%<> \u2018\u2019\t"


def _read_by(shell: list[str], line: str) -> str:
    program = shutil.which(shell[0])
    if program is None:
        pytest.skip(f"{shell[0]} is not on the PATH")
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}
    environment |= {name: value for name, value in os.environ.items() if name == "LD_LIBRARY_PATH"}
    done = subprocess.run(
        [program, *shell[1:], f"{line}\nprintenv NAME"],
        capture_output=True,
        check=True,
        env=environment,
    )
    return done.stdout.decode().removesuffix("\n")


@settings(max_examples=40, deadline=None)
@given(VALUES)
def test_sh_reads_any_value_as_it_is(value: str) -> None:
    """Whatever a value holds, a POSIX shell sets exactly that and expands nothing."""
    assert _read_by(["sh", "-c"], assignment("sh", "NAME", value)) == value


@pytest.mark.parametrize("value", [SPITEFUL, "plain", "", "\\'", "\\"])
@pytest.mark.parametrize(
    ("form", "program"),
    [("sh", ["sh", "-c"]), ("fish", ["fish", "-c"]), ("powershell", ["pwsh", "-NoProfile", "-Command"])],
)
def test_each_shell_reads_spiteful_values_as_they_are(form: str, program: list[str], value: str) -> None:
    """Quotes, expansions and typographic quotes reach the variable unchanged."""
    assert _read_by(program, assignment(form, "NAME", value)) == value


@pytest.mark.parametrize(
    ("form", "line"),
    [
        ("sh", """export N='a'"'"'b\\c'"""),
        ("fish", """set -gx N 'a\\'b\\\\c'"""),
        ("powershell", """$Env:N = 'a''b\\c'"""),
    ],
)
def test_the_quoting_is_the_shells_documented_one(form: str, line: str) -> None:
    """Single quotes, with each shell's own way to hold one; PowerShell also ends at typographic quotes."""
    assert assignment(form, "N", "a'b\\c") == line
    assert assignment("powershell", "N", "a\u2019b") == "$Env:N = 'a\u2019\u2019b'"


def test_every_reader_finds_the_session_and_nothing_else() -> None:
    """All names that the SDKs and the provider read first carry the session; what leads elsewhere is gone."""
    before = dict.fromkeys(CONFLICTING, "other") | {"PATH": "/bin", "ALICLOUD_ACCESS_KEY": "LTAIother"}

    environment = inside(session(), before)

    assert set(environment) == {"PATH", *variables(session())}
    assert environment["ALICLOUD_ACCESS_KEY"] == environment["ALIBABA_CLOUD_ACCESS_KEY_ID"] == "STS.key"


def test_exports_unset_what_conflicts() -> None:
    """Only what is set is unset, in the shell's own way, before the session is set."""
    lines = exports(session(), "sh", {"ALIBABA_CLOUD_PROFILE": "x"}).splitlines()

    assert lines[0] == "unset ALIBABA_CLOUD_PROFILE"
    assert len(lines) == 1 + len(variables(session()))
    assert exports(session(), "fish", {"ALICLOUD_PROFILE": "x"}).startswith("set -e ALICLOUD_PROFILE\n")
    assert exports(session(), "powershell", {"ALICLOUD_PROFILE": "x"}).startswith(
        "Remove-Item Env:ALICLOUD_PROFILE"
    )


def test_a_served_command_has_the_address_and_no_key() -> None:
    """Beside a credentials URI no key and no profile may stand: the SDKs and the provider would prefer it."""
    environment = serving("http://127.0.0.1:9/x", variables(session()) | {"ALIBABA_CLOUD_PROFILE": "x"})

    assert environment["ALIBABA_CLOUD_CREDENTIALS_URI"] == "http://127.0.0.1:9/x"
    assert not set(variables(session())) & set(environment)
    assert "ALIBABA_CLOUD_PROFILE" not in environment
    assert environment["ALIBABA_CLOUD_CLI_PROFILE_DISABLED"] == "true"
    assert environment["ALIBABA_CLOUD_ECS_METADATA_DISABLED"] == "true"


@pytest.mark.parametrize(
    ("environment", "shell"),
    [
        ({"SHELL": "/usr/bin/fish"}, "fish"),
        ({"SHELL": "/usr/bin/pwsh"}, "powershell"),
        ({"PSModulePath": "x"}, "powershell"),
        ({"SHELL": "/bin/zsh"}, "sh"),
        ({}, "sh"),
    ],
)
def test_the_users_shell_is_told_from_the_environment(environment: dict[str, str], shell: str) -> None:
    """SHELL decides; PowerShell sets none on Windows."""
    assert shell_of(environment) == shell
