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
    ):
        assert words in text


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
