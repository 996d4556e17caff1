"""Opening a session: one call however many ask, and what the cache gives instead."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from crossaccount.session import ErrorKind, SessionCache, SessionError, open_session
from crossaccount.session.single_flight import single_flight
from tests.clients.scene import ROLE, B
from tests.session.conftest import assume_calls

if TYPE_CHECKING:
    from crossaccount.localcloud.cloud import Cloud
    from crossaccount.session.source import Source
    from tests.session.conftest import Terminal

HOLDER = """
import sys, time
from crossaccount.session.single_flight import single_flight
with single_flight(sys.argv[1]):
    print("held", flush=True)
    time.sleep(600)
"""


def test_fifty_processes_at_once_make_one_call(served: Cloud, terminal: Terminal) -> None:
    """Fifty processes that start with a cold cache all print the same session, from one AssumeRole."""
    running = [terminal.start("assume", ROLE, "--process") for _ in range(50)]
    ended = [(process.communicate(timeout=120), process.returncode) for process in running]

    assert [(err, code) for (_, err), code in ended if code != 0] == []
    assert len({json.loads(out)["access_key_id"] for (out, _), _ in ended}) == 1
    assert assume_calls(served) == 1


def test_those_who_waited_for_a_failure_end_with_it(served: Cloud, terminal: Terminal) -> None:
    """Processes that wait while one is refused tell the same refusal, and do not call one after the other."""
    running = [terminal.start("assume", ROLE, "--process", "--duration", "7200") for _ in range(8)]
    ended = [(process.communicate(timeout=120), process.returncode) for process in running]

    assert {code for _, code in ended} == {ErrorKind.USAGE.value}
    assert all("does not allow sessions of 7200 seconds" in err for (_, err), _ in ended)
    assert assume_calls(served) < 8


def test_a_cached_session_needs_no_call(served: Cloud, source: Source, request_of: Any) -> None:
    """The second time the cloud is not asked, and `renew` asks it again."""
    cache = SessionCache()
    first = open_session(request_of(), source, cache)

    assert open_session(request_of(), source, cache) == first
    assert assume_calls(served) == 1
    assert open_session(request_of(), source, cache, renew=True) != first
    assert assume_calls(served) == 2


@pytest.mark.parametrize("opened", [True, False])
def test_who_waits_to_renew_takes_the_new_session_and_never_the_old(
    served: Cloud, source: Source, request_of: Any, monkeypatch: pytest.MonkeyPatch, opened: bool
) -> None:
    """Of several that renew, one calls; where it was killed before it did, the next one does."""
    cache, request = SessionCache(), request_of()
    old = open_session(request, source, cache)
    new = open_session(request, source, None)
    name = request.cache_key(source.identity)
    waiting, pause = threading.Event(), time.sleep
    monkeypatch.setattr(time, "sleep", lambda seconds: (waiting.set(), pause(seconds)))
    with ThreadPoolExecutor(1) as pool:
        with single_flight(f"{cache.path(name)}.lock"):
            waiter = pool.submit(open_session, request, source, cache, renew=True)
            assert waiting.wait(10)
            if opened:
                cache.write(name, new)
        found = waiter.result(30)

    assert (found == new) is opened
    assert found != old
    assert assume_calls(served) == (2 if opened else 3)


def test_a_new_session_tidies_up(source: Source, request_of: Any, served: Cloud) -> None:
    """Opening one forgets a failure that was left before, and removes what was cached days ago."""
    cache, request = SessionCache(), request_of()
    cache.prepare()
    old, lock = Path(cache.path("old")), Path(f"{cache.path(request.cache_key(source.identity))}.lock")
    old.touch()
    os.utime(old, (0, 0))
    served.inject("refuse", product="Sts", action="AssumeRole", times=1)
    with pytest.raises(SessionError):
        open_session(request, source, cache)
    left = lock.read_text()
    open_session(request, source, cache)

    assert "Forbidden" in left
    assert lock.read_text() == ""
    assert not old.exists()


def test_without_a_cache_nothing_is_written(served: Cloud, source: Source, request_of: Any) -> None:
    """Without a cache each opening is a call, and no file appears."""
    open_session(request_of(), source, None)
    open_session(request_of(), source, None)

    assert assume_calls(served) == 2
    assert not Path(SessionCache().directory).exists()


def test_a_session_near_its_end_is_renewed(
    served: Cloud, source: Source, request_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once the margin has begun, a new session is opened and kept."""
    first = open_session(request_of(), source, SessionCache())
    real = time.time
    monkeypatch.setattr("crossaccount.session.opening.time.time", lambda: real() + 700)
    served.clock.advance(700)

    assert open_session(request_of(), source, SessionCache()).access_key_id != first.access_key_id


def test_the_session_is_named_after_the_caller(source: Source, request_of: Any) -> None:
    """Without a name of its own, the session carries the user's: the owner's trail shows who acts."""
    session = open_session(request_of(), source, None)

    assert session.assumed_role_arn == f"{ROLE}/dev"
    assert session.caller == f"acs:ram::{B}:user/dev"
    assert open_session(request_of(session_name="night-job"), source, None).assumed_role_arn.endswith(
        "/night-job"
    )


def test_a_damaged_entry_is_replaced_with_a_warning(source: Source, request_of: Any) -> None:
    """A truncated file is named once in a warning, and a new session takes its place."""
    cache, warned = SessionCache(), []
    first = open_session(request_of(), source, cache)
    path = Path(cache.path(request_of().cache_key(source.identity)))
    path.write_text("{")

    second = open_session(request_of(), source, cache, warn=warned.append)

    assert second.access_key_id != first.access_key_id
    assert len(warned) == 1
    assert str(path) in warned[0]
    assert open_session(request_of(), source, cache) == second


def test_a_killed_holder_frees_the_lock(tmp_path: Path) -> None:
    """The lock of a process that was killed with SIGKILL is free at once."""
    lock = tmp_path / "s.lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(lock)], stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(SessionError, match="more than 0 s") as caught, single_flight(str(lock), 0.05):
            pytest.fail("the lock was held twice")
        holder.send_signal(signal.SIGKILL)
        holder.wait()

    assert caught.value.kind is ErrorKind.CACHE
    with single_flight(str(lock), 0.05) as flight:
        assert not flight.waited


def test_a_lock_is_private_and_no_link_is_followed(tmp_path: Path) -> None:
    """The lock is 0600, and a link in its place is refused: what it points to stays as it was."""
    with single_flight(str(tmp_path / "s.lock")):
        assert (tmp_path / "s.lock").stat().st_mode & 0o777 == 0o600
    (tmp_path / "precious").write_text("kept")
    (tmp_path / "link.lock").symlink_to(tmp_path / "precious")

    with pytest.raises(SessionError, match="cannot be made"), single_flight(str(tmp_path / "link.lock")):
        pytest.fail("a link was followed")
    assert (tmp_path / "precious").read_text() == "kept"


def test_a_failure_is_told_to_those_who_asked_before_it(tmp_path: Path) -> None:
    """A failure reaches who waited for it, whole; who asks later tries anew; success clears it."""
    with single_flight(str(tmp_path / "s.lock")) as flight:
        before = time.time()
        flight.fail(SessionError(ErrorKind.REFUSED, "no", "do", code="NoPermission", request_id="R"))

        told = flight.failure_since(before)
        assert told is not None
        assert (
            told.to_json()
            == SessionError(ErrorKind.REFUSED, "no", "do", code="NoPermission", request_id="R").to_json()
        )
        assert flight.failure_since(time.time() + 1) is None
        flight.land()
        assert flight.failure_since(before) is None


def test_a_cloud_ten_years_ahead_is_a_matter_of_the_clock(
    served: Cloud, source: Source, request_of: Any
) -> None:
    """A session whose end this machine's clock does not fit is not handed out; the message says the time."""
    served.clock.advance(10 * 365 * 86400)

    with pytest.raises(SessionError, match="clock") as caught:
        open_session(request_of(), source, SessionCache())

    assert caught.value.kind is ErrorKind.CLOCK
