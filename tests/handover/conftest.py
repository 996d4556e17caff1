"""A project of two companies, a hand-over file, and the command as its users run it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from crossaccount.cli import main
from crossaccount.handover import trial
from crossaccount.sealed_file import sealed, to_text
from tests.session.conftest import clean_environment, served

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

__all__ = ["clean_environment", "served"]

ROOT = Path(__file__).parents[2]
A, B = "1234567890120000", "1345678901230000"


def role(**changes: Any) -> dict[str, Any]:
    """A role of a hand-over."""
    return {
        "arn": f"acs:ram::{A}:role/fc-reader",
        "maxSessionDuration": 7200,
        "externalIdRequired": False,
        "externalIdFrom": None,
        "trusts": {"wholeAccount": False, "users": ["fc-operator"], "roles": []},
        "conditions": [],
        "expires": None,
        "permissions": ["read: fc:Get* on *"],
        "classes": ["read"],
        **changes,
    }


def hand_over(path: Path, **changes: Any) -> Path:
    """A hand-over file, rightly sealed; `roles` and every other key can be another."""
    content = {
        "kind": "handover",
        "version": 2,
        "account": A,
        "alias": "company-a",
        "partner": B,
        "roles": {"reader": role()},
        **changes,
    }
    path.write_text(to_text(sealed(content), yaml=path.suffix != ".json"))
    return path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with the project's program and both stack files."""
    folder = tmp_path / "project"
    folder.mkdir()
    for name in ("Pulumi.yaml", "__main__.py", "Pulumi.account-a.yaml", "Pulumi.account-b.yaml"):
        shutil.copy(ROOT / name, folder / name)
    (folder / "components").symlink_to(ROOT / "components")
    return folder


@pytest.fixture
def run(project: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """A function: `crossaccount handover ...` in the project's folder, with `input` where it asks."""
    monkeypatch.chdir(project)

    def invoked(*arguments: object, **given: Any) -> Result:
        return CliRunner().invoke(main, ["handover", *map(str, arguments)], **given)

    return invoked


@pytest.fixture
def untried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings are not tried with the program, which takes half a second; other tests do that."""
    monkeypatch.setattr(trial, "tried", lambda *_: None)


def answer(result: Result) -> Any:
    """What a command printed as JSON; it has to end well."""
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)
