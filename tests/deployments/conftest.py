"""The real Pulumi CLI and alicloud provider on a local cloud; skipped, with the reason, where absent."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from crossaccount.localcloud.cloud import Cloud

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent.parent
OWNER, PARTNER = "1234567890120000", "1345678901230000"
STACKS = {"account-a": OWNER, "account-b": PARTNER}
NEEDED = ("pulumi", "pulumi-language-python", "pulumi-resource-alicloud")


class PulumiProject:
    """A throw-away copy of the project, run by the real CLI against one local cloud.

    Args:
        folder: where the copy and the file backend go.
        cloud: a served local cloud.
    """

    def __init__(self, folder: Path, cloud: Cloud) -> None:
        self._cloud = cloud
        self._folder = folder / "project"
        self._folder.mkdir()
        (folder / "backend").mkdir()
        for name in ("Pulumi.yaml", "__main__.py", "components", "crossaccount"):
            (self._folder / name).symlink_to(ROOT / name)
        (self._folder / ".venv").symlink_to(sys.prefix)
        for stack, account_id in STACKS.items():
            self._write_stack_file(stack, account_id)
        self._environment = {
            **{
                name: value
                for name, value in os.environ.items()
                if not name.startswith(("ALICLOUD_", "ALIBABA"))
            },
            "PULUMI_BACKEND_URL": f"file://{folder / 'backend'}",
            "PULUMI_CONFIG_PASSPHRASE": "of a test",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "NO_PROXY": "127.0.0.1",
        }

    def run(self, *arguments: str, stack: str) -> subprocess.CompletedProcess[str]:
        """Run `pulumi` for one stack; its output is text."""
        return subprocess.run(
            ["pulumi", *arguments, "--stack", stack, "--non-interactive"],
            cwd=self._folder,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def must(self, *arguments: str, stack: str) -> str:
        """Run `pulumi`, demand exit code 0, and return its standard output."""
        done = self.run(*arguments, stack=stack)

        assert done.returncode == 0, f"pulumi {' '.join(arguments)}:\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def changes(self, *arguments: str, stack: str) -> dict[str, int]:
        """The change summary of a `preview --json`, without what stays the same."""
        summary: dict[str, int] = json.loads(self.must(*arguments, "--json", stack=stack))["changeSummary"]
        return {op: count for op, count in summary.items() if op != "same"}

    def _write_stack_file(self, stack: str, account_id: str) -> None:
        """The committed stack file, with what points the provider at the local cloud."""
        document: dict[str, Any] = yaml.safe_load((ROOT / f"Pulumi.{stack}.yaml").read_text())
        key = self._cloud.accounts[account_id].root_key
        endpoint = self._cloud.endpoint
        document["config"] |= {
            "alicloud:accessKey": key.key_id,
            "alicloud:secretKey": key.secret,
            "alicloud:protocol": "HTTP",
            "alicloud:accountType": "Domestic",
            "alicloud:endpoints": json.dumps([{"ram": endpoint, "sts": endpoint, "fc": endpoint}]),
        }
        (self._folder / f"Pulumi.{stack}.yaml").write_text(yaml.safe_dump(document))


@pytest.fixture
def served_cloud() -> Iterator[Cloud]:
    """A served local cloud with the two companies' accounts."""
    with Cloud([OWNER, PARTNER]) as cloud:
        yield cloud


@pytest.fixture
def project(tmp_path: Path, served_cloud: Cloud) -> PulumiProject:
    """The project under the real CLI; skips where the CLI or the provider is not on the PATH."""
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        pytest.skip(f"not on the PATH: {', '.join(missing)}")
    made = PulumiProject(tmp_path, served_cloud)
    for stack in STACKS:
        made.must("stack", "init", stack=stack)
    return made
