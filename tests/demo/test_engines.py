"""`crossaccount demo --engine`: the same story, whichever engine runs the stacks."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest

from crossaccount.automation.installed import missing, plugins
from tests.demo.running import run_demo

WITHOUT_PULUMI = {"PATH": str(Path(sys.executable).parent), "PULUMI_HOME": "/nonexistent"}


@pytest.fixture
def _installed() -> None:
    absent = missing()
    if absent:
        pytest.skip(f"not on the PATH: {', '.join(absent)}")


def test_the_real_engine_is_refused_where_it_is_not_installed(project: Path) -> None:
    """`--engine pulumi` without the CLI names what is missing, ends with 2 and runs nothing."""
    done = run_demo(project, "--engine", "pulumi", **WITHOUT_PULUMI)

    assert done.returncode == 2
    assert "`pulumi`, `pulumi-language-python`, `pulumi-resource-alicloud`" in done.stderr
    assert done.stdout == ""


def test_auto_takes_the_embedded_engine_where_the_real_one_is_not_installed(project: Path) -> None:
    """`--engine auto` without the CLI says which engine it took, and tells the story."""
    done = run_demo(project, "--engine", "auto", **WITHOUT_PULUMI)

    assert done.returncode == 0, done.stdout
    assert done.stderr == "engine: embedded\n"
    assert "Every step behaved" in done.stdout


@pytest.mark.real_engine
@pytest.mark.usefixtures("_installed")
def test_the_story_is_the_same_under_the_real_engine(project: Path, tmp_path: Path) -> None:
    """Every line but times and made-up keys is the same, the project and the CLI's home stay as they were."""
    home = tmp_path / "pulumi-home"
    home.mkdir()
    if plugins(os.environ).is_dir():
        (home / "plugins").symlink_to(plugins(os.environ))
    before = contents(project), contents(home)
    real = run_demo(project, "--engine", "auto", PULUMI_HOME=str(home))
    embedded = run_demo(project)

    assert real.returncode == 0, real.stdout + real.stderr
    assert real.stderr == "engine: pulumi\n"
    assert lines(real.stdout) == lines(embedded.stdout)
    assert (contents(project), contents(home)) == before


@pytest.mark.real_engine
@pytest.mark.usefixtures("_installed")
def test_a_wrong_setting_is_refused_by_its_key_under_the_real_engine(project: Path) -> None:
    """The program's refusal reaches the reader in its own words, without the CLI's decoration."""
    stack = project / "Pulumi.account-a.yaml"
    stack.write_text(stack.read_text().replace("maxSessionDuration: 3600", "maxSessionDuration: 60"))
    real, embedded = (run_demo(project, "--engine", engine) for engine in ("pulumi", "embedded"))

    assert real.returncode == 1
    assert lines(real.stdout) == lines(embedded.stdout)


def lines(shown: str) -> list[str]:
    """The lines without times, ports and keys; two resources may be made in either order."""
    plain = re.sub(r"in [0-9.]+ s|127\.0\.0\.1:[0-9]+|STS\.\w+", "...", shown)
    return sorted(line.rstrip() for line in plain.splitlines())


def contents(folder: Path) -> dict[str, bytes | None]:
    """What is in a folder itself: names, and the contents of files."""
    return {path.name: path.read_bytes() if path.is_file() else None for path in folder.iterdir()}
