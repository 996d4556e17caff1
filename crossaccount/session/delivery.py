"""Handing a session over: printed in one of its forms, or as the environment of a command."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from crossaccount.session.answers import external_credentials, sts_answer
from crossaccount.session.environment import SHELLS, exports, inside, shell_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crossaccount.session.role_session import RoleSession

NOT_FOUND, NOT_EXECUTABLE = 127, 126


def printed(session: RoleSession, form: str | None, environ: Mapping[str, str]) -> str:
    """A session in a form for programs.

    Args:
        session: the session.
        form: `sh`, `fish`, `powershell`, `json` or `process`; None for the user's shell.
        environ: the environment.
    """
    chosen = form or shell_of(environ)
    if chosen in SHELLS:
        return exports(session, chosen, environ)
    return external_credentials(session) if chosen == "process" else sts_answer(session)


def run_inside(session: RoleSession, command: Sequence[str], environ: Mapping[str, str]) -> int:
    """Become `command`, inside a session: its exit code, its signals and its terminal are then its own.

    The session's keys are in its environment, never in its arguments.

    Returns:
        The shell's exit code for a command that cannot be started; otherwise it does not return.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    try:
        os.execvpe(command[0], list(command), inside(session, environ))  # noqa: S606  the user's own command
    except FileNotFoundError:
        code, why = NOT_FOUND, "is not on the PATH"
    except OSError as error:
        code, why = NOT_EXECUTABLE, f"cannot be started: {(error.strerror or 'an error').lower()}"
    sys.stderr.write(f"error: `{command[0]}` {why}\n")
    return code


def is_for_eyes(form: str | None) -> bool:
    """Whether a person would read the output: then keys stay out of it, unless a form was asked for."""
    return form is None and sys.stdout.isatty()
