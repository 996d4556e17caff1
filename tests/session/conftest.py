"""A delegation on a served local cloud, a user's home, and a terminal to run the command in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from crossaccount.localcloud import sdk_seam
from crossaccount.localcloud.cloud import Cloud
from crossaccount.session import Key, SessionRequest
from crossaccount.session.source import Source, SourceKind
from tests.clients.scene import ROLE, A, B, furnish

if TYPE_CHECKING:
    from collections.abc import Iterator

_ENTRY = "import sys; sys.argv[0] = 'crossaccount'; from crossaccount.entry import main; main()"
COMMAND = [sys.executable, "-c", _ENTRY]
_FOREIGN = (
    *("ALIBABA", "ALICLOUD", "CROSSACCOUNT", "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"),
    *("SSL_CERT", "REQUESTS_CA_BUNDLE"),
)


@dataclass(frozen=True)
class Terminal:
    """The command in processes of its own, as B's user `dev`."""

    cloud: Cloud
    environment: dict[str, str]
    folder: Path

    def start(self, *arguments: str, **variables: str) -> subprocess.Popen[str]:
        """Start `crossaccount ...`."""
        return subprocess.Popen(
            [*COMMAND, *arguments],
            env=self.environment | variables,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run `crossaccount ...` to its end."""
        process = self.start(*arguments, **variables)
        out, err = process.communicate(timeout=60)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def unread(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `crossaccount ...` into a pipe that nobody reads."""
        reader, writer = os.pipe()
        os.close(reader)
        command = [*COMMAND, *arguments]
        try:
            return subprocess.run(
                command,
                env=self.environment,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=writer,
                stderr=subprocess.PIPE,
                text=True,
                timeout=60,
                check=False,
            )
        finally:
            os.close(writer)

    def answer(self, *arguments: str, **variables: str) -> Any:
        """What `crossaccount ...` prints as JSON; it has to end well."""
        done = self.run(*arguments, **variables)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No credentials, proxies or settings of the machine; a home and a cache of the test's own."""
    for name in [name for name in os.environ if name.startswith(_FOREIGN)]:
        monkeypatch.delenv(name)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("CROSSACCOUNT_CACHE_DIR", str(tmp_path / "cache"))
    return home


@pytest.fixture
def served(clean_environment: Path) -> Iterator[Cloud]:
    """A served cloud, and no patched client: whoever calls has to be told where it is."""
    cloud = Cloud([A, B])
    with cloud:
        yield cloud
    sdk_seam.close_connections()
    assert not cloud.faults


@pytest.fixture
def key(served: Cloud) -> Key:
    """The key of B's user `dev`, who may assume A's role `fc-reader`."""
    key_id, secret = furnish(served)
    return Key(key_id, secret)


@pytest.fixture
def source(key: Key) -> Source:
    """B's user as the source of sessions."""
    return Source(SourceKind.ENVIRONMENT, "the environment's access key", f"key:{key.key_id}", key)


@pytest.fixture
def request_of(served: Cloud) -> Any:
    """Makes a request for A's role at the served cloud."""

    def make(**fields: Any) -> SessionRequest:
        return SessionRequest(**{"role_arn": ROLE, "endpoint": served.endpoint, "duration": 900} | fields)

    return make


@pytest.fixture
def terminal(served: Cloud, key: Key, tmp_path: Path) -> Terminal:
    """A terminal of B's user `dev`."""
    environment = dict(os.environ) | {
        "ALIBABA_CLOUD_ACCESS_KEY_ID": key.key_id,
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": key.secret,
        "CROSSACCOUNT_ENDPOINT": served.endpoint,
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "COLUMNS": "200",
    }
    return Terminal(served, environment, tmp_path)


def assume_calls(cloud: Cloud) -> int:
    """How many AssumeRole calls the cloud decided."""
    decided = cloud.decisions.to_json()
    return len({entry["requestId"] for entry in decided if entry["action"] == "sts:AssumeRole"})
