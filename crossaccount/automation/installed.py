"""Whether this machine has what the real engine needs: the CLI, its Python host, the alicloud provider.

Source: Pulumi documentation, "Plugins": a plugin is found on the PATH, or in `$PULUMI_HOME/plugins`.
"""

from __future__ import annotations

import importlib.metadata
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

CLI = "pulumi"
LANGUAGE_HOST = "pulumi-language-python"
PROVIDER = "pulumi-resource-alicloud"


def missing(environ: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Return the programs that are not there, in the order in which a run needs them; none when all are.

    Nothing is started and nothing is downloaded.

    Args:
        environ: where `PATH`, `PULUMI_HOME` and `HOME` are read; default, the process's environment.
    """
    environ = os.environ if environ is None else environ
    path = environ.get("PATH", "")
    absent = [name for name in (CLI, LANGUAGE_HOST) if shutil.which(name, path=path) is None]
    if shutil.which(PROVIDER, path=path) is None and not _plugin(environ).exists():
        absent.append(PROVIDER)
    return tuple(absent)


def plugins(environ: Mapping[str, str]) -> Path:
    """Return the folder of the installed plugins, whether or not it exists."""
    home = environ.get("PULUMI_HOME") or Path(environ.get("HOME") or Path.home()) / ".pulumi"
    return Path(home) / "plugins"


def _plugin(environ: Mapping[str, str]) -> Path:
    version = importlib.metadata.version("pulumi-alicloud")
    return plugins(environ) / f"resource-alicloud-v{version}" / PROVIDER
