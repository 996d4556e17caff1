"""`crossaccount audit --redact`: no name of a principal in any form, and the same mark for the same name."""

from __future__ import annotations

import json
import re

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from crossaccount.access import Origin, graph_of, state_of
from crossaccount.audit.model import Finding, Grade, Report
from crossaccount.audit.redact import Marks, principal_names, redacted
from crossaccount.cli import main
from tests.access.states import OWNER, PARTNER, StackState, allow, root, trust
from tests.audit.reports import ROLE, report

KEY = b"0123456789abcdef"
NAMES = ("jane.doe", "ops-team", "fc-Bridge", "al", "jane-logical")
FORMS = ("--csv", "--json", "--markdown", "--html")


def stacks():
    """Both sides: a user, a group and a role that may assume, each with policies named after them."""
    owner, partner = StackState("owner", OWNER), StackState("partner", PARTNER)
    named = trust(f"acs:ram::{PARTNER}:user/jane.doe", f"acs:ram::{PARTNER}:role/fc-Bridge")
    owner.role("worker", named, trust(root(PARTNER)))
    owner.policy("for-al-and-jane.doe", allow("log:*", "acs:log:*:*:project/ops-team"))
    owner.attach("role", "worker", "for-al-and-jane.doe")
    partner.add("alicloud:ram/user:User", "jane-logical", {"name": "jane.doe"}, {"name": "jane.doe"})
    partner.user("al")
    partner.group("ops-team")
    partner.join("al", "ops-team")
    partner.role("fc-Bridge", trust(f"acs:ram::{PARTNER}:user/al"))
    partner.policy("assume-fc-Bridge", allow("sts:AssumeRole", ROLE))
    partner.policy("missing", allow("sts:AssumeRole", f"acs:ram::{OWNER}:role/al-is-gone"))
    for kind, name in (
        ("user", "jane.doe"),
        ("group", "ops-team"),
        ("role", "fc-Bridge"),
        ("user", "al"),
    ):
        partner.attach(kind, name, "assume-fc-Bridge")
        partner.attach(kind, name, "missing")
    return owner, partner


def held(text):
    """The names of principals that a text holds: short ones as words, as people would find them."""
    lower = text.lower()
    return [
        name for name in NAMES if re.search(rf"(?<![a-z0-9]){re.escape(name.lower())}(?![a-z0-9])", lower)
    ]


@pytest.fixture
def states(tmp_path, monkeypatch):
    """A folder, in which the command runs, with both states."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CROSSACCOUNT_REDACT_KEY", raising=False)
    for each in stacks():
        each.write(tmp_path)
    return tmp_path


def audit(*arguments):
    """The command's result."""
    return CliRunner().invoke(main, ["audit", "owner.json", "partner.json", *map(str, arguments)])


def test_no_form_holds_a_name_of_a_principal(states):
    """URNs, positions, messages and names of policies that are made from them included."""
    written = [part for form in FORMS for part in (form, f"out{form}")]
    plainly = audit(*written)
    assert set(held("".join((states / f"out{form}").read_text() for form in FORMS[:2]))) == {*NAMES[:4]}
    done = audit("--redact", "--all", *written)

    assert plainly.exit_code == done.exit_code == 0
    page = (states / "out--html").read_text()
    said = page[page.index('id="data"') :] if 'id="data"' in page else page
    for text in (done.output, said, *((states / f"out{form}").read_text() for form in FORMS[:3])):
        assert held(text) == []
    report = json.loads((states / "out--json").read_text())
    assert [each["roleArn"] for each in report["delegations"]] == [ROLE]
    assert {each["kind"] for each in report["delegations"][0]["principals"]} >= {"user", "role"}


def test_marks_are_stable_under_one_key_and_differ_under_another(states):
    """Of a file, of the environment, or random."""
    (states / "key").write_text("k" * 32 + "\n")
    texts = [audit("--redact", *key, "--json", "-").stdout for key in (("--redact-key", "key"),) * 2]
    marks = [set(re.findall("p-[0-9a-f]{12}", text)) for text in texts]
    random = [set(re.findall("p-[0-9a-f]{12}", audit("--redact", "--json", "-").stdout)) for _ in range(2)]

    assert marks[0] == marks[1]
    assert len(random[0]) == len(marks[0]) >= 4
    assert not random[0] & random[1]


def test_the_environment_gives_the_key(states, monkeypatch):
    """The same marks each time."""
    monkeypatch.setenv("CROSSACCOUNT_REDACT_KEY", "k" * 16)
    first, second = (re.findall("p-[0-9a-f]{12}", audit("--redact", "--csv", "-").stdout) for _ in range(2))

    assert first
    assert first == second


def test_what_is_left_out_tells_no_name_either(states):
    """Who is in a state that was not read is not known: its resources have marks."""
    broken = StackState("broken", OWNER)
    broken.role("other", trust(root(PARTNER)))
    broken.policy("of-somebody", text="{")
    broken.write(states)
    done = audit("broken.json", "--redact", "--json", "-")

    assert done.exit_code == 3
    where = json.loads(done.stdout)["leftOut"][0]["where"]
    assert re.search(r"::p-[0-9a-f]{12}$", where)


def test_the_numbers_are_those_of_the_report():
    """Rows, findings, grades, actions and accounts stay; only names change."""
    plain = report(*stacks())
    graph = graph_of([state_of(each.export(), each.name) for each in stacks()], strict=False)
    marked = redacted(plain, principal_names([graph], plain), KEY)

    assert len(list(marked.rows())) == len(list(plain.rows()))
    assert [(each.code, each.grade) for each in marked.findings] == [
        (each.code, each.grade) for each in plain.findings
    ]
    assert [each.right.means for each in marked.rows()] == [each.right.means for each in plain.rows()]


_NAMES = st.text("abcxyzXYZ019._-@ü|*\\", min_size=2, max_size=12)


def test_a_user_is_known_by_the_logical_name_too():
    """It is in URNs, and may tell who the user is."""
    graph = graph_of([state_of(each.export(), each.name) for each in stacks()], strict=False)

    assert set(NAMES) <= {each.replace("bridge", "Bridge") for each in principal_names([graph])}


@given(st.lists(_NAMES, min_size=1, max_size=6), st.text(max_size=30))
def test_no_name_stands_anywhere_by_itself_afterwards(names, text):
    """Whatever the names: one part of another, in another letter case, at the end."""
    said = f"{text} {' / '.join([*names, names[0].upper()])}"
    origin = Origin(names[0], "", f"urn:pulumi:s::p::t::{names[-1]}")
    plain = Report("", (), (), (Finding("x", Grade.LOW, said, said, said, (origin,)),))
    (marked,) = redacted(plain, names, KEY).findings

    parts = marked.explanation.removeprefix(text).split(" / ")
    assert not {each.lower() for each in parts} & {each.lower() for each in names}
    assert marked.origins[0].where == Marks(names, KEY).mark(names[0])
    assert marked.title == marked.explanation == marked.mend


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--redact-key", "key"), "--redact-key goes with --redact"),
        (("--redact", "--redact-key", "missing"), "`missing` cannot be read"),
        (("--redact", "--redact-key", "short"), "shorter than 16 bytes"),
        (("--redact", "--timeline"), "leave out --between and --timeline"),
    ],
)
def test_wrong_options_are_refused(states, arguments, words):
    """One line, exit code 2."""
    (states / "short").write_text("secret")
    done = audit(*arguments)

    assert done.exit_code == 2
    assert words in done.stderr
