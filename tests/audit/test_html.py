"""The HTML form as text: what is in the file, and what may run in it."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace

import pytest
from click.testing import CliRunner

from crossaccount.audit.html_data import ROLE as PLACEHOLDER
from crossaccount.audit.html_form import report_to_html
from crossaccount.audit.model import LeftOut, Report, Source
from crossaccount.cli import main
from tests.access.states import OWNER, PARTNER, trust
from tests.audit.pages import HOSTILE, data_in, grid, hostile, policy_in
from tests.audit.reports import ROLE, owner, partner
from tests.audit.test_forms import REPORTS


def test_only_the_style_and_the_script_of_the_page_may_run() -> None:
    """Named by their digests; everything else, and every call, is refused by the page itself."""
    page = report_to_html(REPORTS["two principals"]())
    policy = dict(part.strip().split(" ", 1) for part in policy_in(page).split(";"))
    parts = {"style-src": r"<style>(.*?)</style>", "script-src": r"<script>(.*?)</script>"}

    assert policy["default-src"] == policy["base-uri"] == policy["form-action"] == "'none'"
    for directive, pattern in parts.items():
        (text,) = re.findall(pattern, page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert policy[directive] == f"'sha256-{digest}'"
    assert "unsafe" not in policy_in(page)


def test_nothing_in_the_page_is_elsewhere() -> None:
    """No address, no import, no attribute that runs."""
    page = report_to_html(Report("2026-03-01T00:00:00Z", (), ()))

    assert set(re.findall(r"[a-z]+://[^\s\"'`)]*", page)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"<(link|img|iframe|object|embed|base)\b", page)
    assert not re.search(r"@import|url\(|\son\w+=|innerHTML|\beval\b", page)


@pytest.mark.parametrize("name", REPORTS)
def test_the_page_holds_the_rows_of_the_report(name) -> None:
    """Every right of every principal, and the rows of those who have none."""
    found = REPORTS[name]()
    delegations = data_in(report_to_html(found))["delegations"]

    assert sum(max(1, len(each[13])) * max(1, len(each[14])) for each in delegations) == len(
        list(found.rows())
    )


def test_the_data_says_what_the_report_says() -> None:
    """Texts by number, with the role's name put back."""
    found = REPORTS["many"]()
    data = data_in(report_to_html(found))
    strings = data["strings"]
    for read, each in zip(data["delegations"], found.delegations, strict=True):
        role = strings[read[3]]
        arn, words = strings[read[4]], [strings[right[0]] for right in read[14]]
        explained = [strings[data["findings"][one[0]][3]] for one in read[12]]

        assert role == each.role
        assert arn.replace(PLACEHOLDER, role) == each.role_arn
        assert [text.replace(PLACEHOLDER, role) for text in words] == [right.words for right in each.rights]
        assert [text.replace(PLACEHOLDER, role) for text in explained] == [
            finding.explanation for finding in each.findings
        ]


def test_no_name_leaves_the_place_it_is_in() -> None:
    """Neither the data's element, nor an element of the page, nor a place of the template."""
    page = report_to_html(hostile())

    assert page.count("</script>") == 2
    assert "<img" not in page
    assert "\u2028" not in page
    assert "\u202e" not in page
    assert page.count('id="data"') == 1
    assert data_in(page)["strings"].count(HOSTILE) == 0  # what does not print is there as its escape
    assert any("\\u202e" in text and "</script>" in text for text in data_in(page)["strings"])


def test_the_findings_and_what_is_missing_need_no_script() -> None:
    """They are text of the page, what is missing before all else."""
    found = replace(
        REPORTS["two principals"](),
        sources=(Source("a.json", "trial/owner", OWNER, 3, "", "7", "0" * 64),),
        left_out=tuple(LeftOut(f"{number}.json", f"`{number}.json` is cut <off>") for number in range(30)),
    )
    page = report_to_html(found).partition('<script type="application/json"')[0]
    order = [
        page.index(text)
        for text in ("30 states could not be read", 'id="summary-title"', 'id="findings-title"')
    ]

    assert order == sorted(order)
    assert page.count("is cut &lt;off&gt;") == 30
    assert "<summary>and 10 more</summary>" in page
    assert all(finding.code in page for finding in found.delegations[0].findings)
    assert "0" * 64 in page
    assert "<noscript>" in page


def test_texts_about_ten_roles_are_as_many_as_about_one() -> None:
    """So that the page of a large report opens."""
    one, ten = (data_in(report_to_html(grid(number, rights=0))) for number in (1, 10))

    assert len(ten["findings"]) == len(one["findings"])
    assert len(ten["strings"]) == len(one["strings"]) + 9


def test_a_role_whose_name_is_not_known_is_told_as_such() -> None:
    """`?` stands for it in its texts, and is put back."""
    found = grid(1)
    nameless = replace(found.delegations[0], role="?", role_arn=f"acs:ram::{OWNER}:role/?")
    data = data_in(report_to_html(replace(found, delegations=(nameless,))))
    read = data["delegations"][0]

    assert data["strings"][read[3]] == "?"
    assert data["strings"][read[4]].replace(PLACEHOLDER, "?") == nameless.role_arn
    assert PARTNER in {data["strings"][each] for each in data["lists"][read[2]]}


def test_the_command_writes_the_page(tmp_path, monkeypatch) -> None:
    """What it left out is in the page, too."""
    monkeypatch.chdir(tmp_path)
    owner(trust(f"acs:ram::{PARTNER}:user/dev")).write(tmp_path)
    partner(ROLE).write(tmp_path)
    done = CliRunner().invoke(main, ["audit", "owner.json", "partner.json", "gone.json", "--html", "a.html"])
    page = (tmp_path / "a.html").read_text("utf-8")

    assert done.exit_code == 3
    assert len(data_in(page)["delegations"]) == 1
    assert "1 state could not be read: this report is without it" in page
