"""Failures as lines, as JSON and as exit codes, held to the documentation."""

from __future__ import annotations

import re
from pathlib import Path

import crossaccount.session as package
from crossaccount.session import ErrorKind, SessionError

PAGE = (Path(__file__).parents[2] / "docs" / "sessions.md").read_text()


def test_the_page_lists_every_exit_code() -> None:
    """`docs/sessions.md` has each kind with its code, and no other."""
    listed = {name: int(code) for code, name in re.findall(r"^\| (\d+) \| `(\w+)` \|", PAGE, re.MULTILINE)}

    assert listed == {kind.name.lower(): kind.value for kind in ErrorKind}


def test_a_failure_is_one_line_with_its_facts() -> None:
    """Text, code and request id, then what to do."""
    error = SessionError(ErrorKind.REFUSED, "no", "do this", code="NoPermission", request_id="R")

    assert str(error) == "no (NoPermission, request id R); do this"
    assert str(SessionError(ErrorKind.FAILED, "no")) == "no"


def test_the_public_names_are_there() -> None:
    """Each public name is imported when it is asked for; another one is an attribute error."""
    assert sorted(package.__all__) == list(package.__all__)
    assert all(getattr(package, name).__name__ == name for name in package.__all__)
    assert not hasattr(package, "open_sesame")
