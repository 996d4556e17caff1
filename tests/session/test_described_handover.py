"""Hand-over files of version 2: both readers on generated and on hostile files."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components import handover
from crossaccount.plain_yaml import parse
from crossaccount.sealed_file import LARGEST, sealed, to_text
from crossaccount.session import SessionError, handover_file

if TYPE_CHECKING:
    from pathlib import Path

A, B, C = "1234567890120000", "1345678901230000", "1456789012340000"
ROLE = {
    "arn": f"acs:ram::{A}:role/fc-reader",
    "maxSessionDuration": 7200,
    "externalIdRequired": True,
    "externalIdFrom": "ask security@company-a.example",
    "trusts": {"wholeAccount": False, "users": ["dev"], "roles": []},
    "conditions": ["`acs:MFAPresent` is `true`"],
    "expires": "2027-03-31T14:59:59Z",
    "permissions": ["read: fc:Get* on *"],
    "classes": ["read"],
}
CONTENT: dict[str, Any] = {
    "kind": "handover",
    "version": 2,
    "account": A,
    "alias": "company-a",
    "partner": B,
    "roles": {"reader": ROLE},
}


def taken(path: Path) -> tuple[bool, bool]:
    """Whether the session's reader and the components' reader take a file."""
    return _takes(handover_file.read, str(path)), _takes(handover.read, path)


def _takes(read: Any, path: Any) -> bool:
    try:
        read(path)
    except (SessionError, ValueError):
        return False
    return True


def write(folder: Path, document: object, suffix: str = ".json") -> Path:
    """The document as a file."""
    path = folder / f"h{suffix}"
    path.write_text(to_text(document, yaml=suffix != ".json"), "utf-8")
    return path


@pytest.mark.parametrize("suffix", [".json", ".yaml", ".yml"])
def test_both_readers_read_the_new_form(tmp_path: Path, suffix: str) -> None:
    """JSON and YAML hold the same, under the same checksum, for both readers."""
    path = write(tmp_path, sealed(CONTENT), suffix)

    ours, theirs = handover_file.read(str(path)), handover.read(path)
    assert (ours.version, ours.account, ours.partner) == (theirs.version, theirs.account, B)
    role = ours.roles["reader"]
    assert (role.arn, role.longest, role.users, role.expires) == (
        ROLE["arn"],
        7200,
        ("dev",),
        ROLE["expires"],
    )
    assert role.external_id_from == theirs.roles["reader"].externalIdFrom
    assert (role.permissions, role.classes) == (("read: fc:Get* on *",), ("read",))


WRONG = st.sampled_from(
    [None, "", "x\n", "x\x1b[2J", "\ud800", "\u202eevil", 0, 1.5, True, [], {}, "*", ["x"], "A" * 2001]
)
LINE = st.text(max_size=8)


def _some(changes: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """At most two of the changes, so that one that matters is not hidden by others."""
    each = [st.tuples(st.just(key), values) for key, values in changes.items()]
    return st.lists(st.one_of(each), max_size=2).map(dict)


ROLE_CHANGES = _some(
    {
        "arn": st.sampled_from([f"acs:ram:*:{A}:role/x", f"acs:ram::{C}:role/x", f"acs:ram::{A}:role/*", 3]),
        "maxSessionDuration": st.sampled_from([3600, 3600.0, 43201, "3600", True, 1e400]),
        "externalIdRequired": st.one_of(st.booleans(), WRONG),
        "externalIdFrom": st.one_of(st.none(), LINE, WRONG),
        "trusts": st.one_of(
            WRONG,
            st.fixed_dictionaries(
                {
                    "wholeAccount": st.one_of(st.booleans(), st.just(1)),
                    "users": st.lists(st.sampled_from(["dev", "*", "a b", "x" * 65, 3]), max_size=2),
                    "roles": st.lists(st.sampled_from(["fc", "a_b", None]), max_size=2),
                },
                optional={"groups": st.just([])},
            ),
        ),
        "conditions": st.one_of(st.lists(LINE, max_size=2), WRONG),
        "expires": st.one_of(
            st.none(),
            st.sampled_from(["2027-13-31T14:59:59Z", "2027-03-31", "2027-03-31T14:59:59Z\n"]),
            WRONG,
        ),
        "permissions": st.one_of(st.lists(LINE, max_size=2), WRONG),
        "classes": st.lists(st.sampled_from(["read", "write", "all", 1]), max_size=2),
        "more": st.just(1),
    },
)  # fmt: skip
TOP_CHANGES = _some(
    {
        "kind": st.sampled_from(["handover", "request", None, 1]),
        "version": st.sampled_from([1, 2, 2.0, 3, True, "2", None]),
        "account": st.sampled_from([A, B, C, int(A), "1", None]),
        "alias": st.sampled_from([None, "other", "Two--Dashes", "x", 3]),
        "partner": st.sampled_from([A, C, int(B), "root", None]),
        "more": st.just(1),
    },
)


@settings(max_examples=250)
@given(
    st.one_of(st.just({}), TOP_CHANGES),
    ROLE_CHANGES,
    st.one_of(st.just("reader"), LINE),
    st.booleans(),
    st.sampled_from([".json", ".yaml"]),
)
def test_both_readers_agree_on_any_described_file(
    tmp_path_factory: pytest.TempPathFactory,
    top: dict[str, Any],
    role: dict[str, Any],
    name: str,
    left_out: bool,
    suffix: str,
) -> None:
    """A file of version 2 that was changed under a right checksum is taken or refused by both alike."""
    document = {**CONTENT, **top, "roles": {name: {**ROLE, **role}}}
    if left_out and role:
        del document["roles"][name][next(iter(role))]
    try:
        path = write(tmp_path_factory.mktemp("h"), sealed(document), suffix)
    except UnicodeEncodeError:  # a lone surrogate cannot be written raw: as an escape it can
        path = tmp_path_factory.mktemp("h") / "h.json"
        path.write_text(json.dumps(sealed(document)))

    ours, theirs = taken(path)
    assert ours == theirs
    if not top and not role and name == "reader":
        assert ours


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp")))


@settings(max_examples=40)
@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(-(10**17), 10**17), TEXT),
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXT, inner, max_size=3)),
        max_leaves=8,
    )
)  # fmt: skip
def test_what_is_written_as_yaml_is_read_as_it_was(value: object) -> None:
    """Every plain value comes back from YAML as itself, whatever its texts look like."""
    assert parse(to_text({"k": value}, yaml=True)) == {"k": value}


BOMB = "a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n"


@pytest.mark.parametrize(
    ("suffix", "text", "words"),
    [
        (".yaml", BOMB, "line 1: anchors and aliases are not read"),
        (".yaml", "version: !!python/object:os.system 2\n", "line 1: tags are not read"),
        (".yaml", "a: 1\n\na: 2\n", "line 3: key 'a' is given twice"),
        (".yaml", "a: 1\n---\nb: 2\n", "second document"),
        (".yaml", "[" * 100_000, "nested deeper than 12 levels"),
        (".yaml", "a: \x00\n", "special characters are not allowed"),
        (".yaml", "x" * (128 * 1024 + 1), "larger than 128 KiB"),
        (".json", "[" * 100_000, "nested too deeply"),
        (".json", '{"version": 1, "version": 2}', "key 'version' is given twice"),
        (".json", '{"version": NaN}', "not JSON"),
        (".json", '{"version": ' + "9" * 10_000 + "}", "is no hand-over file"),
        (".json", " " * (LARGEST + 1), "larger than 1024 KiB"),
        (".json", '{"version": 7, "checksum": "x"}', "its version is 7"),
        (".json", '{"kind": "request"}', "its kind is 'request'"),
    ],
)
def test_a_hostile_file_is_one_line_and_soon(tmp_path: Path, suffix: str, text: str, words: str) -> None:
    """Bombs of YAML, depth, size, double keys: refused by both readers, in less than a second."""
    path = tmp_path / f"h{suffix}"
    path.write_bytes(text.encode())

    started = time.process_time()
    with pytest.raises(SessionError) as wrong:
        handover_file.read(str(path))
    assert time.process_time() - started < 1
    assert words in str(wrong.value)
    assert "\n" not in str(wrong.value)
    assert taken(path) == (False, False)


def test_any_changed_byte_is_told_as_such(tmp_path: Path) -> None:
    """Whatever letter or digit of a value is changed, nothing of the file is believed."""
    text = write(tmp_path, sealed(CONTENT)).read_text()
    path = tmp_path / "changed.json"
    for place in range(0, len(text), 7):
        if text[place].isalnum():
            path.write_text(text[:place] + ("0" if text[place] != "0" else "1") + text[place + 1 :])
            assert taken(path) == (False, False)
    path.write_text(text.replace("7200", "3600"))
    with pytest.raises(SessionError, match="was changed after it was written: its checksum does not fit"):
        handover_file.read(str(path))


def test_a_role_of_a_third_account_is_refused(tmp_path: Path) -> None:
    """A right checksum does not make another account's role the owner's."""
    role = {**ROLE, "arn": f"acs:ram::{C}:role/x"}
    path = write(tmp_path, sealed({**CONTENT, "roles": {"x": role}}))

    with pytest.raises(SessionError, match="which is not in its own account"):
        handover_file.read(str(path))
    assert taken(path) == (False, False)


@pytest.mark.parametrize(
    ("top", "role"),
    [
        ({}, {"trusts": {"wholeAccount": True, "users": ["dev"], "roles": []}}),
        ({}, {"trusts": {"wholeAccount": False, "users": [], "roles": []}}),
        ({}, {"trusts": {"wholeAccount": 1, "users": [], "roles": []}}),
        ({}, {"trusts": {"wholeAccount": True, "users": [], "roles": [], "groups": []}}),
        ({}, {"externalIdFrom": None}),
        ({}, {"externalIdRequired": False}),
        ({}, {"expires": "2027-13-31T14:59:59Z"}),
        ({}, {"expires": "2027-03-31T14:59:59Z\n"}),
        ({}, {"classes": ["all"]}),
        ({}, {"permissions": ["a\u202eb"]}),
        ({}, {"maxSessionDuration": 3599}),
        ({"account": int(A)}, {}),
        ({"partner": A}, {}),
        ({"partner": int(B)}, {}),
        ({"version": True}, {}),
        ({"version": 1}, {}),
        ({"alias": "Two--Dashes"}, {}),
    ],
)
def test_each_rule_is_both_readers(tmp_path: Path, top: dict[str, Any], role: dict[str, Any]) -> None:
    """One value that is wrong, rightly sealed: both refuse."""
    document = {**CONTENT, **top, "roles": {"reader": {**ROLE, **role}}}

    assert taken(write(tmp_path, sealed(document))) == (False, False)


def test_an_account_is_a_text(tmp_path: Path) -> None:
    """A number under the checksum of its digits is refused by both."""
    for key in ("account", "partner"):
        document = sealed(CONTENT)
        assert taken(write(tmp_path, {**document, key: int(document[key])})) == (False, False)
