"""A throw-away Pulumi project on one local cloud, run by the real CLI or by the embedded engine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from crossaccount.automation import environment
from crossaccount.engine import Stack, Target
from crossaccount.engine.secrets import PassphraseSecrets

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.localcloud.cloud import Cloud

ROOT = Path(__file__).parent.parent.parent
OWNER, PARTNER = "1234567890120000", "1345678901230000"
STACKS = {"account-a": OWNER, "account-b": PARTNER}
ACCOUNTS = {**STACKS, "account-b-functions": PARTNER}
PASSPHRASE = "of a test"
_RUNTIME = "runtime:\n  name: python\n  options:\n    toolchain: pip\n    virtualenv: .venv\n"


@dataclass(frozen=True, slots=True)
class Hidden:
    """A configuration value that is encrypted in the stack file."""

    value: str = field(repr=False)


class PulumiProject:
    """A throw-away copy of the project, run by either engine against one local cloud.

    Args:
        folder: where the copy, the file backend and the embedded engine's states go.
        cloud: a served local cloud.
        program: another `__main__.py` than the project's.
        stacks: another configuration than the committed stack files', by stack; its account is
            `crossaccount:account`.
    """

    def __init__(
        self,
        folder: Path,
        cloud: Cloud,
        *,
        program: str | None = None,
        stacks: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        self.cloud = cloud
        self.folder = folder / "project"
        self.state = folder / "state"
        (folder / "backend").mkdir(parents=True)
        self.folder.mkdir()
        for name in ("components", "crossaccount"):
            (self.folder / name).symlink_to(ROOT / name)
        (self.folder / ".venv").symlink_to(sys.prefix)
        if program is None:
            for name in ("Pulumi.yaml", "__main__.py"):
                (self.folder / name).symlink_to(ROOT / name)
        else:
            (self.folder / "Pulumi.yaml").write_text(f"name: crossaccount\n{_RUNTIME}")
            self.write_program(program)
        for stack in STACKS:
            self.configure(stack, (stacks or {}).get(stack) or committed(stack))
        self._environment = {
            **{
                name: value
                for name, value in os.environ.items()
                if not name.startswith(("ALICLOUD_", "ALIBABA"))
            },
            "PULUMI_BACKEND_URL": f"file://{folder / 'backend'}",
            "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "NO_PROXY": "127.0.0.1",
        }

    def write_program(self, text: str) -> None:
        """Replace `__main__.py`."""
        (self.folder / "__main__.py").write_text(text)

    def configure(self, stack: str, config: Mapping[str, Any]) -> None:
        """Replace a stack's configuration; what points the provider at the local cloud is added."""
        secrets = stack_secrets()
        key = self.cloud.accounts[ACCOUNTS[stack]].root_key
        added = {
            "alicloud:region": "cn-hangzhou",
            "alicloud:accessKey": key.key_id,
            "alicloud:secretKey": key.secret,
            **environment.provider_config(self.cloud.endpoint),
        }
        document = {"encryptionsalt": secrets.salt, "config": _sealed({**config, **added}, secrets)}
        (self.folder / f"Pulumi.{stack}.yaml").write_text(yaml.safe_dump(document))

    # The real engine.

    def run(self, *arguments: str, stack: str) -> subprocess.CompletedProcess[str]:
        """Run `pulumi` for one stack; its output is text."""
        return subprocess.run(
            ["pulumi", *arguments, "--stack", stack, "--non-interactive"],
            cwd=self.folder,
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

    # The embedded engine.

    def embedded(self, stack: str) -> Stack:
        """Open a stack of the same project under the embedded engine."""
        key = self.cloud.accounts[ACCOUNTS[stack]].root_key
        return Stack.open(
            self.folder,
            stack,
            target=Target(self.cloud.endpoint, key.key_id, key.secret),
            state_dir=self.state,
            passphrase=PASSPHRASE,
        )

    def embedded_state(self, stack: str) -> Path:
        """Where the embedded engine keeps the stack's state."""
        return self.state / "crossaccount" / f"{stack}.json"


@lru_cache
def stack_secrets() -> PassphraseSecrets:
    """What encrypts the secrets of every stack file; deriving a key takes half a second."""
    return PassphraseSecrets.new(PASSPHRASE)


def _sealed(value: Any, secrets: PassphraseSecrets) -> Any:
    if isinstance(value, Hidden):
        return {"secure": secrets.encrypt(value.value)}
    if isinstance(value, dict):
        return {key: _sealed(each, secrets) for key, each in value.items()}
    return [_sealed(each, secrets) for each in value] if isinstance(value, list) else value


def committed(stack: str) -> dict[str, Any]:
    """The configuration of a committed stack file."""
    config: dict[str, Any] = yaml.safe_load((ROOT / f"Pulumi.{stack}.yaml").read_text())["config"]
    return config
