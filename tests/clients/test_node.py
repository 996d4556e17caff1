"""Node: `@alicloud/pop-core` assumes the role, `@alicloud/fc2` lists the services with the session."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.clients.scene import ROLE, A

SOURCE = Path(__file__).parent / "node"
CACHE = Path(__file__).parents[2] / ".crossaccount" / "node"


@pytest.fixture(scope="session")
def modules():
    """The folder with the locked packages, installed once; skips where Node is not there."""
    missing = [name for name in ("node", "npm") if shutil.which(name) is None]
    if missing:
        pytest.skip(f"not on the PATH: {', '.join(missing)}")
    lock = (SOURCE / "package-lock.json").read_bytes()
    folder = CACHE / hashlib.sha256(lock).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        if not (folder / ".complete").exists():
            for name in ("package.json", "package-lock.json"):
                shutil.copy(SOURCE / name, folder)
            install = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            done = subprocess.run(install, cwd=folder, capture_output=True, text=True, check=False)
            assert done.returncode == 0, f"npm could not install the locked packages:\n{done.stderr}"
            (folder / ".complete").touch()
    return folder / "node_modules"


@pytest.fixture
def run(scene, modules):
    """Runs the script with a key, and gives its line of JSON."""

    def start(key_id, secret, method="POST"):
        settings = {
            "NODE_PATH": str(modules),
            "ENDPOINT": scene.endpoint,
            "ACCOUNT": A,
            "ROLE_ARN": ROLE,
            "KEY_ID": key_id,
            "KEY_SECRET": secret,
            "METHOD": method,
        }
        done = subprocess.run(
            ["node", "--no-deprecation", str(SOURCE / "delegation.js")],
            env={"PATH": os.environ["PATH"]} | settings,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.stdout, done.stderr
        return json.loads(done.stdout)

    return start


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_session_lists_the_services(scene, run, method):
    """Both samples in one script; what the role does not allow is refused in Function Compute 2.0's shape."""
    answer = run(*scene.partner, method)

    assert answer["user"]["Arn"] == f"{ROLE}/dev"
    assert answer["services"] == ["jobs"]
    assert answer["refusal"]["code"] == "AccessDenied"
    assert (
        f"'fc:CreateService' on resource 'acs:fc:cn-hangzhou:{A}:services/*'" in answer["refusal"]["message"]
    )


def test_a_refusal_is_the_clients_error(scene, run):
    """The owner's root key may assume nothing; pop-core throws an error named after the code."""
    error = run(*scene.owner)["error"]

    assert (error["name"], error["code"]) == ("NoPermissionError", "NoPermission")
    assert "Roles may not be assumed by root accounts" in error["message"]
