"""What of the real engine is on this machine."""

from __future__ import annotations

import importlib.metadata
from typing import TYPE_CHECKING

from crossaccount.automation.installed import missing

if TYPE_CHECKING:
    from pathlib import Path

PROVIDER = "pulumi-resource-alicloud"


def program(path: Path) -> None:
    """Make an executable file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)


def test_each_missing_program_is_named_in_order(tmp_path: Path) -> None:
    """On an empty PATH everything is missing; what is there is not named."""
    environ = {"PATH": str(tmp_path), "PULUMI_HOME": str(tmp_path / "home")}

    assert missing(environ) == ("pulumi", "pulumi-language-python", PROVIDER)
    program(tmp_path / "pulumi")
    program(tmp_path / PROVIDER)
    assert missing(environ) == ("pulumi-language-python",)


def test_an_installed_plugin_counts_in_the_version_of_the_sdk(tmp_path: Path) -> None:
    """The provider in the plugins folder counts in exactly the version that the program asks for."""
    for name in ("pulumi", "pulumi-language-python"):
        program(tmp_path / name)
    environ = {"PATH": str(tmp_path), "PULUMI_HOME": str(tmp_path / "home")}
    folder = tmp_path / "home" / "plugins"
    program(folder / "resource-alicloud-v3.0.0" / PROVIDER)

    assert missing(environ) == (PROVIDER,)
    program(folder / f"resource-alicloud-v{importlib.metadata.version('pulumi-alicloud')}" / PROVIDER)
    assert missing(environ) == ()


def test_the_home_is_the_users_unless_it_is_named(tmp_path: Path) -> None:
    """Without `PULUMI_HOME` the plugins are those of `~/.pulumi`."""
    for name in ("pulumi", "pulumi-language-python"):
        program(tmp_path / name)
    version = importlib.metadata.version("pulumi-alicloud")
    program(tmp_path / ".pulumi" / "plugins" / f"resource-alicloud-v{version}" / PROVIDER)

    assert missing({"PATH": str(tmp_path), "HOME": str(tmp_path)}) == ()
