"""The throw-away copy of a project: complete for the program, and no way back to the user's files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from crossaccount.automation.project_copy import ProjectCopy
from crossaccount.engine import ProjectError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A project with its stack files in a folder of their own, a program and a file beside it."""
    folder = tmp_path / "source"
    (folder / "stacks").mkdir(parents=True)
    (folder / "Pulumi.yaml").write_text(
        "name: trial\nruntime:\n  name: python\n  options: {virtualenv: .venv}\nstackConfigDir: stacks\n"
        "backend: {url: https://backend.example}\nconfig:\n  trial:size: 3\n"
    )
    (folder / "stacks" / "Pulumi.dev.yaml").write_text('config:\n  trial:account: "0123456789012345"\n')
    (folder / "__main__.py").write_text("print()\n")
    (folder / ".venv").mkdir()
    return folder


def test_what_a_program_reads_is_linked(source: Path, tmp_path: Path) -> None:
    """The program and the files beside it are there; environments and repositories are not."""
    copy = ProjectCopy(source, tmp_path / "copy")

    assert (copy.folder / "__main__.py").read_text() == "print()\n"
    assert not (copy.folder / ".venv").exists()


def test_the_project_file_names_no_environment_and_no_backend(source: Path, tmp_path: Path) -> None:
    """What would lead the CLI elsewhere is dropped, the rest of `Pulumi.yaml` is kept."""
    copy = ProjectCopy(source, tmp_path / "copy")

    assert json.loads((copy.folder / "Pulumi.yaml").read_text()) == {
        "name": "trial",
        "runtime": "python",
        "config": {"trial:size": 3},
    }


def test_a_stack_file_is_completed_in_the_copy_only(source: Path, tmp_path: Path) -> None:
    """Configuration that is added, and what the CLI writes later, does not reach the user's file."""
    before = (source / "stacks" / "Pulumi.dev.yaml").read_bytes()
    copy = ProjectCopy(source, tmp_path / "copy")
    copy.add_stack("dev", {"alicloud:protocol": "HTTP"})
    made = copy.folder / "Pulumi.dev.yaml"

    assert json.loads(made.read_text())["config"] == {
        "trial:account": "0123456789012345",
        "alicloud:protocol": "HTTP",
    }
    assert not made.is_symlink()
    assert (source / "stacks" / "Pulumi.dev.yaml").read_bytes() == before


def test_a_second_stack_joins_the_same_copy(source: Path, tmp_path: Path) -> None:
    """Copying again into the same folder keeps the stacks that are there."""
    ProjectCopy(source, tmp_path / "copy").add_stack("dev", {})
    again = ProjectCopy(source, tmp_path / "copy")

    assert (again.folder / "Pulumi.dev.yaml").exists()


def test_an_unknown_stack_is_named(source: Path, tmp_path: Path) -> None:
    """A stack without a file is refused by the file's name."""
    with pytest.raises(ProjectError, match=r"Pulumi\.prod\.yaml"):
        ProjectCopy(source, tmp_path / "copy").add_stack("prod", {})
