"""What holds for every test."""

from __future__ import annotations

import ast
import gc
import signal
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# A shell that runs the tests in the background has Ctrl-C ignored, in all that they start too; tests send it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Machines are noisy: how long an example takes says nothing about the code, so nothing fails for it.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


def _parse(path: Path) -> ast.Module:
    collecting = gc.isenabled()
    gc.disable()
    try:
        return ast.parse(path.read_text())
    finally:
        if collecting:
            gc.enable()


@pytest.fixture(scope="session")
def parse_source() -> Callable[[Path], ast.Module]:
    """A function that reads a Python file into its syntax tree, with nothing collected meanwhile.

    Up to 3.11.7 CPython counts the depth of the tree it builds for the whole process: a collection in the
    middle lets other threads run, and what they do can make it miscount (`SystemError`, gh-106905).
    """
    return _parse
