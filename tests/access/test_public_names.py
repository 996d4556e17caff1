"""The package's public names, and what it may import."""

from __future__ import annotations

import subprocess
import sys

from crossaccount import access


def test_the_public_names_exist_and_are_sorted() -> None:
    """`__all__` is sorted and names only what is there."""
    assert sorted(access.__all__) == list(access.__all__)
    assert [name for name in access.__all__ if not hasattr(access, name)] == []


def test_reading_access_needs_neither_engine_nor_sdk() -> None:
    """The package imports the policy language alone, so that it answers at once and anywhere."""
    code = (
        "import sys, crossaccount.access; print([name for name in ('pulumi', 'Tea', 'crossaccount.engine', "
        "'crossaccount.localcloud', 'components', 'rich', 'click') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
