"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from crossaccount.whole_file import write_whole

if TYPE_CHECKING:
    from pathlib import Path


def mode(path: Path) -> int:
    """The permissions of a file."""
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_is_replaced_and_keeps_its_mode(tmp_path: Path) -> None:
    """A new file has the mode that was asked for, an old one its own; bytes are written as they are."""
    path = tmp_path / "f"
    write_whole(path, "a\r\nb\n", 0o600)
    assert (path.read_bytes(), mode(path)) == (b"a\r\nb\n", 0o600)
    path.chmod(0o640)
    write_whole(path, "é", 0o600)
    assert (path.read_text("utf-8"), mode(path)) == ("é", 0o640)
    assert os.listdir(tmp_path) == ["f"]  # noqa: PTH208  names are what is asked for


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """What it points to is replaced."""
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")
    write_whole(tmp_path / "link", "new")

    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"


@pytest.mark.parametrize("failure", [OSError(28, "full"), KeyboardInterrupt()])
def test_a_failure_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: BaseException
) -> None:
    """A full disk or Ctrl-C at the last moment: the old content, and no file beside it."""
    path = tmp_path / "f"
    path.write_text("old")

    def failing(*_: object) -> None:
        raise failure

    monkeypatch.setattr(os, "replace", failing)
    with pytest.raises(type(failure)):
        write_whole(path, "new")
    monkeypatch.undo()
    assert [each.read_text() for each in tmp_path.iterdir()] == ["old"]
