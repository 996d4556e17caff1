"""The house rules that no linter knows."""

from __future__ import annotations

import ast
import importlib
import statistics
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Parse = Callable[[Path], ast.Module]
ROOT = Path(__file__).parent.parent
PACKAGES = ("crossaccount", "components")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
TEST_MODULES = sorted((ROOT / "tests").rglob("test_*.py"))
TOP_LEVEL = {
    "Pulumi.yaml",
    "Pulumi.account-a.yaml",
    "Pulumi.account-b.yaml",
    "__main__.py",
    "components",
    "crossaccount",
    "tests",
    "benchmarks",
    "docs",
    "examples",
    ".ci",
    ".github",
    ".gitignore",
    "CHANGELOG.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "pyproject.toml",
    "requirements.txt",
    "requirements-dev.txt",
    "requirements-bench.txt",
}
VAGUE = {"manager", "helper", "helpers", "util", "utils", "misc", "common"}


def _functions(tree: ast.Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def _length(node: ast.AST) -> int:
    return node.end_lineno - node.lineno + 1


def test_the_folder_listing_is_the_design() -> None:
    """The top level holds what the project's user fixed and what tools insist on, and nothing else."""
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    found = {line.split("/")[0] for line in tracked.splitlines()}

    assert found <= TOP_LEVEL


def test_modules_are_rooms_with_one_purpose() -> None:
    """No module has over 400 lines, and half of them have at most 150."""
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in SOURCES}

    assert {name: length for name, length in lengths.items() if length > 400} == {}
    assert statistics.median(lengths.values()) <= 150


def test_functions_are_short(parse_source: Parse) -> None:
    """At least 95 of 100 functions have at most 35 lines, their docstrings included."""
    lengths = sorted(_length(node) for path in SOURCES for node in _functions(parse_source(path)))

    assert lengths[int(len(lengths) * 0.95)] <= 35


@pytest.mark.parametrize("path", TEST_MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_test_says_the_behaviour(path: Path, parse_source: Parse) -> None:
    """Every test function has a docstring, and every test module one."""
    tree = parse_source(path)
    tests = [node for node in _functions(tree) if node.name.startswith("test_")]
    silent = [node.name for node in tests if not ast.get_docstring(node)]

    assert ast.get_docstring(tree)
    assert silent == []


def test_names_are_the_fields() -> None:
    """No module is called manager, helper or util."""
    vague = [str(path.relative_to(ROOT)) for path in SOURCES if set(path.stem.split("_")) & VAGUE]

    assert vague == []


def test_the_public_names_of_a_package_exist_and_are_sorted() -> None:
    """A package's `__all__` is sorted and names only what is there."""
    for name in ("policy", "engine", "localcloud", "access", "review", "session"):
        package = f"crossaccount.{name}"
        module = importlib.import_module(package)

        assert sorted(module.__all__) == list(module.__all__), package
        assert [name for name in module.__all__ if not hasattr(module, name)] == [], package


def test_the_program_stays_a_table_of_contents() -> None:
    """`__main__.py` has at most 40 lines."""
    assert len((ROOT / "__main__.py").read_text().splitlines()) <= 40
