"""`crossaccount who-can`: everybody who can, through which path, under which conditions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from crossaccount.cli import main
from tests.access.states import FUNCTIONS, OWNER, PARTNER, RAM, delegation, root, trust

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result


def who_can(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["who-can", *map(str, arguments)])


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Options that give both stacks' states; the role asks for an external id."""
    owner, partner = delegation()
    owner.resources.pop(1)
    owner.role("fc-reader", trust(root(PARTNER), StringEquals={"sts:ExternalId": "contract-7"}))
    owner.add(f"{RAM}accessKeyPolicy:AccessKeyPolicy", "odd", {})
    return [part for state in (owner, partner) for part in ("--state", str(state.write(tmp_path)))]


def test_the_table_has_everybody_with_path_condition_and_lines(files: list[str]) -> None:
    """A condition that would have to hold is shown and not assumed; what was not read is told."""
    done = who_can("fc:ListFunctions", FUNCTIONS, *files)
    flat = " ".join(done.output.split())

    assert done.exit_code == 0
    assert f"can account `{OWNER}` itself" in flat
    assert "if user `dev`" in flat
    assert "`sts:ExternalId` is `contract-7`" in flat
    assert f"if whoever account `{PARTNER}` lets" in flat
    assert "__main__.py:13" in flat
    assert "not analysed: 1" in flat
    assert "accessKeyPolicy" in flat


def test_a_known_condition_is_no_longer_an_if(files: list[str]) -> None:
    """What `--context` gives is taken as it is."""
    done = who_can("fc:ListFunctions", FUNCTIONS, *files, "--context", "sts:ExternalId=contract-7")

    assert "can user `dev`" in " ".join(done.output.split())


def test_json_has_the_same_rows_with_all_evidence(files: list[str]) -> None:
    """Each row of the table is a path, in the same order."""
    answer = json.loads(who_can("fc:ListFunctions", FUNCTIONS, *files, "--json").stdout)

    rows = [(path["principal"]["arn"], path["outcome"]) for path in answer["paths"]]
    assert rows == [
        (root(OWNER), "open"),
        (f"acs:ram::{PARTNER}:user/dev", "if"),
        (root(OWNER), "if"),
        (root(PARTNER), "if"),
    ]
    assert answer["paths"][1]["dependsOn"] == ["to assume role `fc-reader`: `sts:ExternalId` is `contract-7`"]
    assert answer["paths"][1]["roles"][0]["declared"]["urn"].endswith("Role::fc-reader")
    assert [each["origin"]["urn"].rpartition("::")[2] for each in answer["notAnalysed"]] == ["odd"]


def test_nobody_is_said_in_words(tmp_path: Path) -> None:
    """A role that denies those it names is assumed by nobody; exit 0, for the question was answered."""
    owner, _ = delegation()
    owner.role("closed", trust(root(PARTNER), effect="Deny"))

    done = who_can("sts:AssumeRole", f"acs:ram::{OWNER}:role/closed", "--state", owner.write(tmp_path))

    assert done.exit_code == 0
    assert "nobody can do sts:AssumeRole" in done.output


def test_bad_input_ends_with_2(tmp_path: Path) -> None:
    """A truncated state is named with the place."""
    path = tmp_path / "a.json"
    path.write_text('{"version": 3, "deployment": {')

    done = who_can("fc:ListFunctions", FUNCTIONS, "--state", path)

    assert done.exit_code == 2
    assert "a.json` is truncated or not JSON, at line 1 column" in done.stderr
