"""The role ARNs that a stack exports: from the embedded engine's state, or else from the Pulumi CLI."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from crossaccount.engine import EngineError, Stack
from crossaccount.session.errors import ErrorKind, SessionError

_LONGEST = 120


def role_arns(stack: str, project: str, state_dir: str | None) -> dict[str, str]:
    """The output `roleArns` of a stack.

    Args:
        stack: its name.
        project: the folder of `Pulumi.yaml`.
        state_dir: where the embedded engine keeps its states; None for its default.

    Raises:
        SessionError: of kind USAGE: there is no such stack, or it was never brought up.
    """
    try:
        states = Path(state_dir) if state_dir else None
        outputs = Stack.open(Path(project), stack, target=None, state_dir=states).outputs()
    except EngineError as error:
        raise SessionError(
            ErrorKind.USAGE, str(error), "give `--project` and `--stack`, or the role's ARN"
        ) from error
    found = (outputs or _of_pulumi(stack, project)).get("roleArns")
    if not isinstance(found, dict):
        raise SessionError(
            ErrorKind.USAGE, f"stack `{stack}` exports no `roleArns`", "bring it up, or give the role's ARN"
        )
    return {str(name): str(arn) for name, arn in found.items()}


def _of_pulumi(stack: str, project: str) -> dict[str, Any]:
    pulumi = shutil.which("pulumi")
    if pulumi is None:
        raise SessionError(
            ErrorKind.USAGE,
            f"stack `{stack}` has no state of the embedded engine here, and there is no `pulumi` on the PATH",
            "install the Pulumi CLI, or give the role's ARN or a hand-over file",
        )
    command = [pulumi, "stack", "output", "--json", "--stack", stack, "--non-interactive"]
    try:
        done = subprocess.run(  # noqa: S603  the command is ours, the stack's name one argument
            command, cwd=project, capture_output=True, text=True, timeout=_LONGEST, check=True
        )
        found = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        told = getattr(error, "stderr", None) or type(error).__name__
        said = " ".join(str(told).split())[:200]
        raise SessionError(
            ErrorKind.USAGE, f"`pulumi stack output` fails for stack `{stack}`: {said}", "try it by itself"
        ) from None
    return found if isinstance(found, dict) else {}
