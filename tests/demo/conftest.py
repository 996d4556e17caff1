"""A copy of the project for the demo to run in."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.demo.running import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PROJECT = ("Pulumi.yaml", "Pulumi.account-a.yaml", "Pulumi.account-b.yaml", "__main__.py")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project whose stack files a test may change."""
    folder = tmp_path / "project"
    folder.mkdir()
    for name in PROJECT:
        shutil.copy(ROOT / name, folder / name)
    (folder / "components").symlink_to(ROOT / "components")
    return folder
