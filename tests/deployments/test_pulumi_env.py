"""The fixture `pulumi_env`: the real CLI and provider on a local cloud; the provider assumes a role."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.localcloud.delegation import Delegation

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

    from crossaccount.localcloud.account import Account
    from crossaccount.localcloud.cloud import Cloud
    from crossaccount.localcloud.pulumi_env import PulumiEnv

pytestmark = pytest.mark.real_engine

NEEDED = ("pulumi", "pulumi-language-python", "pulumi-resource-alicloud")
PROGRAM = """\
import pulumi
import pulumi_alicloud as alicloud

pulumi.export("arn", alicloud.get_caller_identity().arn)
alicloud.ram.Policy("p", policy_name="by-the-session", policy_document=pulumi.Config().require("document"))
"""
DOCUMENT = {"Version": "1", "Statement": [{"Action": ["fc:Get*"], "Effect": "Allow", "Resource": ["*"]}]}


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A small Pulumi program; skips where the CLI or the provider is not on the PATH."""
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        pytest.skip(f"not on the PATH: {', '.join(missing)}")
    folder = tmp_path / "program"
    folder.mkdir()
    (folder / "__main__.py").write_text(PROGRAM)
    (folder / ".venv").symlink_to(sys.prefix)
    runtime = {"name": "python", "options": {"virtualenv": ".venv"}}
    (folder / "Pulumi.yaml").write_text(yaml.safe_dump({"name": "p", "runtime": runtime}))
    (folder / "Pulumi.dev.yaml").write_text(yaml.safe_dump({"config": {"p:document": json.dumps(DOCUMENT)}}))
    return folder


def test_the_provider_assumes_a_role_over_https_on_the_port_it_also_calls_over_http(
    program: Path,
    pulumi_env: PulumiEnv,
    cloud: Cloud,
    account_a: Account,
    account_b: Account,
    assume: Callable[..., Any],
) -> None:
    """With `assumeRole` the run is B's user as a session in A, and the user's files stay as they were."""
    delegation = Delegation(cloud, account_a, account_b, assume)
    role = delegation.role(delegation.trust(), policy="AliyunRAMFullAccess")
    alice = delegation.user()
    before = {path.name: path.read_text() for path in program.glob("Pulumi*")}
    copy = pulumi_env.project(
        program,
        {"dev": None},
        alicloud__accessKey=alice.key_id,
        alicloud__secretKey=alice.secret,
        alicloud__assumeRole=json.dumps({"roleArn": role, "sessionName": "pulumi"}),
    )

    def pulumi(*arguments: str) -> str:
        done = subprocess.run(
            ["pulumi", *arguments, "--stack", "dev", "--non-interactive"],
            cwd=copy,
            env={**pulumi_env.env},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    pulumi("stack", "init")
    pulumi("up", "--yes", "--skip-preview")

    assert json.loads(pulumi("stack", "output", "--json"))["arn"].endswith(":assumed-role/fc-reader/pulumi")
    assert list(account_a.ram.policies) == ["by-the-session"]
    pulumi("destroy", "--yes", "--skip-preview")
    assert list(account_a.ram.policies) == []
    assert {path.name: path.read_text() for path in program.glob("Pulumi*")} == before
