"""The environment in which the CLI runs: nothing of the user's accounts, backends and proxies, no downloads.

The local cloud is its HTTP proxy for every other host, so that a call that should not be made ends there, on
this machine.

Source: Pulumi documentation, "Environment variables"; facts 7.1, "Credential env names".
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from crossaccount.automation.installed import plugins

if TYPE_CHECKING:
    from pathlib import Path

    from crossaccount.engine.target import Target

_OF_ACCOUNTS = ("ALICLOUD_", "ALIBABA_CLOUD_", "ALIBABACLOUD_")
_OF_PULUMI = (
    "PULUMI_ACCESS_TOKEN", "PULUMI_API", "PULUMI_CONFIG_PASSPHRASE_FILE", "PULUMI_DEBUG_PROVIDERS",
    "PULUMI_IGNORE_AMBIENT_PLUGINS", "PULUMI_STACK", "PULUMI_PARALLEL", "OTEL_EXPORTER_OTLP_ENDPOINT",
)  # fmt: skip
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
_NOT_PROXIED = "127.0.0.1,localhost,::1"


def variables(folder: Path, passphrase: str, target: Target, proxy: str) -> dict[str, str]:
    """Return what is set over the process's environment; what must not be seen is set to nothing.

    The CLI gets a home of its own, in which only the installed plugins are the user's.

    Args:
        folder: a throw-away folder, for the backend and the home.
        passphrase: encrypts the secrets in the backend's states.
        target: whose keys the provider signs with.
        proxy: the URL of the HTTP proxy for every host but this machine.
    """
    home, backend = folder / "home", folder / "backend"
    for made in (home, backend):
        made.mkdir(mode=0o700, parents=True, exist_ok=True)
    installed = plugins(os.environ)
    if installed.is_dir() and not (home / "plugins").is_symlink():
        (home / "plugins").symlink_to(installed)
    hidden = (*(name for name in os.environ if name.startswith(_OF_ACCOUNTS)), *_OF_PULUMI)
    return {
        **dict.fromkeys(hidden, ""),
        **dict.fromkeys((*_PROXIES, *map(str.lower, _PROXIES)), proxy),
        # The provider's SDKs compare the whole of `host:port`, Go's own client the host.
        **dict.fromkeys(("NO_PROXY", "no_proxy"), f"{target.endpoint},{_NOT_PROXIED}"),
        "PULUMI_HOME": str(home),
        "PULUMI_BACKEND_URL": f"file://{backend}",
        "PULUMI_CONFIG_PASSPHRASE": passphrase,
        "PULUMI_PYTHON_CMD": sys.executable,
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "ALICLOUD_ACCESS_KEY": target.access_key_id,
        "ALICLOUD_SECRET_KEY": target.access_key_secret,
        "ALICLOUD_SECURITY_TOKEN": target.security_token or "",
    }


def provider_config(endpoint: str) -> dict[str, str]:
    """Return the stack's configuration that keeps the provider on the local cloud.

    Without `accountType` the provider asks the real cloud for it, with a signed request, at every start; the
    endpoints are one object without a scheme, because STS's has no variable (facts 7.1).

    Args:
        endpoint: the local cloud's `host:port`.
    """
    return {
        "alicloud:protocol": "HTTP",
        "alicloud:accountType": "Domestic",
        "alicloud:endpoints": f'[{{"ram":"{endpoint}","sts":"{endpoint}","fc":"{endpoint}"}}]',
    }
