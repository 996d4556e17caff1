"""Access in time: what a backend's history says of a date, of two, and of all that was."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from click.testing import CliRunner

from crossaccount.access import QuestionError, StateFileError
from crossaccount.access.build import merge
from crossaccount.access.graph import graph_of_facts
from crossaccount.audit.backend.updates import update_of
from crossaccount.audit.moments import moment_text, read_moment
from crossaccount.audit.reading import gather
from crossaccount.audit.report import report_of
from crossaccount.audit.settled import settled
from crossaccount.audit.timeline import timeline_of
from crossaccount.audit.timeline_forms import (
    timeline_lines,
    timeline_to_csv,
    timeline_to_json,
    timeline_to_markdown,
)
from crossaccount.audit.versions import gather_versions, gathered_at
from crossaccount.commands.audit import audit
from crossaccount.review import permission_diff
from crossaccount.review.model import Kind

BACKEND = Path(__file__).parent.parent / "data" / "backend"
MADE, WIDENED, SUSPENDED = "2026-11-24T10:34:20Z", "2026-11-24T10:34:26Z", "2026-11-24T10:34:28Z"
READS, INVOKES = "reads Function Compute", "invokes Function Compute"
LATER = datetime(2028, 1, 1, tzinfo=timezone.utc)


@pytest.fixture(scope="module")
def versions():
    """The recorded backend's versions."""
    return gather_versions([str(BACKEND)])


def rights_at(versions, text) -> set[str]:
    """What anybody could do at a moment, in the first words."""
    moment = read_moment(text)
    gathered, _ = gathered_at(versions, moment)
    report = report_of(gathered.graph({}), moment)
    return {row.right.words.partition(" (")[0] for row in report.rows() if row.assumer and row.right}


def test_a_date_is_answered_by_the_versions_of_then(versions) -> None:
    """Before the first update nothing, then reading, then invoking too, and nothing since it is suspended."""
    assert rights_at(versions, "2026-11-23") == set()
    assert rights_at(versions, "2026-11-24T10:34:25Z") == {READS}
    assert rights_at(versions, "2026-11-24T10:34:27Z") == {READS, INVOKES}
    assert rights_at(versions, "2026-11-24") == set()


def test_a_stack_that_was_not_there_yet_is_told(versions) -> None:
    """It is no error, and not silence."""
    gathered, absent = gathered_at(versions, read_moment("2026-11-24T10:34:21Z"))

    assert absent == ["crossaccount/account-b"]
    assert [source.stack for source in gathered.sources] == ["crossaccount/account-a"]


def test_the_timeline_says_who_could_do_what_when_and_which_update_changed_it(versions) -> None:
    """The operator's rights, each with the update, author and commit that began and ended it."""
    spans = timeline_of(versions, LATER, {}).spans
    operators = [each for each in spans if each.principal_arn.endswith("user/fc-operator")]

    assert [(each.right.partition(" (")[0], each.since, each.until) for each in operators] == [
        (READS, "2026-11-24T10:34:24Z", SUSPENDED),
        (INVOKES, WIDENED, SUSPENDED),
    ]
    assert operators[1].opened == (
        "update 2 of crossaccount/account-a by Operations, commit b9c343a7f410 and what was not committed: "
        "Let company B invoke orders until March"
    )
    assert "update 3 of crossaccount/account-a" in operators[1].closed


def test_what_ends_by_itself_ends_in_the_timeline(versions) -> None:
    """Without the suspension the trust's own date ends it, with no update."""
    kept = {stack: found[:2] for stack, found in versions.by_stack.items()}
    kept["crossaccount/account-b"] = kept["crossaccount/account-b"][:1]
    shortened = type(versions)(kept)

    spans = timeline_of(shortened, LATER, {}).spans
    (invoking,) = (each for each in spans if "fc-operator" in each.principal_arn and INVOKES in each.right)

    assert (invoking.since, invoking.until) == (WIDENED, "2027-03-31T23:59:59Z")
    assert "by itself" in invoking.closed


def test_exported_versions_make_a_history_too(tmp_path) -> None:
    """Files that `pulumi stack export --version N` wrote, in any order, placed by their manifests."""
    files = []
    history = BACKEND / ".pulumi/history/crossaccount/account-a"
    for path in sorted(history.glob("*.checkpoint.json"), reverse=True):
        deployment = json.loads(path.read_bytes())["checkpoint"]["latest"]
        files.append(tmp_path / path.name)
        files[-1].write_text(json.dumps({"version": 3, "deployment": deployment}))

    spans = timeline_of(gather_versions([str(file) for file in files]), LATER, {}).spans

    assert {each.since for each in spans} == {MADE, WIDENED}
    assert all("export" in each.opened for each in spans)


def test_every_form_holds_every_span(versions) -> None:
    """Terminal, CSV, JSON and Markdown: as many as there are."""
    timeline = timeline_of(versions, LATER, {})
    count = len(timeline.spans)

    assert count == 5
    assert len(json.loads(timeline_to_json(timeline))["spans"]) == count
    assert len(list(csv.reader(io.StringIO(timeline_to_csv(timeline))))) == count + 1
    assert timeline_to_markdown(timeline).count("\n| 2026-") == count
    assert sum("begun" in line for line in timeline_lines(timeline)) == count


def run(*arguments):
    """The command on the recorded backend."""
    return CliRunner().invoke(audit, [str(BACKEND), *arguments])


def test_between_two_moments_is_the_permission_diff() -> None:
    """Between the second and the third second: the right to invoke is gained, in the diff's own forms."""
    done = run("--between", "2026-11-24T10:34:25Z", "2026-11-24T10:34:27Z", "--json", "-")

    assert done.exit_code == 0
    gained = [row for row in json.loads(done.stdout)["rows"] if row["change"] == "gained"]
    assert {action for row in gained for action in row["actions"]} == {"fc:InvokeFunction"}
    assert run("--between", "2026-11-24T10:34:21Z", "2026-11-24").exit_code == 0


def test_what_ends_by_itself_is_lost_between_two_moments(versions) -> None:
    """The trust's own date: before it the right to invoke, after it none, with no update between."""
    moments = (read_moment("2026-11-24T10:34:27Z"), read_moment("2027-06-01"))
    kept = type(versions)({stack: found[:2] for stack, found in versions.by_stack.items()})
    kept.by_stack["crossaccount/account-b"] = kept.by_stack["crossaccount/account-b"][:1]
    graphs = [
        graph_of_facts(
            merge(settled(each, moment) for each in gathered_at(kept, moment)[0].facts({})), strict=False
        )
        for moment in moments
    ]

    rows = permission_diff(*graphs).rows

    assert {row.kind for row in rows} == {Kind.LOST}
    assert any("fc:InvokeFunction" in row.actions for row in rows)
    assert all("CurrentTime" not in condition for row in rows for condition in row.conditions)


@pytest.fixture
def imported(tmp_path) -> Path:
    """The recorded backend after `pulumi stack import` of A's second version, which leaves no record."""
    copy = Path(shutil.copytree(BACKEND, tmp_path / "backend"))
    checkpoints = sorted((copy / ".pulumi/history/crossaccount/account-a").glob("*.checkpoint.json"))
    current = copy / ".pulumi/stacks/crossaccount/account-a.json"
    current.write_bytes(checkpoints[1].read_bytes())
    moment = datetime(2026, 11, 25, tzinfo=timezone.utc).timestamp()
    os.utime(current, (moment, moment))
    return copy


def test_a_state_that_no_update_made_is_the_last_version(imported) -> None:
    """It counts from when its file was written, and the timeline says how it came."""
    versions = gather_versions([str(imported)])
    kept = versions.by_stack.pop("crossaccount/account-b")
    versions.by_stack["crossaccount/account-b"] = kept[:1]

    spans = timeline_of(versions, LATER, {}).spans
    reopened = [each for each in spans if each.since == "2026-11-25T00:00:00Z"]

    assert {each.right.partition(" (")[0] for each in reopened} == {READS, INVOKES}
    assert all("without a record (`pulumi stack import`" in each.opened for each in reopened)


def test_what_was_held_before_such_a_state_came_is_doubtful(imported) -> None:
    """Between the last update and the file's time it cannot be told: said, and left out by name."""
    versions = gather_versions([str(imported)])

    doubtful, _ = gathered_at(versions, read_moment("2026-11-24T23:00:00Z"))
    sure, _ = gathered_at(versions, read_moment("2026-11-25T01:00:00Z"))

    assert [each.where for each in doubtful.left_out] == ["crossaccount/account-a"]
    assert "cannot be told" in doubtful.left_out[0].why
    assert sure.left_out == []


def test_a_state_that_no_update_made_has_no_updates_number(imported) -> None:
    """Its digest says which it is."""
    versions = {source.stack: source.version for source in gather([str(imported)]).sources}

    assert versions == {"crossaccount/account-a": "", "crossaccount/account-b": "2"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--at", "soon"], "is no moment"),
        (["--at", "2026-02-30"], "is no moment"),
        (["--at", "2026-03-01T12:00:00"], "is no moment"),
        (["--at", "2999-01-01"], "still to come"),
        (["--between", "2026-11-24", "2026-11-23"], "is before"),
        (["--at", "2026-11-24", "--timeline"], "two questions"),
        (["--between", "2026-11-23", "2026-11-24", "--csv", "-"], "no CSV"),
    ],
)
def test_a_question_that_has_no_answer_is_refused_in_one_line(arguments, said) -> None:
    """Exit code 2, and nothing on standard output."""
    done = run(*arguments)

    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_date_is_its_whole_day() -> None:
    """Its end as the end of a time, its beginning as the beginning of one."""
    assert moment_text(read_moment("2026-03-01")) == "2026-03-01T23:59:59Z"
    assert moment_text(read_moment("2026-03-01", ends=False)) == "2026-03-01T00:00:00Z"
    assert moment_text(read_moment("2026-03-01T01:00:00+08:00")) == "2026-02-28T17:00:00Z"
    with pytest.raises(QuestionError):
        read_moment("")


def test_what_is_no_record_of_an_update_is_refused() -> None:
    """A record without its kind, or with a time that is none."""
    for record in (None, [], {}, {"kind": 1}, {"kind": "update", "endTime": "soon"}, {"kind": "update"}):
        with pytest.raises(StateFileError, match="`x`"):
            update_of(record, "x", "p/a", 1)


def test_nothing_of_a_records_configuration_is_told(versions) -> None:
    """A record holds the configuration, keys in clear among it: only who, when and which commit is read."""
    (first, *_) = versions.by_stack["crossaccount/account-a"]

    assert first.update.ended - datetime(2026, 11, 24, tzinfo=timezone.utc) < timedelta(days=1)
    assert "example" not in repr(first.update)
