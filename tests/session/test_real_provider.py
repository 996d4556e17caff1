"""The real alicloud provider inside a session: from the environment, and from a credentials URI."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.clients.scene import ROLE, A

if TYPE_CHECKING:
    from pathlib import Path

    from tests.session.conftest import Terminal

NEEDED = ("pulumi", "pulumi-language-python", "pulumi-resource-alicloud")
PROJECT = "name: who\nruntime:\n  name: python\n  options:\n    virtualenv: {}\n"
PROGRAM = """
import pulumi
import pulumi_alicloud as alicloud

here = pulumi.Config().require("endpoint")
provider = alicloud.Provider(
    "p",
    region="cn-hangzhou",
    protocol="HTTP",
    account_type="Domestic",
    endpoints=[alicloud.ProviderEndpointArgs(ram=here, sts=here, fc=here)],
)
caller = alicloud.get_caller_identity(opts=pulumi.InvokeOptions(provider=provider))
pulumi.export("arn", caller.arn)
"""


@pytest.fixture
def project(tmp_path: Path, terminal: Terminal) -> dict[str, str]:
    """A Pulumi project that tells who its provider is; the variables to run it with."""
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        pytest.skip(f"not on the PATH: {', '.join(missing)}")
    (tmp_path / "backend").mkdir()
    (tmp_path / "Pulumi.yaml").write_text(PROJECT.format(sys.prefix))
    (tmp_path / "__main__.py").write_text(PROGRAM)
    variables = {
        "PULUMI_BACKEND_URL": f"file://{tmp_path / 'backend'}",
        "PULUMI_CONFIG_PASSPHRASE": "of a test",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "NO_PROXY": "127.0.0.1",
    }
    for command in (["stack", "init", "dev"], ["config", "set", "endpoint", terminal.cloud.endpoint]):
        subprocess.run(
            ["pulumi", *command, "--non-interactive"],
            cwd=tmp_path,
            env=terminal.environment | variables,
            check=True,
            capture_output=True,
        )
    return variables


@pytest.mark.real_engine
@pytest.mark.parametrize("form", [[], ["--serve"]])
def test_the_provider_is_the_role(terminal: Terminal, project: dict[str, str], form: list[str]) -> None:
    """Run inside the session, the provider signs as A's role; it takes keys or an address alike."""
    up = ["pulumi", "up", "--yes", "--skip-preview", "--stack", "dev", "--non-interactive"]
    done = terminal.run("assume", ROLE, *form, "--", *up, **project)
    assert done.returncode == 0, done.stdout + done.stderr

    output = subprocess.run(
        ["pulumi", "stack", "output", "--json", "--stack", "dev"],
        cwd=terminal.folder,
        env=terminal.environment | project,
        check=True,
        capture_output=True,
        text=True,
    )
    assert json.loads(output.stdout)["arn"] == f"acs:ram::{A}:assumed-role/fc-reader/dev"
