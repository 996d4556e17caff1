"""One program of one stack under the real Pulumi CLI and provider, against one account of a local cloud."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from pathlib import Path

    from crossaccount.localcloud.account import Account

_RUNTIME = {"name": "python", "options": {"toolchain": "pip", "virtualenv": ".venv"}}
_STEADY = "same"


class OneProgram:
    """A throw-away project with a program of its own.

    Args:
        folder: an empty folder; the project and the file backend go there.
        account: the account of a served local cloud that it works on, as its root.
        text: the program.
    """

    def __init__(self, folder: Path, account: Account, text: str) -> None:
        self._folder = folder
        (folder / "backend").mkdir()
        (folder / "Pulumi.yaml").write_text(yaml.safe_dump({"name": "one", "runtime": _RUNTIME}))
        (folder / "__main__.py").write_text(text)
        (folder / ".venv").symlink_to(sys.prefix)
        endpoint = account.cloud.endpoint
        config = {
            "alicloud:region": "cn-hangzhou",
            "alicloud:accessKey": account.root_key.key_id,
            "alicloud:secretKey": account.root_key.secret,
            "alicloud:protocol": "HTTP",
            "alicloud:accountType": "Domestic",
            "alicloud:endpoints": json.dumps(
                [{"ram": endpoint, "sts": endpoint, "fc": endpoint, "ims": endpoint}]
            ),
        }
        (folder / "Pulumi.test.yaml").write_text(yaml.safe_dump({"config": config}))
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.upper().startswith(("ALICLOUD_", "ALIBABA", "HTTP_PROXY", "HTTPS_PROXY"))
        }
        self._environment = inherited | {
            "PULUMI_BACKEND_URL": f"file://{folder / 'backend'}",
            "PULUMI_CONFIG_PASSPHRASE": "of a test",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PYTHONWARNINGS": "ignore",
            "NO_PROXY": "127.0.0.1",
        }
        self._must("stack", "init", "--stack", "test")

    def up(self) -> dict[str, Any]:
        """Applies the program; gives its outputs, secrets shown."""
        self._must("up", "--yes", "--skip-preview", "--stack", "test")
        outputs = self._must("stack", "output", "--json", "--show-secrets", "--stack", "test")
        shown: dict[str, Any] = json.loads(outputs)
        return shown

    def preview(self) -> dict[str, int]:
        """What a preview would change: resources by operation."""
        return self._changes("preview")

    def refreshed(self) -> dict[str, int]:
        """What a preview would change after everything was read again."""
        return self._changes("preview", "--refresh")

    def destroy(self) -> None:
        """Deletes everything."""
        self._must("destroy", "--yes", "--skip-preview", "--stack", "test")

    def _changes(self, *arguments: str) -> dict[str, int]:
        summary = json.loads(self._must(*arguments, "--json", "--stack", "test"))["changeSummary"]
        return {operation: count for operation, count in summary.items() if operation != _STEADY}

    def _must(self, *arguments: str) -> str:
        done = subprocess.run(
            ["pulumi", *arguments, "--non-interactive"],
            cwd=self._folder,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, f"pulumi {' '.join(arguments)}:\n{done.stdout}\n{done.stderr}"
        return done.stdout
