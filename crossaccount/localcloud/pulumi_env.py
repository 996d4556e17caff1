"""The real Pulumi CLI and alicloud provider pointed at a local cloud, touching no file of the user's.

What points them is an environment and a throw-away copy of the project, whose stack files name the cloud.
The state goes to a throw-away file backend. Nothing of Pulumi is imported.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from crossaccount.localcloud.account import Account
    from crossaccount.localcloud.cloud import Cloud

_TAKEN_OUT = ("ALICLOUD_", "ALIBABA", "PULUMI_", "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy")
_KEPT = {"PULUMI_HOME", "PULUMI_SKIP_UPDATE_CHECK", "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"}
_FOREIGN = {"alicloud:endpoints", "alicloud:accessKey", "alicloud:secretKey", "alicloud:securityToken"}
_PRODUCTS = ("ram", "sts", "fc", "ims", "bssopenapi")


def provider_settings(cloud: Cloud, account: Account | None = None) -> dict[str, str]:
    """The stack settings that point the alicloud provider at a cloud, by their keys.

    Args:
        cloud: a served cloud.
        account: whose root key is used; None leaves the credentials to the environment or the program.
    """
    endpoint = cloud.endpoint
    settings = {
        "alicloud:region": cloud.region,
        "alicloud:protocol": "HTTP",
        "alicloud:accountType": "Domestic",
        "alicloud:endpoints": json.dumps([dict.fromkeys(_PRODUCTS, endpoint)]),
    }
    if account is not None:
        settings["alicloud:accessKey"] = account.root_key.key_id
        settings["alicloud:secretKey"] = account.root_key.secret
    return settings


@dataclass(frozen=True, slots=True)
class PulumiEnv:
    """What a test runs `pulumi` with.

    Attributes:
        cloud: the cloud that is pointed at.
        folder: a folder of this test's own.
        env: the environment for the CLI: the user's, without its Alibaba Cloud credentials, Pulumi settings
            and proxies, with a file backend and a passphrase, trusting the cloud's certificate.
    """

    cloud: Cloud
    folder: Path
    env: Mapping[str, str]

    def project(self, source: Path, accounts: Mapping[str, Account | None], **settings: str) -> Path:
        """A throw-away copy of a project whose stacks point the provider at the cloud.

        The CLI writes to the project it runs in (a new stack's salt, for one), so it is given this one. What
        is not a `Pulumi*.yaml` is linked, not copied.

        Args:
            source: the project's folder.
            accounts: by the name of each stack that is to be run: whose root key the provider uses, or None
                where `settings` or the program bring the credentials.
            settings: further settings of every stack by key, `__` standing for `:`, e.g.
                `alicloud__assumeRole`.

        Raises:
            ValueError: a stack file names endpoints or credentials of its own, which would be replaced.
        """
        folder = self.folder / source.name
        folder.mkdir()
        for entry in source.iterdir():
            if not (entry.name.startswith("Pulumi") and entry.suffix in {".yaml", ".yml"}):
                (folder / entry.name).symlink_to(entry)
        (folder / "Pulumi.yaml").write_text((source / "Pulumi.yaml").read_text(encoding="utf-8"))
        own = {key.replace("__", ":"): value for key, value in settings.items()}
        for stack, account in accounts.items():
            document = self._stack_document(source / f"Pulumi.{stack}.yaml", account)
            document["config"] |= own
            (folder / f"Pulumi.{stack}.yaml").write_text(yaml.safe_dump(document), encoding="utf-8")
        return folder

    def _stack_document(self, stack_file: Path, account: Account | None) -> dict[str, Any]:
        document: dict[str, Any] = {}
        if stack_file.exists():
            document = yaml.safe_load(stack_file.read_text(encoding="utf-8")) or {}
        config = document.setdefault("config", {})
        if found := sorted(_FOREIGN & config.keys()):
            raise ValueError(f"`{stack_file}` sets {', '.join(found)}: a stack for a local cloud must not")
        region = config.get("alicloud:region", self.cloud.region)
        config |= {**provider_settings(self.cloud, account), "alicloud:region": region}
        return document


def make(cloud: Cloud, folder: Path) -> PulumiEnv:
    """A `PulumiEnv` in a folder.

    Args:
        cloud: a served cloud.
        folder: a folder of the test's own; a file backend is made in it.
    """
    backend = folder / "pulumi-backend"
    backend.mkdir()
    kept = {
        name: value for name, value in os.environ.items() if name in _KEPT or not name.startswith(_TAKEN_OUT)
    }
    env = {
        **kept,
        "PULUMI_BACKEND_URL": f"file://{backend}",
        "PULUMI_CONFIG_PASSPHRASE": "of a test",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "SSL_CERT_FILE": str(cloud.ca_file),
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
    }
    return PulumiEnv(cloud, folder, env)
