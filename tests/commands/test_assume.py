"""`crossaccount assume` from a terminal: forms, manners, endings."""

from __future__ import annotations

import json
import os
import pty
import shlex
import signal
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from components import handover
from crossaccount import cli
from crossaccount.session import ErrorKind
from tests.clients.scene import ROLE, A
from tests.session.conftest import COMMAND, assume_calls
from tests.session.test_network import serving

if TYPE_CHECKING:
    from crossaccount.localcloud.cloud import Cloud
    from tests.session.conftest import Terminal

PRINT = [sys.executable, "-c", "import os, json; print(json.dumps(dict(os.environ)))"]
_ASK = "from alibabacloud_credentials.client import Client; print(Client().get_credential().access_key_id)"
WHO = [sys.executable, "-c", _ASK]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A hand-over file whose role asks for no external id."""
    role = {"arn": ROLE, "maxSessionDuration": 3600, "externalIdRequired": False}
    path = tmp_path / "company-a.json"
    path.write_text(json.dumps(handover.write(A, "company-a", {"fc-reader": role})))
    return path


def test_exports_bring_a_shell_into_the_session(terminal: Terminal) -> None:
    """What is printed by default, a shell can evaluate; the key in it is the session's."""
    done = terminal.run("assume", ROLE, SHELL="/bin/sh")

    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == 6
    assert lines[0].startswith("export ALIBABA_CLOUD_ACCESS_KEY_ID='STS.")


def test_a_command_runs_inside_the_session(terminal: Terminal) -> None:
    """COMMAND has the session in its environment, and neither its arguments nor ours hold a key."""
    environment = terminal.answer("assume", ROLE, "--", *PRINT, ALICLOUD_ACCESS_KEY="LTAIother")

    assert environment["ALIBABA_CLOUD_ACCESS_KEY_ID"].startswith("STS.")
    assert environment["ALICLOUD_ACCESS_KEY"] == environment["ALIBABA_CLOUD_ACCESS_KEY_ID"]


@pytest.mark.parametrize("form", [[], ["--serve"]])
def test_a_commands_exit_code_comes_back(terminal: Terminal, form: list[str]) -> None:
    """The command's own code, the shell's codes for what cannot run, and a signal's."""
    start = ["assume", ROLE, *form, "--"]

    assert terminal.run(*start, "sh", "-c", "exit 42").returncode == 42
    missing = terminal.run(*start, "no-such-command")
    assert missing.returncode == 127
    assert "`no-such-command`" in missing.stderr
    assert terminal.run(*start, "/etc/passwd").returncode == 126
    killed = terminal.run(*start, "sh", "-c", "kill -9 $$").returncode
    assert killed in (-signal.SIGKILL, 128 + signal.SIGKILL)


@pytest.mark.parametrize("form", [[], ["--serve"]])
def test_a_signal_reaches_the_command(terminal: Terminal, form: list[str]) -> None:
    """SIGTERM to us is SIGTERM to the command, and its answer to it is ours."""
    script = "trap 'exit 9' TERM; echo ready; while :; do sleep 0.02; done"
    with terminal.start("assume", ROLE, *form, "--", "sh", "-c", script) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 9


def test_a_served_command_asks_for_its_key(terminal: Terminal) -> None:
    """With `--serve`, COMMAND has an address in its environment, no key, and the SDK gets its key there."""
    environment = terminal.answer("assume", ROLE, "--serve", "--", *PRINT)
    assert environment["ALICLOUD_CREDENTIALS_URI"].startswith("http://127.0.0.1:")
    assert not [name for name in environment if "SECRET" in name]

    assert terminal.run("assume", ROLE, "--serve", "--", *WHO).stdout.startswith("STS.")


def test_serving_alone_tells_the_address_and_ends_with_ctrl_c(terminal: Terminal) -> None:
    """The address is the one line on standard output; Ctrl-C ends it with code 130."""
    with terminal.start("assume", ROLE, "--serve", "--json") as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["credentialsUri"].startswith("http://127.0.0.1:")
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 130
        assert process.stderr is not None
        assert "interrupted" in process.stderr.read()


def test_a_taken_port_is_told(terminal: Terminal) -> None:
    """A port that is in use is a usage error."""
    port = terminal.cloud.endpoint.partition(":")[2]
    done = terminal.run("assume", ROLE, "--serve", "--port", port)

    assert done.returncode == 2
    assert f"cannot listen on 127.0.0.1:{port}" in done.stderr


def test_a_handover_file_is_enough(terminal: Terminal, file: Path) -> None:
    """FILE, FILE#NAME and a name with a variable all mean its role; its longest session is kept."""
    answers = [
        terminal.answer("assume", str(file), "--json"),
        terminal.answer("assume", f"{file}#fc-reader", "--json"),
        terminal.answer("assume", "fc-reader", "--json", CROSSACCOUNT_HANDOVER=str(file)),
    ]

    assert len({answer["RequestId"] for answer in answers}) == 1
    done = terminal.run("assume", str(file), "--duration", "2h")
    assert done.returncode == 2
    assert "at most 3600 seconds" in done.stderr


def test_an_external_id_comes_from_a_file_or_a_variable(
    terminal: Terminal, file: Path, tmp_path: Path
) -> None:
    """A role that asks for one is refused without; a file and a variable give it without a trace in argv."""
    role = {"arn": ROLE, "maxSessionDuration": 3600, "externalIdRequired": True}
    file.write_text(json.dumps(handover.write(A, None, {"fc-reader": role})))
    secret = tmp_path / "id.txt"
    secret.write_text("between-a-and-b\n")

    refused = terminal.run("assume", str(file))
    assert refused.returncode == 2
    assert "asks for an external id" in refused.stderr
    of_file = terminal.answer("assume", str(file), "--json", "--external-id", f"@{secret}")
    assert (
        terminal.answer("assume", str(file), "--json", CROSSACCOUNT_EXTERNAL_ID="between-a-and-b") == of_file
    )


def test_the_profile_is_asked_for_written_and_works(terminal: Terminal, tmp_path: Path) -> None:
    """Unasked nothing is written; with `--yes` the profile is, and no key with it."""
    config = Path(terminal.environment["HOME"]) / ".aliyun" / "config.json"
    refused = terminal.run("assume", ROLE, "--write-profile", "company-a")
    assert (refused.returncode, config.exists()) == (130, False)

    config.parent.mkdir()
    other = {"name": "work", "mode": "AK", "access_key_id": "LTAIwork", "unknown": [1]}
    config.write_text(json.dumps({"current": "work", "profiles": [other], "meta_path": ""}))
    config.chmod(0o640)
    told = terminal.answer(
        "assume", ROLE, "--write-profile", "company-a", "--yes", "--json", "--duration", "15m"
    )

    written = json.loads(config.read_text())
    assert written["current"] == "work"
    assert written["profiles"][0] == other
    assert written["profiles"][1]["process_command"] == told["processCommand"]
    assert set(written["profiles"][1]) == {
        "name",
        "mode",
        "process_command",
        "region_id",
        "output_format",
        "language",
    }
    assert "STS." not in config.read_text()
    assert config.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in config.parent.iterdir()] == ["config.json"]
    words = shlex.split(told["processCommand"])
    assert words[1:] == [
        "assume",
        ROLE,
        "--process",
        "--duration=900",
        f"--endpoint={terminal.cloud.endpoint}",
    ]
    again = terminal.answer("assume", ROLE, "--write-profile", "company-a", "--yes", "--json")
    assert len(json.loads(config.read_text())["profiles"]) == 2
    assert "--duration=3600" in again["processCommand"]


def test_a_profile_with_credentials_of_its_own_is_not_lost(terminal: Terminal) -> None:
    """A name that a profile with a key has is refused, and so is an external id in the clear."""
    config = Path(terminal.environment["HOME"]) / ".aliyun" / "config.json"
    config.parent.mkdir()
    config.write_text(json.dumps({"current": "work", "profiles": [{"name": "work", "mode": "AK"}]}))

    taken = terminal.run("assume", ROLE, "--write-profile", "work", "--yes")
    shown = terminal.run("assume", ROLE, "--write-profile", "b", "--yes", "--external-id", "between")

    assert (taken.returncode, shown.returncode) == (2, 2)
    assert "has mode `AK`" in taken.stderr
    assert "between" not in shown.stderr
    assert len(json.loads(config.read_text())["profiles"]) == 1


def test_the_profile_pins_the_profile_it_assumes_with(terminal: Terminal) -> None:
    """The written command names the source profile, so that making the new one current cannot loop."""
    config = Path(terminal.environment["HOME"]) / ".aliyun" / "config.json"
    config.parent.mkdir()
    environment = terminal.environment
    work = {
        "name": "work",
        "mode": "AK",
        "access_key_id": environment["ALIBABA_CLOUD_ACCESS_KEY_ID"],
        "access_key_secret": environment["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
        "region_id": "cn-shanghai",
    }
    config.write_text(json.dumps({"current": "work", "profiles": [work]}))

    told = terminal.answer("assume", ROLE, "--profile", "work", "--write-profile", "a", "--yes", "--json")

    assert "--profile=work" in shlex.split(told["processCommand"])
    assert json.loads(config.read_text())["profiles"][1]["region_id"] == "cn-shanghai"
    words = shlex.split(told["processCommand"])[1:]
    done = terminal.run(*words, ALIBABA_CLOUD_PROFILE="a", ALIBABA_CLOUD_ACCESS_KEY_ID="")
    assert json.loads(done.stdout)["mode"] == "StsToken"


def test_the_link_of_a_user_needs_no_call(terminal: Terminal, file: Path) -> None:
    """`--switch-role` makes the link from the hand-over alone; `--console` falls back to it without a key."""
    link = "https://signin.aliyun.com/switchRole.htm?parentAlias=company-a.onaliyun.com&roleName=fc-reader"
    nobody = {"ALIBABA_CLOUD_ACCESS_KEY_ID": "", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": ""}

    assert terminal.run("assume", str(file), "--switch-role").stdout == link + "\n"
    fallen = terminal.run(
        "assume", str(file), "--console", ALIBABA_CLOUD_ECS_METADATA_DISABLED="true", **nobody
    )
    assert fallen.stdout == link + "\n"
    assert terminal.answer("assume", str(file), "--switch-role", "--json")["kind"] == "switch-role"
    assert assume_calls(terminal.cloud) == 0


@pytest.mark.parametrize(
    "options",
    [
        ["--json", "--process"],
        ["--format", "sh", "--json"],
        ["--console", "--serve"],
        ["--console", "--", "ls"],
        ["--json", "--", "ls"],
        ["--write-profile", "x", "--switch-role"],
    ],
)
def test_one_form_at_a_time(terminal: Terminal, options: list[str]) -> None:
    """Forms that exclude each other are told by name, and nothing is called."""
    done = terminal.run("assume", ROLE, *options)

    assert (done.returncode, done.stdout) == (2, "")
    assert "exclude each other" in done.stderr
    assert assume_calls(terminal.cloud) == 0


def test_an_error_is_json_where_json_is_asked(terminal: Terminal) -> None:
    """With `--json` the failure is an object with kind, exit code, code, advice and whether to try again."""
    done = terminal.run("assume", f"acs:ram::{A}:role/gone", "--json")
    error = json.loads(done.stderr)["error"]

    assert (done.returncode, done.stdout) == (ErrorKind.MISSING.value, "")
    assert (error["kind"], error["exitCode"], error["code"]) == ("missing", 5, "EntityNotExist.Role")
    assert error["advice"]
    assert error["retryable"] is False


def test_a_terminal_is_shown_no_key(served: Cloud, terminal: Terminal) -> None:
    """On a terminal, without a form, the session is described: who, as whom, until when; no key."""
    shown = _on_terminal([*COMMAND, "assume", ROLE], terminal)

    assert f"as {ROLE}/dev" in shown
    assert "until 20" in shown
    kept = next(iter(served.sessions.to_json()))
    assert str(kept) not in shown
    assert "CAES" not in shown


def _on_terminal(command: list[str], terminal: Terminal) -> str:
    pid, descriptor = pty.fork()
    if pid == 0:  # pragma: no cover  the child is another program at once
        os.execvpe(command[0], command, terminal.environment)
    shown = b""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            part = os.read(descriptor, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part
    os.close(descriptor)
    os.waitpid(pid, 0)
    return shown.decode()


def test_the_help_page_has_examples_exit_codes_and_completion() -> None:
    """`--help` shows how it is used, what its codes mean and how completion is switched on."""
    shown = CliRunner().invoke(cli.main, ["assume", "--help"]).output

    for part in ("Examples:", "Exit codes:", "-- COMMAND", "_CROSSACCOUNT_COMPLETE", "--external-id"):
        assert part in shown


def test_completion_offers_the_roles_of_the_handover(terminal: Terminal, file: Path) -> None:
    """Completing ROLE offers the names in the hand-over file that is set."""
    done = terminal.run(
        CROSSACCOUNT_HANDOVER=str(file),
        _CROSSACCOUNT_COMPLETE="bash_complete",
        COMP_WORDS="crossaccount assume fc",
        COMP_CWORD="2",
    )

    assert "fc-reader" in done.stdout


def test_an_unsafe_cache_is_not_used(terminal: Terminal) -> None:
    """A cache directory that others can enter ends with its own code and no key."""
    cache = Path(terminal.environment["CROSSACCOUNT_CACHE_DIR"])
    cache.mkdir()
    cache.chmod(0o755)

    done = terminal.run("assume", ROLE, "--process")

    assert (done.returncode, done.stdout) == (ErrorKind.CACHE.value, "")
    assert "chmod 700" in done.stderr
    assert terminal.run("assume", ROLE, "--process", "--no-cache").returncode == 0


def test_a_reader_that_went_away_ends_it_quietly(terminal: Terminal) -> None:
    """Into a closed pipe, a cold and a warm cache end with the shell's code for it, and say nothing."""
    cold = terminal.unread("assume", ROLE, "--process")
    warm = terminal.unread("assume", ROLE, "--process")

    assert [(each.returncode, each.stderr) for each in (cold, warm)] == [(141, "")] * 2


@pytest.mark.parametrize("name", ["", " ", "a\x1b[31m"])
def test_a_profile_needs_a_name(terminal: Terminal, name: str) -> None:
    """A name that is empty or that a terminal would obey is refused, and no key is printed in its stead."""
    done = terminal.run("assume", ROLE, "--write-profile", name, "--yes")

    assert (done.returncode, done.stdout) == (ErrorKind.USAGE.value, "")
    assert "is no profile's name" in done.stderr
    assert "\x1b" not in done.stderr


def test_no_is_an_answer(terminal: Terminal) -> None:
    """Who says no has the profile not written, with a code and words of its own."""
    asked = ["assume", ROLE, "--write-profile", "company-a"]
    done = CliRunner().invoke(cli.main, asked, input="n\n", env=terminal.environment)

    assert done.exit_code == ErrorKind.FAILED.value
    assert "nothing was written" in done.stderr


def test_ctrl_c_leaves_nothing_half_written(terminal: Terminal) -> None:
    """Interrupted while STS is slow, it ends with 130, and the cache holds no file but the lock."""
    asked, released = threading.Event(), threading.Event()

    def answer(_connection: object) -> None:
        asked.set()
        released.wait(30)

    with serving(answer) as (endpoint, _):
        process = terminal.start("assume", ROLE, "--process", CROSSACCOUNT_ENDPOINT=endpoint)
        assert asked.wait(30)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
        released.set()

    assert (process.returncode, out) == (130, "")
    assert "interrupted" in err
    cache = Path(terminal.environment["CROSSACCOUNT_CACHE_DIR"])
    assert [path.suffix for path in cache.iterdir()] == [".lock"]
