"""Where the command `crossaccount` starts: a cached session at once, everything else through the commands."""

from __future__ import annotations

import os
import sys

_INTERRUPTED, _PIPE = 130, 141


def main() -> None:
    """Run the command line of this process; ends with its exit code."""
    arguments = sys.argv[1:]
    try:
        if arguments[:1] == ["assume"] and "_CROSSACCOUNT_COMPLETE" not in os.environ:
            _serve(arguments[1:])
        from crossaccount.cli import main as command  # noqa: PLC0415  after what needs no command line
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
    command()


def _serve(arguments: list[str]) -> None:
    """End with a cached session, where there is one to answer with."""
    from crossaccount.session.warm import serve  # noqa: PLC0415  only here is every millisecond felt

    try:
        code = serve(arguments)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = _PIPE
    if code is not None:
        sys.exit(code)
