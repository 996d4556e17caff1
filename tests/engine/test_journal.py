"""The journal: after a kill at any moment the state says exactly what was done."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossaccount.engine import LockError, StateError
from crossaccount.engine.journal import Journal
from crossaccount.engine.lock import locked
from crossaccount.engine.state import Resource, State
from crossaccount.engine.state_file import StateFile
from crossaccount.engine.values import secret


def resource(name, id_="1", **fields):
    return Resource(urn=f"urn:pulumi:dev::trial::t::{name}", type="t", custom=True, id=id_, **fields)


def file_in(directory, **options):
    options.setdefault("passphrase", "pass")
    return StateFile(directory, "trial", "dev", **options)


def snapshot(state):
    retired = sorted(each.key for each in state.retired)
    return {urn: each.id for urn, each in state.live.items()}, retired, sorted(state.pending)


STEPS = st.lists(
    st.tuples(st.sampled_from(["create", "replace", "delete", "begin", "settle"]), st.sampled_from("abc")),
    max_size=12,
)


def perform(journal, state, step, name, number):
    """Do one step as the engine journals it."""
    urn = f"urn:pulumi:dev::trial::t::{name}"
    live = state.live.get(urn)
    if step == "create":
        journal.pending("creating", resource(name, ""))
        journal.put(resource(name, f"id-{number}" if live is None else live.id))
    elif step == "replace" and live is not None:
        journal.pending("creating", resource(name, ""))
        journal.retire(live)
        journal.put(resource(name, f"id-{number}"))
    elif step == "delete" and live is not None:
        journal.pending("deleting", live)
        journal.drop(live)
    elif step == "delete" and state.retired:
        journal.drop(state.retired[0])
    elif step == "begin":
        journal.pending("creating", resource(name, ""))
    elif step == "settle":
        journal.settle(urn)


@settings(max_examples=60)
@given(STEPS, st.data())
def test_a_killed_run_is_read_through_its_journal(tmp_path_factory, steps, data):
    """After a kill between any two steps the journal tells what was done; folding it changes nothing."""
    directory = tmp_path_factory.mktemp("state")
    file = file_in(directory)
    state = State("trial", "dev")
    with Journal(file, state) as journal:
        for number, (step, name) in enumerate(steps[: len(steps) // 2]):
            perform(journal, state, step, name, number)
    killed = Journal(file, state)
    for number, (step, name) in enumerate(steps[len(steps) // 2 :]):
        perform(killed, state, step, name, number + 100)
    os.close(killed._descriptor)

    assert snapshot(file.load()) == snapshot(state)

    kept = file.journal.read_bytes()
    file.fold(file.load())
    assert snapshot(file.load()) == snapshot(state)
    file.journal.write_bytes(kept)  # a kill after the state was written and before the journal was removed
    assert snapshot(file.load()) == snapshot(state)


def test_a_line_cut_off_by_a_kill_did_not_happen(tmp_path):
    """The last line without its end is ignored; the next run writes on without it."""
    file = file_in(tmp_path)
    state = State("trial", "dev")
    killed = Journal(file, state)
    killed.put(resource("a"))
    killed.put(resource("b"))
    os.close(killed._descriptor)
    file.journal.write_bytes(file.journal.read_bytes()[:-20])

    reread = file.load()
    assert [each.name for each in reread.ordered()] == ["a"]
    killed = Journal(file, reread)
    killed.put(resource("c"))
    os.close(killed._descriptor)
    assert [each.name for each in file.load().ordered()] == ["a", "c"]


@pytest.mark.parametrize(
    "line",
    [
        *(b"not json\n", b"[1]\n", b'{"put": 1, "drop": 2}\n', b'{"invent": {}}\n'),
        *(b'{"rename": 5}\n', b'{"rename": ["a"]}\n', b'{"rename": [[], {}]}\n', b'{"put": null}\n'),
    ],
)
def test_a_journal_that_is_not_one_is_refused(tmp_path, line):
    """A damaged journal is named, and kept."""
    file = file_in(tmp_path)
    file.journal.parent.mkdir()
    file.journal.write_bytes(line)

    with pytest.raises(StateError, match=r"dev\.journal\.jsonl"):
        file.load()

    assert file.journal.read_bytes() == line


def test_secrets_are_encrypted_in_the_journal_and_read_without_the_state(tmp_path):
    """The journal of a first run that was killed carries the salt its secrets need."""
    file = file_in(tmp_path)
    killed = Journal(file, State("trial", "dev"))
    killed.put(resource("a", outputs={"key": secret("s3cret")}))
    os.close(killed._descriptor)

    assert b"s3cret" not in file.journal.read_bytes()
    assert file_in(tmp_path).load().ordered()[0].outputs == {"key": secret("s3cret")}


def test_a_journal_is_its_owners_only_and_ends_with_the_run(tmp_path):
    """It is readable by nobody else, and gone once the state is written."""
    file = file_in(tmp_path)
    with Journal(file, State("trial", "dev")) as journal:
        journal.put(resource("a"))
        assert file.journal.stat().st_mode & 0o777 == 0o600

    assert not file.journal.exists()
    assert json.loads(file.path.read_text())["version"] == 3


def test_a_lock_keeps_a_second_run_out(tmp_path):
    """The error names the stack and the process; once the first run ends, the next may begin."""
    path = tmp_path / "dev.lock"
    refused = pytest.raises(LockError, match=rf"stack `dev`.*process {os.getpid()}")
    with locked(path, "dev"), refused, locked(path, "dev"):
        pass
    with locked(path, "dev"):
        pass


def test_a_killed_process_leaves_no_lock(tmp_path):
    """The operating system drops the lock with the process, however that ended."""
    path = tmp_path / "dev.lock"
    script = f"""
        import os, pathlib
        from crossaccount.engine.lock import locked
        with locked(pathlib.Path({str(path)!r}), "dev"):
            os.kill(os.getpid(), 9)
    """
    ended = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], check=False)

    assert ended.returncode == -9
    assert path.exists()
    with locked(path, "dev"):
        pass
