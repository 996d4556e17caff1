"""Editing a stack file in place: comments, order, line ends stay; what cannot be edited is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossaccount.handover.stack_file import StackFile
from crossaccount.session import SessionError

ROOT = Path(__file__).parents[2]
NAME = st.text("abcdefgh.:-_ #'\"{}123é", min_size=1, max_size=6)
ENTRY = st.dictionaries(
    NAME, st.one_of(NAME, st.booleans(), st.lists(NAME, max_size=2)), min_size=1, max_size=2
)


def test_only_new_lines_are_added() -> None:
    """Of the committed stack file every line is there afterwards, in its order, and the entry reads back."""
    text = (ROOT / "Pulumi.account-b.yaml").read_text()
    edited = StackFile("f", text).with_entry(
        ("config", "crossaccount:roles", "x"), {"arn": "acs:ram::1:role/x"}, "From A."
    )

    added = ["    # From A.", "    x:", "      arn: acs:ram::1:role/x"]
    assert [line for line in edited.text.splitlines() if line not in added] == text.splitlines()
    assert edited.text.index("# From A.") > edited.text.index("arn: acs:ram::1234567890120000")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "config:\n  r:\n    x: 1\n"),
        ("# only\n", "# only\nconfig:\n  r:\n    x: 1\n"),
        ("config: {}\n", "config:\n  r:\n    x: 1\n"),
        ("config:\n  a: 1", "config:\n  a: 1\n  r:\n    x: 1\n"),
        ("config:\n  r:  # none yet\n  b: 2\n", "config:\n  r:  # none yet\n    x: 1\n  b: 2\n"),
        ("config:\n  r: {}  # none\n", "config:\n  r:  # none\n    x: 1\n"),
        ("config:\r\n  a: 1\r\n", "config:\r\n  a: 1\r\n  r:\r\n    x: 1\r\n"),
        ("config:\n  a: |\n    t\n\n# end\n", "config:\n  a: |\n    t\n\n  r:\n    x: 1\n# end\n"),
        (
            "config:\n    a: [1,\n      2]\nz: 1\n",
            "config:\n    a: [1,\n      2]\n    r:\n      x: 1\nz: 1\n",
        ),
        (
            "config:\n  r:\n    x: 0  # old\n  # b\n  b: 1\n",
            "config:\n  r:\n    x: 1  # old\n  # b\n  b: 1\n",
        ),
    ],
)
def test_an_entry_goes_where_it_belongs(before: str, after: str) -> None:
    """Empty files and mappings, missing line ends, comments behind, folded texts, other line ends."""
    assert StackFile("f", before).with_entry(("config", "r", "x"), 1).text == after


@settings(max_examples=60)
@given(st.dictionaries(NAME, st.one_of(NAME, ENTRY), max_size=3), NAME, ENTRY)
def test_what_is_set_is_read_back(config: dict[str, Any], name: str, entry: dict[str, Any]) -> None:
    """Whatever names and values look like, the file then says what was set and all that it said before."""
    file = StackFile("f", "")
    for key, value in config.items():
        file = file.with_entry(("config", key), value)
    file = file.with_entry(("config", "here", name), entry)

    assert file.document == {"config": {**config, "here": {name: entry}}}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("config:\n  r: {y: 1}\n", "`r` is written in braces"),
        ("config:\n  r:\n    secure: v1:x\n", "`r` is encrypted as a whole"),
        ("config:\n  r: text\n", "`r` is no mapping"),
        ("config:\n  a: &a {x: 1}\n  r: *a\n", "cannot be edited|in braces"),
        ("config:\n  a: &a\n    y: 1\n  r: *a\n", "cannot be edited at `config.r.x`"),
        ("config: [\n", "line 2"),
        ("a: 1\na: 2\n", "given twice"),
    ],
)
def test_what_cannot_be_edited_is_refused(text: str, words: str) -> None:
    """Braces, anchors, encrypted parts, broken files: one line that says what to do, and no edit."""
    with pytest.raises(SessionError, match=words):
        StackFile("f", text).with_entry(("config", "r", "x"), 1)


def test_several_entries_come_in_one_block():
    """Below those that are there, or in a mapping of their own; what stands around stays as it is."""
    entries = {"b": {"x": 1}, "c": {"y": ["2"]}}
    for text in ("config:\n  k:\n    a: {}  # own\n    # below\n  z: 1\n", "config:\n  z: 1\n", ""):
        before = StackFile("Pulumi.a.yaml", text)
        edited = before.with_entries(("config", "k"), entries, "New:")
        known = (before.document.get("config") or {}).get("k") or {}

        assert edited.document["config"]["k"] == {**known, **entries}
        assert edited.text.count("# New:") == 1
        assert all(line in edited.text for line in text.splitlines())
