"""A throw-away copy of a Pulumi project, in which the CLI may write what it likes.

`pulumi stack init` writes a salt into the stack file, and pointing the provider at a local cloud takes keys
in it: neither may reach the user's files. The program and what lies beside it are links; `Pulumi.yaml` and
the stack files are copies.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from crossaccount.engine.project import Project
from crossaccount.engine.yaml_file import read_mapping

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_LEFT_OUT = (".git", ".venv", ".crossaccount")
_OF_THE_COPY = ("runtime", "stackConfigDir", "backend")


class ProjectCopy:
    """A copy of a project.

    Args:
        source: the folder of the user's `Pulumi.yaml`.
        folder: where the copy is made; it is created.

    Raises:
        ProjectError: the project is missing or malformed.
    """

    def __init__(self, source: Path, folder: Path) -> None:
        self._project = Project.load(source)
        self.folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        stack_files = set(self._project.stack_directory.glob("Pulumi.*.yaml"))
        for entry in self._project.directory.iterdir():
            is_copied = entry.name == "Pulumi.yaml" or entry in stack_files
            if entry.name not in _LEFT_OUT and not is_copied and not (folder / entry.name).is_symlink():
                (folder / entry.name).symlink_to(entry)
        document = read_mapping(self._project.directory / "Pulumi.yaml")
        kept = {key: value for key, value in document.items() if key not in _OF_THE_COPY}
        _write(folder / "Pulumi.yaml", {**kept, "runtime": "python"})

    def add_stack(self, name: str, config: Mapping[str, str]) -> None:
        """Copy a stack's file, its configuration completed by `config` (full key to value).

        Raises:
            ProjectError: there is no such stack file, or it is malformed.
        """
        document = read_mapping(self._project.stack_file(name))
        document["config"] = {**(document.get("config") or {}), **config}
        _write(self.folder / f"Pulumi.{name}.yaml", document)


def _write(path: Path, document: Mapping[str, Any]) -> None:
    """Write YAML as JSON, which it contains: nothing then depends on how a scalar is read."""
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
