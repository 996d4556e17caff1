"""The role that a name means: in a hand-over file, in a stack's outputs, or as an ARN."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import handover
from crossaccount.engine import Stack, Target
from crossaccount.sealed_file import checksum
from crossaccount.session import ErrorKind, SessionError, handover_file
from crossaccount.session.role_reference import Places, RoleReference, find_role

if TYPE_CHECKING:
    from crossaccount.localcloud.cloud import Cloud

ROOT = Path(__file__).parents[2]
OWNER = "1234567890120000"
ROLES: dict[str, dict[str, object]] = {
    "reader": {
        "arn": f"acs:ram::{OWNER}:role/fc-reader",
        "maxSessionDuration": 7200,
        "externalIdRequired": True,
    },
    "caller": {
        "arn": f"acs:ram::{OWNER}:role/fc-caller",
        "maxSessionDuration": 3600,
        "externalIdRequired": False,
    },
}
DOCUMENT = handover.write(OWNER, "company-a", ROLES)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A hand-over file as the owner's stack writes it."""
    path = tmp_path / "company-a.json"
    path.write_text(json.dumps(DOCUMENT))
    return path


def test_both_readers_read_the_same(file: Path) -> None:
    """What the components write, this reader reads as the components do."""
    ours, theirs = handover_file.read(str(file)), handover.read(file)

    assert (ours.account, ours.alias) == (theirs.account, theirs.alias)
    assert {
        name: (each.arn, each.longest, each.external_id_required) for name, each in ours.roles.items()
    } == {
        name: (each.arn, each.maxSessionDuration, each.externalIdRequired)
        for name, each in theirs.roles.items()
    }


CHANGES = st.one_of(
    st.tuples(st.just("version"), st.sampled_from([1.0, 2, True, "1", None])),
    st.tuples(st.just("account"), st.sampled_from(["9999999999999999", "1", 7, None])),
    st.tuples(st.just("alias"), st.sampled_from([None, "other", 3])),
    st.tuples(st.just("checksum"), st.sampled_from(["sha256:0", "", None])),
    st.tuples(
        st.just("roles"),
        st.fixed_dictionaries(
            {
                "r": st.fixed_dictionaries(
                    {},
                    optional={
                        "arn": st.sampled_from(
                            [f"acs:ram:*:{OWNER}:role/x", f"acs:ram::{OWNER}:role/x", "acs:ram::1:role/x", 3]
                        ),
                        "maxSessionDuration": st.sampled_from([3600, 3600.0, 900, "3600", True]),
                        "externalIdRequired": st.sampled_from([True, False, 1, None]),
                        "more": st.just(1),
                    },
                )
            }
        ),
    ),
)


@given(st.lists(CHANGES, max_size=3), st.booleans(), st.booleans())
def test_both_readers_agree_on_any_file(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[str, Any]], stamped: bool, short: bool
) -> None:
    """A file that was changed, with its checksum mended or not, is taken or refused by both readers alike."""
    document = dict(DOCUMENT) | dict(changes)
    if stamped and isinstance(document["roles"], dict):
        content = {name: value for name, value in document.items() if name != "checksum"}
        document["checksum"] = checksum(content)
    if short:
        document.pop("alias")
    path = tmp_path_factory.mktemp("handover") / "h.json"
    path.write_text(json.dumps(document))

    def taken(read: Any) -> bool:
        try:
            read()
        except (ValueError, SessionError):
            return False
        return True

    assert taken(lambda: handover_file.read(str(path))) == taken(lambda: handover.read(path))


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"version": 1}'])
def test_what_is_no_handover_is_told(tmp_path: Path, content: str) -> None:
    """A file of another kind is named, with what to do."""
    path = tmp_path / "h.json"
    path.write_text(content)

    with pytest.raises(SessionError, match="is no hand-over file") as caught:
        handover_file.read(str(path))
    assert caught.value.kind is ErrorKind.USAGE


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    """The message names the path."""
    with pytest.raises(SessionError, match="cannot be read: no such file"):
        find_role(str(tmp_path / "gone.json"), Places())


def test_an_arn_is_itself() -> None:
    """An ARN needs no place to look it up."""
    assert find_role("acs:ram::1:role/x", Places(stack="s")) == RoleReference("acs:ram::1:role/x")


def test_a_role_of_a_file_brings_what_its_owner_told(file: Path) -> None:
    """As FILE#NAME or with `--handover`: with alias, longest session and the need of an external id."""
    wanted = RoleReference(f"acs:ram::{OWNER}:role/fc-reader", "company-a", 7200, external_id_required=True)

    assert find_role(f"{file}#reader", Places()) == wanted
    assert find_role("reader", Places(handover=str(file))) == wanted


def test_the_only_role_of_a_file_needs_no_name(tmp_path: Path, file: Path) -> None:
    """FILE alone is enough where it holds one role; where it holds two, they are listed."""
    single = tmp_path / "single.json"
    single.write_text(json.dumps(handover.write(OWNER, None, {"caller": ROLES["caller"]})))

    assert find_role(str(single), Places()).arn.endswith("role/fc-caller")
    with pytest.raises(SessionError, match="more than one role") as caught:
        find_role(str(file), Places())
    assert f"`{file}#caller`, `{file}#reader`" in caught.value.advice


def test_a_name_without_a_place_is_told() -> None:
    """A bare name says which options would give it a meaning."""
    with pytest.raises(SessionError, match="nowhere to look it up") as caught:
        find_role("reader", Places())
    assert "--handover FILE" in caught.value.advice


def test_a_role_of_a_stack_of_the_embedded_engine(served: Cloud, tmp_path: Path) -> None:
    """A stack that the embedded engine brought up tells its role by name, and lists what there is."""
    root = served.accounts[OWNER].root_key
    target = Target(served.endpoint, root.key_id, root.secret)
    Stack.open(ROOT, "account-a", target=target, state_dir=tmp_path, passphrase="of a test").up()
    places = Places(stack="account-a", project=str(ROOT), state_dir=str(tmp_path))

    assert find_role("fc-partner-b", places).arn == f"acs:ram::{OWNER}:role/fc-partner-b"
    with pytest.raises(SessionError, match="no role `other`") as caught:
        find_role("other", places)
    assert "`fc-partner-b`" in caught.value.advice


PULUMI = """#!/bin/sh
test "$*" = "stack output --json --stack account-b --non-interactive" || { echo "odd: $*" >&2; exit 9; }
test "$OUTPUT" = fail && { echo "error: no stack named account-b" >&2; exit 255; }
printf '%s' '{"roleArns": {"fc-partner-b": "acs:ram::1234567890120000:role/fc-partner-b"}}'
"""


def test_a_role_of_a_stack_of_the_pulumi_cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a state here, `pulumi stack output` is asked; its failure is told in its words."""
    program = tmp_path / "bin" / "pulumi"
    program.parent.mkdir()
    program.write_text(PULUMI)
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    places = Places(stack="account-b", project=str(ROOT), state_dir=str(tmp_path))

    assert find_role("fc-partner-b", places).arn == f"acs:ram::{OWNER}:role/fc-partner-b"
    monkeypatch.setenv("OUTPUT", "fail")
    with pytest.raises(SessionError, match="no stack named account-b"):
        find_role("fc-partner-b", places)
    program.unlink()
    with pytest.raises(SessionError, match="no `pulumi` on the PATH"):
        find_role("fc-partner-b", places)


def test_a_project_that_is_not_there_is_told(tmp_path: Path) -> None:
    """A folder without a Pulumi project is a usage error."""
    with pytest.raises(SessionError, match=r"Pulumi\.yaml"):
        find_role("x", Places(stack="s", project=str(tmp_path)))
