"""Names that others chose: no report obeys them, in a terminal, in a comment or in its picture."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from click.testing import CliRunner
from rich.console import Console

from crossaccount.cli import main
from crossaccount.review import NotRead, PermissionDiff
from crossaccount.review.markdown import to_markdown
from crossaccount.review.markdown_text import code, plain
from crossaccount.review.terminal import terminal_lines
from tests.access.states import FUNCTIONS, OWNER, PARTNER, StackState, allow, root, trust
from tests.review.test_reports import ROW

HOSTILE = (
    "dev\x1b[31mred",
    "x\u202egnp",
    "a\nb",
    "n\x00ul",
    "<script>x</script>",
    "a`b|c",
    "a\\|b`@all",
    "",
    "![x](http://evil)",
)


def named(name):
    """A diff with a name in every place that can hold one."""
    cause = replace(
        ROW.causes[0], what=name, urn=f"urn:pulumi:a::p::x:y/z:Role::{name}", position=f"{name}:3"
    )
    row = replace(
        ROW,
        principal=f"user `{name}`",
        principal_arn=f"acs:ram::{PARTNER}:user/{name}",
        path=(f"acs:ram::{OWNER}:role/{name}",),
        actions=(name,),
        resources=(name,),
        conditions=(name,),
        causes=(cause,),
        why=name,
    )
    return PermissionDiff((row,), (), 0, (NotRead(name, name, new=True),))


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_a_comment_obeys_no_name(name) -> None:
    """Every line prints; outside of code there is no HTML, picture, link or mention; no cell is added."""
    text = to_markdown(named(name))

    assert all(line.isprintable() for line in text.splitlines())
    bare = re.sub(r"`[^`\n]+`", "", text.split("```mermaid")[0] + text.rpartition("```")[2])
    tags = set(re.findall(r"<[^>]*>", bare))
    assert tags <= {"<br>", "<details>", "</details>", "<summary>", "</summary>", "<code>", "</code>"} | {
        each for each in tags if each.startswith("<!-- crossaccount")
    }
    assert not re.search(r"!\[|\]\(|@all", bare)
    cells = [line.count("|") for line in text.splitlines() if line.startswith("|")]
    assert set(cells) == {8}


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_a_terminal_obeys_no_name(name) -> None:
    """A line stays a line, and every character of it prints."""
    console = Console(width=300, emoji=False, highlight=False)
    lines = list(terminal_lines(named(name)))
    with console.capture() as shown:
        for line in lines:
            console.print(line)

    assert all(line.isprintable() for line in shown.get().splitlines())
    assert len(shown.get().splitlines()) == len(lines)


def test_questions_obey_no_name(tmp_path) -> None:
    """`who-can` and `explain` show what does not print as an escape; an error as well."""
    owner, partner = StackState("owner", OWNER), StackState("partner", PARTNER)
    owner.role("r", trust(root(PARTNER)))
    owner.attach("role", "r", "AliyunFCReadOnlyAccess", "System")
    partner.user("dev\x1b[31m\nred")
    partner.policy("assume", allow("sts:AssumeRole"))
    partner.attach("user", "dev\x1b[31m\nred", "assume")
    states = [option for each in (owner, partner) for option in ("--state", str(each.write(tmp_path)))]
    who = f"{PARTNER}/user/dev\x1b[31m\nred"
    for arguments in (
        ["who-can", "fc:ListFunctions", FUNCTIONS, *states],
        ["explain", who, "fc:ListFunctions", FUNCTIONS, *states],
        ["explain", f"{who}?", "fc:ListFunctions", FUNCTIONS, *states],
    ):
        output = CliRunner().invoke(main, arguments).output

        assert all(line.isprintable() for line in output.splitlines())
        assert "\\x1b[31m" in output


def test_a_text_stays_what_it_is() -> None:
    """What is escaped is escaped once; what is usual is not touched."""
    assert plain("role fc_reader of `B_1`") == "role fc&#95;reader of `B_1`"
    assert code("fc:Get*") == "`fc:Get*`"
    assert code("a`b|c\\") == "<code>a&#96;b&#124;c&#92;</code>"
    assert code("") == "*empty*"
