"""The changes that a diff of documents does not show, and the comment each must yield."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossaccount.review.markdown import to_markdown
from tests.review.pairs import INVISIBLE, diff

SNAPSHOTS = Path(__file__).parent / "snapshots"


@pytest.mark.parametrize("change", INVISIBLE, ids=lambda change: change.__name__)
def test_the_comment_is_the_snapshot(change) -> None:
    """Each invisible change yields exactly the Markdown that was reviewed."""
    found = to_markdown(diff(*change()), key="trial")

    assert found == (SNAPSHOTS / f"{change.__name__}.md").read_text("utf-8")
