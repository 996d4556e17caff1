"""Two revisions: which lines changed, and that a copy stays a copy."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from crossaccount.review.revisions import _conceal, changed_lines


@pytest.fixture
def repository(tmp_path):
    """A function: commits texts by file name, and gives the commit."""

    def git(*arguments):
        identity = ("-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false")
        command = ["git", *identity, *arguments]
        return subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True).stdout

    git("init", "-q")

    def commit(files):
        for name, text in files.items():
            (tmp_path / name).write_text(text, "utf-8")
        git("add", "-A")
        git("commit", "-q", "-m", "x")
        return git("rev-parse", "HEAD").strip()

    commit.folder = tmp_path
    return commit


def test_changed_lines_are_those_of_the_head(repository) -> None:
    """Added, changed and removed lines by file; of a removal the line before it."""
    base = repository({"a.py": "1\n2\n3\n4\n", "Pulumi.x.yaml": "a\nb\n"})
    head = repository({"a.py": "1\nzwei\n4\n5\n6\n", "Pulumi.x.yaml": "a\n"})

    assert changed_lines(repository.folder, base, head, Path()) == {
        "a.py": (2, 4, 5),
        "Pulumi.x.yaml": (1,),
    }


def test_a_text_that_looks_like_a_diff_is_a_text(repository) -> None:
    """Lines that begin as the headers of a diff do, or hold other line ends, blame no other file or line."""
    base = repository({"a.py": "1\n-- b/z.py\n"})
    head = repository({"a.py": "1\n++ b/Pulumi.a.yaml\n@@ -1 +9 @@\nx\x0cy\u2028z\n", "b.py": "1\n"})

    assert changed_lines(repository.folder, base, head, Path()) == {"a.py": (2, 3, 4), "b.py": (1,)}


def test_a_link_in_a_copy_is_not_written_through(tmp_path) -> None:
    """A stack file that is a link is read, and replaced in the copy; what it leads to stays."""
    outside, copy = tmp_path / "outside.yaml", tmp_path / "copy"
    copy.mkdir()
    outside.write_text("config:\n  p:key:\n    secure: v1:abc\n")
    (copy / "Pulumi.yaml").write_text("name: p\nruntime: python\n")
    (copy / "Pulumi.x.yaml").symlink_to(outside)

    _conceal(copy, "x", "stack `x`")

    assert outside.read_text() == "config:\n  p:key:\n    secure: v1:abc\n"
    shown = json.loads((copy / "Pulumi.x.yaml").read_text())
    assert shown["config"]["p:key"].startswith("secret-")
