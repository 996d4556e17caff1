"""The stacks of a project, as the Pulumi CLI exports them from whatever backend the project uses."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from crossaccount.access import AccessError, QuestionError
from crossaccount.audit.backend.updates import Update, update_of
from crossaccount.audit.model import LeftOut
from crossaccount.audit.stored import Stored

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_SECONDS = 120.0


def is_project(path: Path) -> bool:
    """Whether a folder is a Pulumi project."""
    return (path / "Pulumi.yaml").is_file()


def states_of_project(path: Path, told: Callable[[str], None]) -> Iterator[Stored | LeftOut]:
    """The state of each of a project's stacks, secrets encrypted as they are.

    Args:
        path: the project's folder.
        told: is called with each stack's name when it is exported.

    Raises:
        QuestionError: `pulumi` is not on the PATH, or does not list the stacks.
    """
    for stack in _stacks(path):
        told(stack)
        where = f"{path}: {stack}"
        try:
            content = _pulumi(path, "stack", "export", "--stack", stack)
        except QuestionError as error:
            yield LeftOut(where, str(error))
        else:
            yield Stored(where, content, project=_name(path), stack=stack.rpartition("/")[2])


@dataclass(frozen=True, slots=True)
class ExportedVersion:
    """A version of a stack that the CLI exports when it is asked for."""

    update: Update
    path: Path
    since: None = None

    def stored(self) -> Stored | LeftOut:
        """The state after the update; a self-managed backend exports only the last one."""
        stack = self.update.stack.rpartition("/")[2]
        where = f"{self.path}: {stack}, version {self.update.number}"
        try:
            version = ("--version", str(self.update.number))
            content = _pulumi(self.path, "stack", "export", "--stack", stack, *version)
        except QuestionError as error:
            why = f"{error}; of a self-managed backend give the folder or the bucket itself"
            return LeftOut(where, why)
        return Stored(where, content, str(self.update.number), _name(self.path), stack)


def versions_of_project(path: Path, told: Callable[[str], None]) -> Iterator[ExportedVersion | LeftOut]:
    """Every update of each of a project's stacks, the oldest first.

    Args:
        path: the project's folder.
        told: is called with each stack's name when its history is read.

    Raises:
        QuestionError: `pulumi` is not on the PATH, or does not say.
    """
    for stack in _stacks(path):
        told(stack)
        full = "/".join(filter(None, (_name(path), stack.rpartition("/")[2])))
        records = _listed(path, "stack", "history", "--json", "--full-dates", "--stack", stack)
        for number, record in enumerate(reversed(records), 1):
            where = f"{path}: {stack}, update {number}"
            try:
                version = record.get("version")
                known = update_of(record, where, full, version if isinstance(version, int) else number)
            except AccessError as error:
                yield LeftOut(where, str(error))
            else:
                yield ExportedVersion(known, path)


def _name(path: Path) -> str:
    """The project's name; empty where its file does not say."""
    try:
        found = yaml.safe_load((path / "Pulumi.yaml").read_text("utf-8"))
    except (OSError, ValueError, yaml.YAMLError):
        return ""
    name = found.get("name") if isinstance(found, dict) else None
    return name if isinstance(name, str) else ""


def _stacks(path: Path) -> list[str]:
    return sorted(str(each.get("name")) for each in _listed(path, "stack", "ls", "--json"))


def _listed(path: Path, *arguments: str) -> list[dict[str, Any]]:
    """The objects that the CLI lists as JSON."""
    try:
        found = json.loads(_pulumi(path, *arguments))
    except ValueError:
        found = None
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise QuestionError(f"`pulumi {' '.join(arguments)}` in `{path}` did not answer with a JSON list")
    return found


def _pulumi(path: Path, *arguments: str) -> bytes:
    program = shutil.which("pulumi")
    if program is None:
        raise QuestionError(
            f"`{path}` is a project, and `pulumi` is not on the PATH: give exported states, or the backend "
            "itself (a folder or a bucket)"
        )
    asked = f"`pulumi {' '.join(arguments)}` in `{path}`"
    try:
        done = subprocess.run(  # noqa: S603  the CLI that the user has
            [program, *arguments, "--non-interactive"],
            cwd=path,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
            env={**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"},
        )
    except subprocess.TimeoutExpired:
        raise QuestionError(f"{asked} did not end within {_SECONDS:.0f} seconds") from None
    except OSError as error:
        raise QuestionError(f"{asked} failed: {(error.strerror or 'an error').lower()}") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise QuestionError(f"{asked} failed: {said[-1] if said else 'silently'}")
    return done.stdout
