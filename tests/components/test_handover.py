"""The hand-over file, and the console links beside it."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import console_link, handover

A, C = "1234567890120000", "1456789012340000"
ROLES = {"ops": {"arn": f"acs:ram::{A}:role/ops", "maxSessionDuration": 3600, "externalIdRequired": True}}


def test_what_is_written_can_be_read(tmp_path: Path) -> None:
    """A hand-over comes back whole, also with its numbers as floats, as Pulumi's outputs hold them."""
    file = tmp_path / "a.json"
    written = handover.write(A, "company-a", ROLES)
    file.write_text(json.dumps(written).replace("3600", "3600.0").replace('"version": 1', '"version": 1.0'))
    found = handover.read(file)
    assert (found.account, found.alias) == (A, "company-a")
    assert handover.role_arn(found, "ops") == f"acs:ram::{A}:role/ops"


CHANGES = st.sampled_from(
    [
        ('"company-a"', '"company-b"', "changed"),
        (f"{A}:role/ops", f"{A}:role/root", "changed"),
        ("3600", "43200", "changed"),
        ("true", "false", "changed"),
        ('"version": 1', '"version": 2', "wrong at version"),
        ('"alias"', '"alia"', "wrong at alia"),
        ("3600", "60", "maxSessionDuration"),
        ("sha256:", "sha1:", "changed"),
        ("{", "[", "not JSON"),
    ]
)


@given(CHANGES)
def test_a_changed_file_is_one_clear_error(
    tmp_path_factory: pytest.TempPathFactory, change: tuple[str, ...]
) -> None:
    """Whatever was changed, the file is refused and the owner has to export it again."""
    old, new, words = change
    file = tmp_path_factory.mktemp("handover") / "a.json"
    file.write_text(json.dumps(handover.write(A, "company-a", ROLES)).replace(old, new))
    with pytest.raises(ValueError, match=words) as wrong:
        handover.read(file)
    assert "again" in str(wrong.value)


def test_an_owner_hands_over_its_own_roles_only(tmp_path: Path) -> None:
    """A role of another account in a hand-over is refused, whatever its checksum."""
    file = tmp_path / "a.json"
    file.write_text(json.dumps(handover.write(C, None, ROLES)))
    with pytest.raises(ValueError, match="not in its own account"):
        handover.read(file)


def test_a_missing_file_says_where_paths_start(tmp_path: Path) -> None:
    """A path that leads nowhere is refused with the reason."""
    with pytest.raises(ValueError, match="no such file or directory; paths start at the project's folder"):
        handover.read(tmp_path / "none.json")


def test_links_name_the_owners_domain() -> None:
    """The alias stands in the link if there is one, the account id if not."""
    assert console_link.switch_role(A, "company-a", "ops") == (
        "https://signin.aliyun.com/switchRole.htm?parentAlias=company-a.onaliyun.com&roleName=ops"
    )
    assert f"parentAlias={A}.onaliyun.com" in console_link.switch_role(A, None, "ops")
    assert console_link.sign_in(A, None) == f"https://signin.aliyun.com/{A}.onaliyun.com/login.htm"
