"""The real Pulumi CLI and alicloud provider on a local cloud; skipped, with the reason, where absent."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from crossaccount.localcloud.cloud import Cloud
from tests.deployments.pulumi_project import OWNER, PARTNER, STACKS, PulumiProject

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NEEDED = ("pulumi", "pulumi-language-python", "pulumi-resource-alicloud")


def needs_the_real_engine() -> None:
    """Skip where the CLI or the provider is not on the PATH."""
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        pytest.skip(f"not on the PATH: {', '.join(missing)}")


@pytest.fixture
def served_cloud() -> Iterator[Cloud]:
    """A served local cloud with the two companies' accounts."""
    with Cloud([OWNER, PARTNER]) as cloud:
        yield cloud


@pytest.fixture
def project(tmp_path: Path, served_cloud: Cloud) -> PulumiProject:
    """The project under the real CLI; skips where the CLI or the provider is not on the PATH."""
    needs_the_real_engine()
    made = PulumiProject(tmp_path, served_cloud)
    for stack in STACKS:
        made.must("stack", "init", stack=stack)
    return made
