"""The example in Node, from a shell and as a handler, against the local cloud."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.clients.scene import ROLE, A
from tests.session.conftest import clean_environment, key, served
from tests.session.functions_scene import put_service

if TYPE_CHECKING:
    from crossaccount.localcloud.cloud import Cloud
    from crossaccount.session import Key

__all__ = ["clean_environment", "key", "served"]

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "fc-node"
AS_HANDLER = """
const { handler } = require(process.env.EXAMPLE);
const { KEY_ID: accessKeyId, KEY_SECRET: accessKeySecret } = process.env;
handler('', { credentials: { accessKeyId, accessKeySecret } }).then(console.log);
"""


@pytest.fixture
def environment(served: Cloud, modules: Path) -> dict[str, str]:
    """What points the example at the local cloud."""
    return {
        "PATH": os.environ["PATH"],
        "NODE_PATH": str(modules),
        "ROLE_ARN": ROLE,
        "STS_ENDPOINT": served.url,
        "FC_ENDPOINT": served.url,
    }


def _node(arguments: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["node", "--no-deprecation", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def _as_user(key: Key) -> dict[str, str]:
    return {"ALIBABA_CLOUD_ACCESS_KEY_ID": key.key_id, "ALIBABA_CLOUD_ACCESS_KEY_SECRET": key.secret}


def test_it_lists_the_other_accounts_services(served: Cloud, key: Key, environment: dict[str, str]) -> None:
    """From a shell, every page of A's services is listed."""
    for number in range(120):
        put_service(served, "cn-hangzhou", f"s{number:03}")
    done = _node([str(EXAMPLE / "index.js")], environment | _as_user(key))

    assert done.returncode == 0, done.stderr
    assert len(set(json.loads(done.stdout))) == 121


def test_it_is_a_handler(key: Key, environment: dict[str, str]) -> None:
    """As a function, it takes the key of its context and answers JSON."""
    given = {"EXAMPLE": str(EXAMPLE), "KEY_ID": key.key_id, "KEY_SECRET": key.secret}
    done = _node(["-e", AS_HANDLER], environment | given)

    assert json.loads(done.stdout) == ["jobs"], done.stderr


def test_a_refusal_is_told(key: Key, environment: dict[str, str]) -> None:
    """A role that is not there ends with code 1 and the service's code."""
    gone = {"ROLE_ARN": f"acs:ram::{A}:role/gone"}
    done = _node([str(EXAMPLE / "index.js")], environment | _as_user(key) | gone)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("EntityNotExist.Role: ")


def test_its_packages_are_those_the_clients_are_tested_with() -> None:
    """The example locks the versions that the client tests run."""
    tested = json.loads((ROOT / "tests" / "clients" / "node" / "package.json").read_text())
    ours = json.loads((EXAMPLE / "package.json").read_text())
    locked = json.loads((EXAMPLE / "package-lock.json").read_text())

    assert ours["dependencies"] == tested["dependencies"]
    assert locked["packages"][""]["dependencies"] == ours["dependencies"]
    assert locked["name"] == ours["name"] == locked["packages"][""]["name"]
