"""Sessions on disk: for their user alone, whole or not at all."""

from __future__ import annotations

import json
import os
import stat
import time
from pathlib import Path
from typing import Any

import pytest

from crossaccount.session import ErrorKind, SessionCache, SessionError
from crossaccount.session.cache import UnusableEntryError
from tests.session.test_role_session import NOW, session

OTHER_USER = 12345
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")


@pytest.fixture
def cache(tmp_path: Path) -> SessionCache:
    """An empty cache that is ready."""
    made = SessionCache(str(tmp_path / "cache"))
    made.prepare()
    return made


def mode(path: str | Path) -> int:
    """The permission bits of a file."""
    return stat.S_IMODE(Path(path).stat().st_mode)


def test_files_are_private_from_their_first_moment(
    cache: SessionCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the loosest umask, the file is 0600 already while it is written, and the directory is 0700."""
    seen = []
    dump = json.dump

    def spy(record: Any, file: Any) -> None:
        seen.append(stat.S_IMODE(os.fstat(file.fileno()).st_mode))
        dump(record, file)

    monkeypatch.setattr("crossaccount.session.cache.json.dump", spy)
    before = os.umask(0)
    try:
        cache.write("s", session())
    finally:
        os.umask(before)

    assert seen == [0o600]
    assert (mode(cache.path("s")), mode(cache.directory)) == (0o600, 0o700)


def test_a_session_is_read_back_until_it_is_used_up(cache: SessionCache) -> None:
    """A fresh session is found, a used up one and an unknown name are not."""
    cache.write("s", session())

    assert cache.read("s", NOW) == session()
    assert cache.read("s", NOW + 3000) is None
    assert cache.read("other", NOW) is None


def test_an_interrupted_write_leaves_nothing(cache: SessionCache, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C in the middle of a write keeps the old session and leaves no other file."""
    cache.write("s", session())

    def interrupted(_record: Any, file: Any) -> None:
        file.write('{"half": ')
        raise KeyboardInterrupt

    monkeypatch.setattr("crossaccount.session.cache.json.dump", interrupted)
    with pytest.raises(KeyboardInterrupt):
        cache.write("s", session(access_key_id="STS.new"))

    assert [each.name for each in Path(cache.directory).iterdir()] == ["s.json"]
    assert cache.read("s", NOW) == session()


def _truncate(path: str) -> None:
    os.truncate(path, Path(path).stat().st_size // 2)


def _link(path: str) -> None:
    Path(path).rename(path + ".real")
    Path(path).symlink_to(path + ".real")


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (_truncate, "truncated"),
        (lambda path: os.truncate(path, 0), "truncated"),
        (lambda path: Path(path).chmod(0o644), "read or changed by other users"),
        (lambda path: Path(path).chmod(0o620), "read or changed by other users"),
        (_link, "symbolic link"),
        pytest.param(lambda path: os.chown(path, OTHER_USER, -1), "another user", marks=as_root),
    ],
)
def test_a_file_that_may_not_be_trusted_is_not_used(cache: SessionCache, harm: Any, told: str) -> None:
    """Truncated, readable by others, a link or somebody else's: named, not used, and replaceable."""
    cache.write("s", session())
    harm(cache.path("s"))

    with pytest.raises(UnusableEntryError, match=told):
        cache.read("s", NOW)
    cache.write("s", session(access_key_id="STS.new"))
    found = cache.read("s", NOW)
    assert found is not None
    assert found.access_key_id == "STS.new"


def test_a_fifo_does_not_hold_it_up(cache: SessionCache) -> None:
    """A pipe in the place of a file is refused at once, not waited for."""
    os.mkfifo(cache.path("s"), 0o600)

    with pytest.raises(UnusableEntryError, match="no plain file"):
        cache.read("s", NOW)


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (lambda path: Path(path).chmod(0o755), "entered by other users"),
        pytest.param(lambda path: os.chown(path, OTHER_USER, -1), "another user", marks=as_root),
    ],
)
def test_a_directory_that_others_can_enter_is_refused(cache: SessionCache, harm: Any, told: str) -> None:
    """Neither reading nor writing goes on in such a directory; the message says what to do."""
    cache.write("s", session())
    harm(cache.directory)

    for use in (cache.prepare, lambda: cache.read("s", NOW)):
        with pytest.raises(SessionError, match=told) as caught:
            use()
        assert caught.value.kind is ErrorKind.CACHE
        assert "CROSSACCOUNT_CACHE_DIR" in caught.value.advice


def test_a_file_in_the_place_of_the_directory_is_told(tmp_path: Path) -> None:
    """What cannot be a directory is named, with the way out."""
    (tmp_path / "cache").write_text("")

    with pytest.raises(SessionError, match="is no directory"):
        SessionCache(str(tmp_path / "cache")).prepare()
    with pytest.raises(SessionError, match="cannot be made"):
        SessionCache(str(tmp_path / "cache" / "deeper")).prepare()


def test_it_is_where_the_user_keeps_caches(monkeypatch: pytest.MonkeyPatch) -> None:
    """`CROSSACCOUNT_CACHE_DIR`, else XDG_CACHE_HOME, else ~/.cache."""
    monkeypatch.setenv("HOME", "/home/dev")
    monkeypatch.delenv("CROSSACCOUNT_CACHE_DIR", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    assert SessionCache().directory == "/home/dev/.cache/crossaccount/sessions"
    monkeypatch.setenv("XDG_CACHE_HOME", "/caches")
    assert SessionCache().directory == "/caches/crossaccount/sessions"
    monkeypatch.setenv("CROSSACCOUNT_CACHE_DIR", "/own")
    assert SessionCache().directory == "/own"


def test_old_sessions_are_swept_and_locks_stay(cache: SessionCache) -> None:
    """Files written more than a day ago go; a lock that another may hold stays."""
    for name in ("old.json", "old.json.17.1", "new.json", "old.json.lock"):
        path = Path(cache.directory, name)
        path.touch()
        if name.startswith("old"):
            os.utime(path, (0, 0))

    cache.sweep(time.time())

    assert sorted(each.name for each in Path(cache.directory).iterdir()) == ["new.json", "old.json.lock"]
