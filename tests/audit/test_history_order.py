"""History as it is found: clocks set back, zones, stacks without records, renamed stacks, pipes."""

from __future__ import annotations

import json
import os
import stat
from datetime import datetime, timezone

import pytest
from click.testing import CliRunner

from crossaccount.access import QuestionError
from crossaccount.audit.gathered import Gathered
from crossaccount.audit.moments import moment_text, read_moment, read_written
from crossaccount.audit.reading import gather
from crossaccount.audit.stored import Stored
from crossaccount.audit.timeline import timeline_of
from crossaccount.audit.versions import gather_versions, gathered_at
from crossaccount.cli import main
from tests.access.states import OWNER, PARTNER, StackState, allow, root, trust

TODAY = datetime(2026, 11, 24, tzinfo=timezone.utc)


def state(*roles, name="a", time="2026-01-01T00:00:00Z"):
    """The export of a stack with these roles, each for the partner."""
    stack = StackState(name, OWNER, project="p")
    for role in roles:
        stack.role(role, trust(root(PARTNER)))
    return stack.export(manifest={"time": time})


def keep(folder, export, ended=None, number=1, name="a"):
    """An export as a backend keeps it: an update where it says when it ended, else the state of now."""
    checkpoint = {"version": 3, "checkpoint": {"latest": export["deployment"]}}
    history, now = folder / f".pulumi/history/p/{name}", folder / ".pulumi/stacks/p"
    now.mkdir(parents=True, exist_ok=True)
    (now / f"{name}.json").write_text(json.dumps(checkpoint))
    if ended is not None:
        history.mkdir(parents=True, exist_ok=True)
        record = {"kind": "update", "result": "succeeded", "endTime": ended}
        (history / f"{name}-{number}.checkpoint.json").write_text(json.dumps(checkpoint))
        (history / f"{name}-{number}.history.json").write_text(json.dumps(record))


def roles_at(folder, moment):
    """The roles that a backend's stacks had at a moment."""
    gathered, _ = gathered_at(gather_versions([str(folder)]), read_moment(moment))
    return sorted(role.name for role in gathered.graph({}).roles.values())


@pytest.mark.parametrize(
    ("first", "second"), [(1_700_000_100, 1_700_000_050), (1_700_000_100, 1_700_000_100)]
)
def test_a_clock_that_was_set_back_makes_no_update_undone(tmp_path, first, second) -> None:
    """Of two updates the second holds, in `--at` and in the timeline, whatever the clock said."""
    keep(tmp_path, state("old"), first, 1)
    keep(tmp_path, state("new"), second, 2)
    spans = timeline_of(gather_versions([str(tmp_path)]), TODAY, {}).spans

    assert roles_at(tmp_path, "2026-01-01") == ["new"]
    assert [each.role.rpartition("/")[2] for each in spans if not each.until] == ["new"]


def test_a_stack_of_which_no_update_is_kept_is_placed_by_its_manifest(tmp_path) -> None:
    """Such as one that was imported: it is not missing from the report of a day."""
    keep(tmp_path, state("recorded"), 1_700_000_000)
    keep(tmp_path, state("imported", name="b", time="2026-02-01T08:00:00+08:00"), name="b")

    assert roles_at(tmp_path, "2026-02-01T00:00:00Z") == ["imported", "recorded"]
    assert roles_at(tmp_path, "2026-01-31") == ["recorded"]


def test_a_renamed_stacks_older_states_are_its_own(tmp_path) -> None:
    """They have the name of then in their URNs, as the stack has that was made under it later."""
    keep(tmp_path, state("first", name="a"), 1_700_000_000, name="b")
    keep(tmp_path, state("second", name="a"), 1_700_000_100, name="a")
    gathered, _ = gathered_at(gather_versions([str(tmp_path)]), TODAY)

    assert roles_at(tmp_path, "2026-01-01") == ["first", "second"]
    assert gathered.rivals == []


def test_the_newer_of_two_states_is_told_by_time_and_not_by_text() -> None:
    """Pulumi writes the zone of the machine: 23:30 in Beijing is before 16:00 in UTC."""
    read = Gathered()
    for where, role, time in (
        ("newer", "new", "2026-03-01T16:00:00Z"),
        ("older", "old", "2026-03-01T23:30:00.5+08:00"),
    ):
        read.add(Stored(where, json.dumps(state(role, time=time)).encode()))

    assert [role.name for role in read.graph({}).roles.values()] == ["new"]
    assert "`newer` counts" in read.rivals[0]


def test_exported_versions_are_placed_in_their_zone_and_within_the_second(tmp_path) -> None:
    """In whatever order they are given; one written within a second counts at that second."""
    for place, (role, time) in enumerate(
        [
            ("third", "2026-03-01T16:00:00.9Z"),
            ("second", "2026-03-01T16:00:00.123456789Z"),
            ("first", "2026-03-01T23:59:59+08:00"),
        ]
    ):
        (tmp_path / f"{place}.json").write_text(json.dumps(state(role, time=time)))
    versions = gather_versions([str(tmp_path / f"{place}.json") for place in range(3)])
    (found,) = versions.by_stack.values()

    assert [moment_text(each.update.ended) for each in found] == [
        "2026-03-01T15:59:59Z",
        *["2026-03-01T16:00:00Z"] * 2,
    ]
    gathered, _ = gathered_at(versions, read_moment("2026-03-01T16:00:00Z"))
    assert [role.name for role in gathered.graph({}).roles.values()] == ["third"]


@pytest.mark.parametrize(
    "time", ["soon", "", "2026-13-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "2026-01-01"]
)
def test_a_manifest_whose_time_is_none_is_left_out_of_the_history(tmp_path, time) -> None:
    """By name, without a traceback; the state itself can be read."""
    (tmp_path / "a.json").write_text(json.dumps(state("one", time=time)))
    versions = gather_versions([str(tmp_path / "a.json")])

    assert read_written(time) is None
    assert "does not say when it was written" in versions.left_out[0].why
    assert gather([str(tmp_path / "a.json")]).left_out == []


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_moment_beyond_the_calendar_is_refused(text) -> None:
    """As any other that is none."""
    with pytest.raises(QuestionError, match="is no moment"):
        read_moment(text)


def test_between_tells_of_a_stack_that_is_missing_on_one_side(tmp_path) -> None:
    """All that it gives is gained then, and why is said."""
    keep(tmp_path, state("one"), 1_700_000_000)
    done = CliRunner().invoke(main, ["audit", str(tmp_path), "--between", "2023-01-01", "2024-01-01"])

    assert done.exit_code == 0
    assert "stack p/a was not there yet at 2023-01-01T00:00:00Z" in done.stderr


def test_a_pipe_in_a_backend_is_left_out_and_not_waited_for(tmp_path) -> None:
    """Nobody ever writes to it."""
    keep(tmp_path, state("one"))
    os.mkfifo(tmp_path / ".pulumi/stacks/p/b.json")
    assert stat.S_ISFIFO((tmp_path / ".pulumi/stacks/p/b.json").stat().st_mode)
    read = gather([str(tmp_path)])

    assert len(read.stacks) == 1
    assert "it is no file" in read.left_out[0].why


@pytest.mark.parametrize(
    ("operator", "ends"),
    [("DateLessThan", "2026-03-01T00:00:00Z"), ("DateLessThanEquals", "2026-03-01T00:00:01Z")],
)
@pytest.mark.parametrize("where", ["trust", "right"])
def test_what_a_condition_on_the_time_ends_is_ended_in_the_timeline(tmp_path, operator, ends, where) -> None:
    """Of a trust policy and of a role's policy, at the first second at which it does not hold."""
    limit = {operator: {"acs:CurrentTime": "2026-03-01T08:00:00+08:00"}}
    stack = StackState("a", OWNER, project="p")
    stack.role("worker", trust(root(PARTNER), **(limit if where == "trust" else {})))
    stack.policy("work", allow("fc:GetFunction", **(limit if where == "right" else {})))
    stack.attach("role", "worker", "work")
    keep(tmp_path, stack.export(manifest={"time": "2026-01-01T00:00:00Z"}), 1_700_000_000)
    spans = timeline_of(gather_versions([str(tmp_path)]), TODAY, {}).spans

    assert [each.until for each in spans if "Function Compute" in each.right] == [ends]


def test_no_option_is_taken_and_not_heeded_where_time_is_asked_about(tmp_path) -> None:
    """The timeline is of the project that is asked for; a grade to fail on has no meaning in it."""
    keep(tmp_path, state("one"), 1_700_000_000)
    run = CliRunner().invoke
    spans = [
        len(
            json.loads(run(main, ["audit", str(tmp_path), "--timeline", "--json", "-", *more]).stdout)[
                "spans"
            ]
        )
        for more in ([], ["--only-project", "p"], ["--only-project", "q"])
    ]

    assert spans == [1, 1, 0]
    for asked in (["--timeline"], ["--between", "2023-01-01", "2024-01-01"]):
        done = run(main, ["audit", str(tmp_path), *asked, "--fail-on", "low"])
        assert (done.exit_code, done.stdout) == (2, "")
        assert "`--fail-on` is about findings" in done.stderr
