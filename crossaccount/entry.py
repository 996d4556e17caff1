"""Where the command `crossaccount` starts: a cached session at once, everything else through the commands."""

from __future__ import annotations

import os
import sys

_INTERRUPTED, _PIPE = 130, 141


def main() -> None:
    """Run the command line of this process; ends with its exit code."""
    arguments = sys.argv[1:]
    if arguments[:1] == ["assume"] and "_CROSSACCOUNT_COMPLETE" not in os.environ:
        from crossaccount.session.warm import serve  # noqa: PLC0415  only here is every millisecond felt

        try:
            code = serve(arguments[1:])
        except KeyboardInterrupt:
            sys.exit(_INTERRUPTED)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(_PIPE)
        if code is not None:
            sys.exit(code)
    from crossaccount.cli import main as command  # noqa: PLC0415  after what needs no command line

    command()
