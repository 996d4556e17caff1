"""The state that a hand-over is made from: a file, the embedded engine's, or what the Pulumi CLI exports."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING

from crossaccount.access import StackRecords, read_state, state_of
from crossaccount.access.json_file import read_json
from crossaccount.engine import EngineError
from crossaccount.engine.project import Project
from crossaccount.handover.errors import refused

if TYPE_CHECKING:
    from pathlib import Path

_LONGEST = 120


def of_stack(stack: str, project: Path, state_dir: Path | None) -> StackRecords:
    """The state of a stack: the embedded engine's where there is one, else `pulumi stack export`.

    Args:
        stack: its name.
        project: the folder of `Pulumi.yaml`.
        state_dir: where the embedded engine keeps its states; None for its default.

    Raises:
        SessionError: of kind USAGE: there is no such project or state, or the Pulumi CLI fails.
        AccessError: the state cannot be read.
    """
    try:
        found = Project.load(project)
        found.stack_file(stack)
    except EngineError as error:
        raise refused(str(error), "give `--project` and `--stack`, or `--state FILE`") from None
    path = (state_dir or found.directory / ".crossaccount" / "state") / found.name / f"{stack}.json"
    if path.with_name(f"{stack}.journal.jsonl").exists():
        raise refused(f"a run of stack `{stack}` is under way or was cut off", "run `crossaccount refresh`")
    if path.exists():
        return state_of(read_json(path), str(path), found.name)
    return state_of(_exported(stack, project), f"stack `{stack}`", found.name)


def of_file(path: Path) -> StackRecords:
    """The state in a file that `pulumi stack export` wrote.

    Raises:
        AccessError: it cannot be read.
    """
    return read_state(path)


def _exported(stack: str, project: Path) -> object:
    pulumi = shutil.which("pulumi")
    if pulumi is None:
        raise refused(
            f"stack `{stack}` has no state of the embedded engine here, and there is no `pulumi` on the PATH",
            "bring it up, or give `--state FILE` (from `pulumi stack export`)",
        )
    command = [pulumi, "stack", "export", "--stack", stack, "--non-interactive"]
    try:
        done = subprocess.run(  # noqa: S603  the command is ours, the stack's name one argument
            command, cwd=project, capture_output=True, text=True, timeout=_LONGEST, check=True
        )
        return json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        said = " ".join(str(getattr(error, "stderr", None) or type(error).__name__).split())[:200]
        raise refused(
            f"`pulumi stack export` fails for stack `{stack}`: {said}", "try it by itself"
        ) from None
