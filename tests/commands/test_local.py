"""`crossaccount local`, as a program in any language starts it."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests
from alibabacloud_sts20150401.client import Client
from alibabacloud_tea_openapi.models import Config

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMAND = Path(sys.executable).parent / "crossaccount"
A, B = "1234567890120000", "1345678901230000"


@contextmanager
def running(*options: str) -> Iterator[subprocess.Popen[str]]:
    """A `crossaccount local` process, ended when the block ends."""
    with subprocess.Popen(
        [COMMAND, "local", *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def test_prints_one_line_of_json_once_it_is_ready_and_serves_each_account() -> None:
    """The ready line names the endpoint and each account's root key, and the keys work at once."""
    with running("--port", "0", "--accounts", f"{A},{B}", "--json") as process:
        ready = json.loads(process.stdout.readline())
        identities = {}
        for account_id, key in ready["accounts"].items():
            config = Config(
                endpoint=ready["endpoint"],
                protocol="HTTP",
                region_id="cn-hangzhou",
                access_key_id=key["accessKeyId"],
                access_key_secret=key["accessKeySecret"],
            )
            identities[account_id] = Client(config).get_caller_identity().body.arn

    assert ready["endpoint"].startswith("127.0.0.1:")
    assert identities == {A: f"acs:ram::{A}:root", B: f"acs:ram::{B}:root"}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_ends_with_exit_code_0_when_it_is_terminated(number: signal.Signals) -> None:
    """A termination signal is the ordinary way to stop it."""
    with running("--port", "0", "--json") as process:
        process.stdout.readline()
        process.send_signal(number)

        assert process.wait(timeout=10) == 0
        assert process.stderr.read() == ""


def test_the_banner_tells_a_person_what_is_enforced_and_what_to_paste() -> None:
    """Without `--json` it prints the endpoint, the keys and the lines for SDK, engine and Pulumi."""
    with running("--port", "0", "--accounts", A) as process:
        lines = []
        while not lines or "Ctrl-C" not in lines[-1]:
            lines.append(process.stdout.readline())
    text = "".join(lines)

    for words in (
        "Always enforced",
        f"account {A}",
        "Config(endpoint=",
        "crossaccount up",
        "alicloud:endpoints",
        "https://",
        "HTTPS_PROXY=",
        "aliyun sts",
        'provider "alicloud"',
    ):
        assert words in text


def test_the_ready_line_tells_where_https_clients_find_what_to_trust(tmp_path: Path) -> None:
    """With `--ca-file` the certificate is written before the line is printed, and HTTPS works with it."""
    ca = tmp_path / "ca.pem"
    with running("--port", "0", "--accounts", A, "--json", "--ca-file", str(ca)) as process:
        ready = json.loads(process.stdout.readline())
        health = requests.get(f"https://{ready['httpsEndpoint']}/_local/health", verify=str(ca), timeout=10)
        served = requests.get(ready["caUrl"], timeout=10)

    assert ready["caFile"] == str(ca)
    assert ready["observe"] is False
    assert health.json()["accounts"] == [A]
    assert served.content == ca.read_bytes()


def test_a_seed_file_fills_the_accounts_it_names(tmp_path: Path) -> None:
    """Only the seed's accounts are there, unless others are asked for; a wrong seed is named by place."""
    seed = tmp_path / "seed.yaml"
    seed.write_text(
        f"accounts: [{{id: {A}, rootKey: {{id: LTAI5tGivenBySeed00001, secret: known-in-advance}}}}]"
    )
    with running("--port", "0", "--json", "--seed-file", str(seed)) as process:
        ready = json.loads(process.stdout.readline())
    assert ready["accounts"] == {
        A: {"accessKeyId": "LTAI5tGivenBySeed00001", "accessKeySecret": "known-in-advance"}
    }

    seed.write_text(f"accounts: [{{id: {A}, users: [{{}}]}}]")
    done = subprocess.run(
        [COMMAND, "local", "--seed-file", seed], capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 2
    assert "accounts[0].users[0].name" in done.stderr


def test_a_state_is_kept_from_one_run_to_the_next(tmp_path: Path) -> None:
    """With `--save` the first run begins the file, the second goes on with it; it is for its owner only."""
    state = tmp_path / "state.json"
    accounts = []
    for _ in range(2):
        with running("--port", "0", "--json", "--state", str(state), "--save") as process:
            ready = json.loads(process.stdout.readline())
            accounts.append(ready["accounts"])
            requests.post(f"http://{ready['endpoint']}/_local/clock", json={"advance": 10}, timeout=10)
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=10) == 0

    assert accounts[0] == accounts[1]
    assert set(accounts[0]) == {A, B}
    assert json.loads(state.read_text())["clockOffset"] == pytest.approx(20, abs=1e-3)
    assert state.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--save"], "--save needs --state"),
        (["--state", "missing.json"], "cannot read the state"),
        (["--state", "pyproject.toml"], "no state of a local cloud"),
        (["--host", "0.0.0.0"], "add --expose"),
        (["--seed-file", "missing.yaml"], "does not exist"),
    ],
)
def test_options_that_cannot_be_are_refused_in_words(options: list[str], told: str) -> None:
    """Each is one clear sentence and exit code 2, without a traceback."""
    done = subprocess.run(
        [COMMAND, "local", "--port", "0", *options],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        cwd=Path(__file__).parent.parent.parent,
    )

    assert (done.returncode, told in done.stderr) == (2, True)
    assert "Traceback" not in done.stderr


def test_observing_is_said_in_the_banner() -> None:
    """Whoever starts it with --observe is told that denials are let pass."""
    with running("--port", "0", "--observe", "--accounts", A) as process:
        lines = []
        while not lines or "Ctrl-C" not in lines[-1]:
            lines.append(process.stdout.readline())

    assert "OBSERVING" in "".join(lines)
    assert "Always enforced" not in "".join(lines)


@pytest.mark.parametrize("accounts", ["", "123", f"{A},{A}", f"{A},company-b"])
def test_refuses_what_is_no_account_id(accounts: str) -> None:
    """A wrong or repeated account id is named, with the form that is asked for."""
    done = subprocess.run(
        [COMMAND, "local", "--accounts", accounts], capture_output=True, text=True, timeout=30, check=False
    )

    assert done.returncode == 2
    assert "16 digits" in done.stderr or "twice" in done.stderr


def test_a_taken_port_is_one_clear_line() -> None:
    """A port in use is named, with the way out."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [COMMAND, "local", "--port", port], capture_output=True, text=True, timeout=30, check=False
        )

    assert done.returncode == 2
    assert f"cannot listen on 127.0.0.1:{port}" in done.stderr
    assert "Traceback" not in done.stderr
