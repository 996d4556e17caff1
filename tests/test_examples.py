"""The example projects pass on their own, and each shows its point in twenty lines."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parent.parent / "examples"
ELSEWHERE = Path(__file__).parent / "examples"
PROJECTS = sorted(path.parent for path in EXAMPLES.glob("*/pytest.ini"))


def test_every_folder_is_a_project_that_the_readme_lists() -> None:
    """No example is left out of the list, nor of these tests or those in `tests/examples/`."""
    folders = sorted(path for path in EXAMPLES.iterdir() if path.is_dir() and path.name != "__pycache__")
    readme = (EXAMPLES / "README.md").read_text()
    elsewhere = {path.stem.removeprefix("test_").replace("_", "-") for path in ELSEWHERE.glob("test_*.py")}

    assert [path for path in folders if path not in PROJECTS and path.name not in elsewhere] == []
    assert all(f"`{path.name}`" in readme for path in folders)


@pytest.mark.parametrize("project", PROJECTS, ids=lambda path: path.name)
def test_an_example_passes(project: Path) -> None:
    """`pytest` in the project's folder, with the plugins that are installed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=project,
        env=environment | {"PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("project", PROJECTS, ids=lambda path: path.name)
def test_an_example_is_short(project: Path) -> None:
    """Each test module has at most twenty lines."""
    lengths = {path.name: len(path.read_text().splitlines()) for path in project.glob("test_*.py")}

    assert lengths
    assert max(lengths.values()) <= 20
