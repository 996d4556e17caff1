"""The Pulumi project: `Pulumi.yaml` and the stack files beside it.

Source: Pulumi documentation, "Project file reference".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crossaccount.engine.errors import ProjectError
from crossaccount.engine.yaml_file import read_mapping

_NAME = re.compile(r"[a-zA-Z0-9_.-]{1,100}")


@dataclass(frozen=True, slots=True)
class Project:
    """A Pulumi project on disk.

    Args:
        directory: where `Pulumi.yaml` is.
        name: the project's name, 1 to 100 letters, digits, `_`, `-`, `.`.
        main: the program's directory or file (`main` of `Pulumi.yaml`; default, the project's directory).
        config: the project-wide configuration block of `Pulumi.yaml`.
        stack_directory: where the stack files are (`stackConfigDir`; default, the project's directory).
    """

    directory: Path
    name: str
    main: Path
    config: dict[str, Any]
    stack_directory: Path

    @classmethod
    def load(cls, directory: Path) -> Project:
        """Read `Pulumi.yaml`.

        Raises:
            ProjectError: it is missing or malformed, or the project is not a Python one.
        """
        directory = Path(directory).resolve()
        path = directory / "Pulumi.yaml"
        if not path.is_file():
            raise ProjectError(f"no `Pulumi.yaml` in `{directory}`; give the project's directory")
        document = read_mapping(path)
        name = document.get("name")
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise ProjectError(
                f"`{path.name}`: key `name` is `{name}`; give 1 to 100 letters, digits, `_`, `-` or `.`"
            )
        _check_runtime(document.get("runtime"), path)
        return cls(
            directory=directory,
            name=name,
            main=directory / _text(document, "main", path),
            config=_mapping(document, "config", path),
            stack_directory=directory / _text(document, "stackConfigDir", path),
        )

    def stack_file(self, stack: str) -> Path:
        """Return where the stack's configuration is, whether or not it exists.

        Raises:
            ProjectError: the stack's name is not one.
        """
        if not _NAME.fullmatch(stack) or stack in (".", ".."):
            raise ProjectError(f"stack name `{stack}` is not 1 to 100 letters, digits, `_`, `-` or `.`")
        return self.stack_directory / f"Pulumi.{stack}.yaml"


def _check_runtime(runtime: object, path: Path) -> None:
    name = runtime.get("name") if isinstance(runtime, dict) else runtime
    if name != "python":
        raise ProjectError(f"`{path.name}`: key `runtime` is `{name}`; this engine runs `python` programs")


def _text(document: dict[str, Any], key: str, path: Path) -> str:
    value = document.get(key, "")
    if not isinstance(value, str):
        raise ProjectError(f"`{path.name}`: key `{key}` is not a text")
    return value


def _mapping(document: dict[str, Any], key: str, path: Path) -> dict[str, Any]:
    value = document.get(key) or {}
    if not isinstance(value, dict):
        raise ProjectError(f"`{path.name}`: key `{key}` is not a mapping")
    return value
