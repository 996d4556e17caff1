"""The comment, the JSON, the SARIF and the terminal lines of a permission diff."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from rich.console import Console

from crossaccount.review import Cause, DiffRow, Kind, NotRead, PermissionDiff
from crossaccount.review.json_form import to_json
from crossaccount.review.lines import located
from crossaccount.review.markdown import LIMIT, marker_of, to_markdown
from crossaccount.review.sarif import MOST_RESULTS, to_sarif
from crossaccount.review.terminal import terminal_lines
from tests.access.states import OWNER, PARTNER, allow
from tests.review.pairs import READER, diff, with_policy

ROW = DiffRow(
    Kind.GAINED,
    "user `dev`",
    f"acs:ram::{PARTNER}:user/dev",
    PARTNER,
    READER,
    (READER,),
    ("fc:Get*",),
    ("*",),
    (),
    ("read",),
    unknown_actions=False,
    wildcard=True,
    expires=False,
    bounded=True,
    new_account=False,
    causes=(Cause("attached", "urn:pulumi:a::p::x:y/z:Role::reader", "main.py:3", ("m.py:1",), "p/a"),),
)
NOTHING = PermissionDiff((), (), 3)


def many(count):
    """A diff of that many rows, each wider than the next."""
    rows = [replace(ROW, actions=(f"fc:Action{number}",)) for number in range(count)]
    return PermissionDiff(tuple(rows), (), 0)


def test_nothing_is_said_to_be_nothing() -> None:
    """Without a change the comment says so under the same key, so that an old one is found and replaced."""
    text = to_markdown(NOTHING, key="trial")

    assert text.startswith(f"{marker_of('trial')}\n### No permission change: 3 principals unchanged.")


@pytest.mark.parametrize("count", [1, 40, 400, 5000])
def test_the_comment_keeps_within_the_limit(count) -> None:
    """However many rows there are, the comment fits, keeps the widest and counts every other one."""
    text = to_markdown(many(count), digest="v1:a:b:c")

    assert len(text.encode()) <= LIMIT
    shown = re.findall(r"^\| \*\*\+\*\* (\d+) \|", text, re.MULTILINE)
    left = re.search(r"\*\*(\d+) more rows, none wider", text)
    assert [int(each) for each in shown] == list(range(1, len(shown) + 1))
    assert len(shown) + (int(left[1]) if left else 0) == count
    assert text.count("<details>") == text.count("</details>")
    assert text.count("```") % 2 == 0


def test_a_small_limit_cuts_nothing_in_two() -> None:
    """At any limit the rows that are shown are whole and the headline stays."""
    for limit in range(1500, 9000, 250):
        text = to_markdown(many(60), limit=limit)
        table = [line for line in text.splitlines() if line.startswith("|")]
        assert len(text.encode()) <= limit, limit
        assert text.splitlines()[1].startswith("### Permission change: 1 principal gains")
        assert all(line.endswith("|") for line in table)


def test_alike_rows_are_one_line() -> None:
    """Many people who gain the same are one row of the table that counts them."""
    rows = [
        replace(ROW, principal=f"user `u{n}`", principal_arn=f"acs:ram::{PARTNER}:user/u{n}")
        for n in range(9)
    ]
    text = to_markdown(PermissionDiff(tuple(rows), (), 0))

    assert len(re.findall(r"^\| \*\*\+\*\*", text, re.MULTILINE)) == 1
    assert "and 3 more" in text


def test_no_text_of_a_policy_becomes_markdown() -> None:
    """Pipes, backticks, tags and mentions in names and values stay text."""
    row = replace(ROW, principal="@org/team <img>", actions=("a`b|c",), conditions=("k is `x|y` <b>\n# z",))
    text = to_markdown(PermissionDiff((row,), (), 0))

    table = next(line for line in text.splitlines() if line.startswith("| **+**"))
    assert len(re.findall(r"(?<!\\)\|", table)) == 8
    assert "<img>" not in text
    assert "<b>" not in text
    assert "@org" not in text


def test_a_key_cannot_end_the_hidden_line() -> None:
    """A key that would close the comment in the Markdown is refused."""
    with pytest.raises(ValueError, match="no key of a comment"):
        marker_of("a -->")


def test_every_output_has_every_row() -> None:
    """What is in the diff is in the JSON, in the SARIF and on the terminal; unread things as well."""
    found = replace(many(30), not_read=(NotRead("a strange resource", "main.py:9", new=True),))
    shown = "\n".join(terminal_lines(found))

    assert len(to_json(found)["rows"]) == 30
    assert len(to_sarif(found)["runs"][0]["results"]) == 31
    assert len(to_json(found)["notAnalysed"]) == 1
    assert shown.count("gained:") == 30
    for text in (shown, to_markdown(found), json.dumps(to_sarif(found))):
        assert "a strange resource" in text


def test_sarif_is_valid_when_empty() -> None:
    """A run without results closes alerts: it has a tool, its rules and an empty list."""
    (run,) = to_sarif(NOTHING)["runs"]

    assert run["results"] == []
    assert run["tool"]["driver"]["name"] == "crossaccount"


def test_sarif_results_have_a_location_and_stay_the_same() -> None:
    """Each result has a place, even where no line is known, and a fingerprint that no line changes."""
    moved = replace(ROW, causes=(replace(ROW.causes[0], position="main.py:99"),))
    bare = replace(ROW, causes=())
    results = [to_sarif(PermissionDiff((row,), (), 0))["runs"][0]["results"][0] for row in (ROW, moved, bare)]

    places = [each["locations"][0]["physicalLocation"] for each in results]
    assert [each["artifactLocation"]["uri"] for each in places] == ["main.py", "main.py", "Pulumi.yaml"]
    assert [each["region"]["startLine"] for each in places] == [3, 99, 1]
    assert len({each["partialFingerprints"]["permission/v1"] for each in results}) == 1
    rules = {each["id"] for each in to_sarif(NOTHING)["runs"][0]["tool"]["driver"]["rules"]}
    assert {each["ruleId"] for each in results} <= rules


def test_sarif_keeps_to_the_most_results() -> None:
    """Beyond what code scanning shows, the widest are kept and the rest counted."""
    (run,) = to_sarif(many(MOST_RESULTS + 7))["runs"]

    assert len(run["results"]) == MOST_RESULTS
    assert run["properties"] == {"resultsLeftOut": 7}


def test_a_cause_is_located_at_the_line_that_changed() -> None:
    """The program's changed line, else the changed line below the setting that names the resource."""
    diffed = PermissionDiff((ROW,), (), 0)
    stack_file = ("config:", "  p:roles:", "    other:", "      a: 1", "    reader:", "      b: 2")

    program = located(diffed, {"m.py": (1,)}, {})
    setting = located(diffed, {"Pulumi.a.yaml": (4, 6)}, {"Pulumi.a.yaml": stack_file})
    assert program.rows[0].causes[0].line == "m.py:1"
    assert setting.rows[0].causes[0].line == "Pulumi.a.yaml:6"
    assert located(diffed, {"README.md": (1,)}, {}).rows == diffed.rows


def test_the_terminal_shows_arns_as_they_are() -> None:
    """No text between colons becomes a picture."""
    console = Console(width=200, emoji=False)
    with console.capture() as shown:
        changed = with_policy(allow("ram:GetRole", f"acs:ram:*:{OWNER}:*"))
        for line in terminal_lines(diff(with_policy(), changed)):
            console.print(line)

    assert f"acs:ram:*:{OWNER}:*" in shown.get()
    assert "because of Policy work document changed" in shown.get()
