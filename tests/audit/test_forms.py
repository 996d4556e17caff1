"""The forms of a report: the same rows in all, and nothing that somebody else wrote is obeyed."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest
from jsonschema import Draft202012Validator

from crossaccount.audit.csv_form import COLUMNS, report_to_csv
from crossaccount.audit.html_form import report_to_html
from crossaccount.audit.markdown import report_to_markdown
from crossaccount.audit.model import Delegation, Grade, LeftOut, Report, Right, Row, Source
from crossaccount.audit.plain import report_to_json, schema
from crossaccount.audit.terminal import EVERYTHING, Bounds, terminal_lines
from tests.access.states import OTHER, OWNER, PARTNER, SECRET, StackState, allow, root, trust
from tests.audit.pages import data_in
from tests.audit.reports import HOSTILE, ROLE, owner, partner, report

AGREED = "agreed-on-9b1f"
WHOLE = trust(root(PARTNER), root(OTHER), StringEquals={"sts:ExternalId": AGREED})


def many(count):
    """So many roles, each with two rights, for one user; the last has a finding that is high."""
    stack, grants = StackState("owner", OWNER), []
    for number in range(count):
        stack.role(f"worker-{number:03}", trust(f"acs:ram::{PARTNER}:user/dev"))
        stack.policy(f"work-{number}", allow("log:Get*", f"acs:log:*:{OWNER}:project/p{number}/*"))
        stack.attach("role", f"worker-{number:03}", f"work-{number}")
        stack.attach("role", f"worker-{number:03}", "AliyunFCReadOnlyAccess", "System")
        grants.append(f"acs:ram::{OWNER}:role/worker-{number:03}")
    stack.attach("role", f"worker-{count - 1:03}", "AliyunFCFullAccess", "System")
    users = StackState("partner", PARTNER)
    users.user("dev")
    users.policy("assume", allow("sts:AssumeRole", grants))
    users.attach("user", "dev", "assume")
    return report(stack, users)


REPORTS = {
    "many": lambda: many(40),
    "two principals": lambda: report(owner(WHOLE, policies=[allow("fc:*"), allow("*")]), partner("*")),
    "nobody and nothing": lambda: report(owner(trust(f"acs:ram::{PARTNER}:user/dev")), partner()),
    "empty": lambda: Report("2026-03-01T00:00:00Z", (), ()),
}


@pytest.mark.parametrize("name", REPORTS)
def test_all_forms_hold_the_same_rows(name) -> None:
    """Every right of every principal is a line of CSV, Markdown, terminal, a pair in JSON and HTML."""
    found = REPORTS[name]()
    rows = len(list(found.rows()))
    document = json.loads(report_to_json(found))
    table = report_to_markdown(found).partition("## Rights")[2].partition("## Delegations")[0]

    assert len(list(csv.DictReader(io.StringIO(report_to_csv(found))))) == rows
    assert sum(line.startswith("| ") for line in table.splitlines()) - 1 == rows
    assert sum(line.startswith("  - ") for line in terminal_lines(found, EVERYTHING)) == rows
    assert (
        sum(max(1, len(each["principals"])) * max(1, len(each["rights"])) for each in document["delegations"])
        == rows
    )
    page = data_in(report_to_html(found))["delegations"]
    assert sum(max(1, len(each[13])) * max(1, len(each[14])) for each in page) == rows


@pytest.mark.parametrize("name", REPORTS)
def test_the_json_keeps_to_its_schema(name) -> None:
    """Every field is in the published schema, and every field of the schema is there."""
    found = replace(
        REPORTS[name](),
        sources=(Source("a.json", "trial/owner", OWNER, 3, "", "7", "0" * 64),),
        left_out=(LeftOut("b.json", "`b.json` is truncated"),),
    )
    document = json.loads(report_to_json(found))
    Draft202012Validator.check_schema(schema())
    validator = Draft202012Validator(schema())

    assert [error.message for error in validator.iter_errors(document)] == []
    assert document["complete"] is False
    document["more"] = 1
    del document["sources"][0]["sha256"]
    assert len(list(validator.iter_errors(document))) == 2


def test_the_csv_is_no_formula_and_no_second_line() -> None:
    """A cell that a spreadsheet would run begins with an apostrophe; no name ends its line."""
    right = Right(HOSTILE, ("=1+1",), (), ("read",), True, ("+1",), ("-1",), "@sum", True)
    delegation = Delegation(OWNER, HOSTILE, (PARTNER,), HOSTILE, ROLE, (), (right,))
    text = report_to_csv(Report("2026-03-01T00:00:00Z", (), (delegation,)))
    header, row = csv.reader(io.StringIO(text))

    assert tuple(header) == COLUMNS
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)
    assert "'=1+1" in row
    assert all(cell.isprintable() for cell in row)


@pytest.mark.parametrize("bounds", [Bounds(), EVERYTHING])
def test_no_name_moves_the_terminal_or_starts_markup(bounds) -> None:
    """Control characters and marks that turn the writing around are shown as what they are."""
    found = report(owner(WHOLE), partner(ROLE, user="dev"))
    named = replace(
        found.delegations[0],
        role=HOSTILE,
        owner_alias=HOSTILE,
        rights=(Right(HOSTILE, (), (), (), False, (HOSTILE,), (), HOSTILE),),
        findings=(replace(found.delegations[0].findings[0], explanation=HOSTILE, title=HOSTILE),),
    )
    shown = list(terminal_lines(replace(found, delegations=(named,)), bounds))
    written = report_to_markdown(replace(found, delegations=(named,)))

    assert all(line.isprintable() for line in shown)
    assert "<script>" not in written
    assert "@everyone" not in written.replace("`", "")
    assert all(line.isprintable() for line in written.splitlines())


def test_the_terminal_shows_the_gravest_and_says_how_many_more() -> None:
    """A large report is bounded; nothing is said to be all that is not."""
    found = many(40)
    shown = "\n".join(terminal_lines(found, Bounds(delegations=5, rows=1)))

    assert shown.index("worker-039  ") < shown.index("worker-000  ")
    assert "35 more delegations: `--all` shows them" in shown
    assert "  - and 1 more" in shown
    assert "worker-020  " not in shown
    assert "worker-020  " in "\n".join(terminal_lines(found, EVERYTHING))


def test_colours_are_only_where_they_are_wanted() -> None:
    """Without a terminal there is no escape sequence."""
    found = REPORTS["two principals"]()

    assert any("\x1b[31mhigh\x1b[0m" in line for line in terminal_lines(found, Bounds(), colour=True))
    assert not any("\x1b" in line for line in terminal_lines(found, Bounds()))


def test_no_form_tells_an_external_id_or_a_secret() -> None:
    """That one is asked for is told; its value and what Pulumi keeps encrypted are in no form."""
    stack = owner(WHOLE, policies=[allow("fc:GetFunction")])
    stack.user("machine")
    stack.add("alicloud:ram/accessKey:AccessKey", "key", {"userName": "machine"}, {"secret": SECRET})
    found = report(stack, partner("*"))
    forms = [
        report_to_csv(found),
        report_to_markdown(found),
        report_to_json(found).decode(),
        report_to_html(found),
        "\n".join(terminal_lines(found, EVERYTHING)),
    ]

    for form in forms:
        assert AGREED not in form
        assert SECRET["ciphertext"] not in form
        assert "asked" in form


def test_a_row_without_principal_or_right_is_told() -> None:
    """A role that nobody can assume, and one that gives nothing, are lines too."""
    (row,) = REPORTS["nobody and nothing"]().rows()
    cells = next(csv.DictReader(io.StringIO(report_to_csv(REPORTS["nobody and nothing"]()))))

    assert isinstance(row, Row)
    assert (row.assumer, row.right) == (None, None)
    assert (cells["principal"], cells["right"]) == ("nobody", "none")
    assert [grade.rank for grade in Grade] == [0, 1, 2, 3]
