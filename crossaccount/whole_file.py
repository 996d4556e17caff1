"""Files that are written whole or not at all."""

# pathlib takes as long to load as all that serves a cached session
# ruff: noqa: PTH105, PTH108, PTH110, PTH116, PTH123

from __future__ import annotations

import os
import stat
import time


def write_whole(path: str | os.PathLike[str], content: str, mode: int = 0o644) -> None:
    """Put a content in the place of a file's, so that a reader sees the old one or the new one.

    Args:
        path: the file; a link is followed, and a file that is there keeps its mode.
        content: all of it; UTF-8.
        mode: of a file that is not there yet.

    Raises:
        OSError: it cannot be written; the file is as it was, and nothing is left beside it.
    """
    target = os.path.realpath(path)
    if os.path.exists(target):
        mode = stat.S_IMODE(os.stat(target).st_mode)
    temporary = f"{target}.{os.getpid()}.{time.monotonic_ns()}"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
    try:
        with open(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(content)
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise
