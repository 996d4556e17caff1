"""A command that runs beside this process: its signals are passed on, its exit code comes back."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING

from crossaccount.session.delivery import NOT_EXECUTABLE, NOT_FOUND

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import FrameType

_PASSED_ON = (signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2)
_BY_SIGNAL = 128


def run_child(command: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run a command to its end.

    A terminal's Ctrl-C reaches the command by itself; while it runs, this process ignores it.

    Args:
        command: the program and its arguments.
        environ: its environment.

    Returns:
        Its exit code; 128 and the signal's number where a signal ended it.
    """
    child: subprocess.Popen[bytes] | None = None
    early: list[int] = []

    def pass_on(number: int, _frame: FrameType | None) -> None:
        if child is None:
            early.append(number)
        elif number != signal.SIGINT:
            child.send_signal(number)

    # Before the command starts: it may be signalled at once. Unlike SIG_IGN, a handler is not inherited.
    before = {number: signal.signal(number, pass_on) for number in (*_PASSED_ON, signal.SIGINT)}
    try:
        child = subprocess.Popen(list(command), env=dict(environ))  # noqa: S603  the user's own command
        for number in early:
            child.send_signal(number)
        code = child.wait()
    except OSError as error:
        reason = (error.strerror or "an error").lower()
        sys.stderr.write(f"error: `{command[0]}` cannot be started: {reason}\n")
        return NOT_FOUND if isinstance(error, FileNotFoundError) else NOT_EXECUTABLE
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return code if code >= 0 else _BY_SIGNAL - code
