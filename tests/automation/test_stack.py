"""A stack under the real engine on a local cloud: nothing else is called, nothing of the user's is used."""

from __future__ import annotations

import contextlib
import socket
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crossaccount.automation import environment
from crossaccount.automation.installed import missing
from crossaccount.automation.stack import Stack
from crossaccount.engine import ProgramError, ProjectError, StepError, Target, TargetError
from crossaccount.localcloud.cloud import Cloud

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent.parent
OWNER = "1234567890120000"


class Recorder:
    """An HTTP proxy that answers nothing and keeps the first line of each request."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}"
        self.asked: list[str] = []
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._server.accept()
                with connection:
                    self.asked.append(connection.recv(4096).partition(b"\r\n")[0].decode())

    def close(self) -> None:
        """Stop."""
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join()


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    """A served cloud with the owner's account."""
    with Cloud([OWNER]) as served:
        yield served


@pytest.fixture
def target(cloud: Cloud) -> Target:
    """The owner's root on it."""
    key = cloud.accounts[OWNER].root_key
    return Target(cloud.endpoint, key.key_id, key.secret)


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Recorder]:
    """Stands where calls to other machines would end."""
    recording = Recorder()
    made = environment.variables
    monkeypatch.setattr(
        environment,
        "variables",
        lambda *arguments: made(*arguments[:3], recording.url),
    )
    yield recording
    recording.close()


def opened(target: Target, folder: Path, name: str = "account-a") -> Stack:
    """The committed stack, its state in a folder of the test."""
    return Stack.open(ROOT, name, target=target, state_dir=folder, passphrase="of a test")


def needs_the_real_engine() -> None:
    """Skip where the CLI or the provider is not there."""
    absent = missing()
    if absent:
        pytest.skip(f"not on the PATH: {', '.join(absent)}")


@pytest.mark.real_engine
def test_a_whole_run_calls_nothing_but_the_local_cloud(
    cloud: Cloud, target: Target, recorder: Recorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Up, refresh, destroy: no request for another host, with a foreign account and backend around."""
    needs_the_real_engine()
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAI5tSomebodys")
    monkeypatch.setenv("ALIBABA_CLOUD_PROFILE", "somebodys")
    monkeypatch.setenv("PULUMI_ACCESS_TOKEN", "pul-somebodys")
    stack = opened(target, tmp_path)

    assert stack.up().changes == {"create": 5}
    assert list(cloud.accounts[OWNER].ram.roles) == ["fc-partner-b"]
    assert stack.outputs()["roleArns"] == {"fc-partner-b": f"acs:ram::{OWNER}:role/fc-partner-b"}
    assert stack.refresh().changes == {"same": 5}
    assert stack.destroy().changes == {"delete": 5}
    assert dict(cloud.accounts[OWNER].ram.roles) == {}
    assert recorder.asked == []
    assert cloud.unimplemented == {}


@pytest.mark.real_engine
def test_without_the_account_type_the_provider_would_ask_another_host(
    target: Target, recorder: Recorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The proxy that stands in the way does see a call that is made: the provider's question at its start."""
    needs_the_real_engine()
    configured = environment.provider_config
    monkeypatch.setattr(
        environment,
        "provider_config",
        lambda endpoint: {k: v for k, v in configured(endpoint).items() if not k.endswith("accountType")},
    )
    with contextlib.suppress(StepError, ProgramError):
        opened(target, tmp_path).up()

    assert [line for line in recorder.asked if "business" in line]


@pytest.mark.real_engine
def test_a_refused_program_ends_in_its_own_words(cloud: Cloud, tmp_path: Path) -> None:
    """Credentials of another account: the program's message, and nothing was made."""
    needs_the_real_engine()
    stranger = cloud.add_account("1456789012340000").root_key
    stack = opened(Target(cloud.endpoint, stranger.key_id, stranger.secret), tmp_path)

    with pytest.raises(ProgramError, match="wrong account: stack `account-a`"):
        stack.up()
    assert dict(cloud.accounts["1456789012340000"].ram.roles) == {}


def test_an_endpoint_that_is_not_local_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even a target that insists is refused: this is no way to a real account."""
    monkeypatch.setattr("crossaccount.automation.installed.missing", lambda: ())

    with pytest.raises(TargetError, match="on a local cloud only"):
        opened(Target(None, "id", "secret", live=True), tmp_path)


def test_a_machine_without_the_cli_is_told_what_is_missing(
    target: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error names the programs."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path))

    with pytest.raises(ProjectError, match="`pulumi`, `pulumi-language-python`"):
        opened(target, tmp_path)


def test_keys_proxies_and_backends_of_the_user_are_out_of_sight(
    target: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What would lead to another account, backend or machine is set to nothing or to the local cloud."""
    for name in ("ALIBABA_CLOUD_SECURITY_TOKEN", "PULUMI_ACCESS_TOKEN", "https_proxy"):
        monkeypatch.setenv(name, "somebody's")
    found = environment.variables(tmp_path, "of a test", target, "http://127.0.0.1:1")

    assert "somebody's" not in found.values()
    assert found["ALICLOUD_ACCESS_KEY"] == target.access_key_id
    assert found["PULUMI_BACKEND_URL"].startswith(f"file://{tmp_path}")
    assert found["PULUMI_HOME"].startswith(str(tmp_path))
