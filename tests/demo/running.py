"""Runs `crossaccount demo` as a newcomer does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
COMMAND = Path(sys.executable).parent / "crossaccount"


def run_demo(project: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the demo in `project` with nothing of Alibaba Cloud in the environment but `variables`."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("ALICLOUD_", "ALIBABA"))
    }
    return subprocess.run(
        [COMMAND, "demo", *arguments],
        cwd=project,
        env=environment | variables,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
