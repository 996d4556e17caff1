"""Every option of every component, made, changed in place, replaced and destroyed, under both engines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.deployments.comparison import differences
from tests.deployments.conftest import needs_the_real_engine
from tests.deployments.engines import Embedded, Real
from tests.deployments.option_stacks import PHASES, furnish
from tests.deployments.pulumi_project import ROOT, STACKS, Hidden
from tests.deployments.walk import Walk, changing, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

ENGINES = [Embedded, pytest.param(Real, marks=pytest.mark.real_engine)]
STEPS = [(phase.name, stack) for phase in PHASES for stack in phase.configs]


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A function: the walk under one engine, taken once; skips where the engine is absent."""
    walks: dict[type, Walk] = {}

    def of(kind: type[Real | Embedded]) -> Walk:
        if kind is Real:
            needs_the_real_engine()
        if kind not in walks:
            walks[kind] = walk(kind, tmp_path_factory.mktemp(kind.__name__), PHASES, furnish)
        return walks[kind]

    return of


@pytest.mark.parametrize("kind", ENGINES)
@pytest.mark.parametrize("step", STEPS, ids=" ".join)
def test_a_plan_says_what_is_made_changed_and_replaced(
    walked: Any, kind: type, step: tuple[str, str]
) -> None:
    """The number of resources by operation is the expected one, in the plan and in the run."""
    seen = walked(kind).seen[step]
    expected = next(phase for phase in PHASES if phase.name == step[0]).changes[step[1]]

    assert changing(seen.plan["changeSummary"]) == expected
    assert changing(seen.changes) == expected


@pytest.mark.parametrize("kind", ENGINES)
@pytest.mark.parametrize("step", STEPS, ids=" ".join)
def test_the_next_plan_shows_no_change(walked: Any, kind: type, step: tuple[str, str]) -> None:
    """Previewed again, every option is as it was asked for."""
    assert changing(walked(kind).seen[step].again["changeSummary"]) == {}


@pytest.mark.parametrize("kind", ENGINES)
def test_a_refresh_finds_nothing_and_a_destruction_leaves_nothing(walked: Any, kind: type) -> None:
    """At the end the accounts hold what they held at first."""
    walk_ = walked(kind)

    for stack in STACKS:
        assert set(walk_.refreshed[stack][0]) == {"same"}
        assert set(walk_.destroyed[stack][0]) <= {"delete", "discard"}
    assert _names(walk_.after) == _names(walk_.before)


@pytest.mark.real_engine
@pytest.mark.parametrize("step", STEPS, ids=" ".join)
@pytest.mark.parametrize("what", ["plan", "changes", "state", "outputs", "again"])
def test_both_engines_show_the_same(walked: Any, step: tuple[str, str], what: str) -> None:
    """Plan, counts, state with decrypted secrets, outputs and the next plan are equal, field by field."""
    real, embedded = (walked(kind).seen[step] for kind in (Real, Embedded))

    assert differences(getattr(embedded, what), getattr(real, what)) == []


@pytest.mark.real_engine
def test_both_engines_leave_the_same_accounts(walked: Any) -> None:
    """After each phase both accounts hold the same, to the date and the attachment."""
    real, embedded = (walked(kind) for kind in (Real, Embedded))

    for what in ("before", "accounts", "refreshed", "destroyed", "after"):
        assert differences(getattr(embedded, what), getattr(real, what), what) == []


def test_every_option_of_the_stack_files_is_used() -> None:
    """What `docs/stack-files.md` lists is in these stacks, and the other way round."""
    rows = re.findall(r"^\| (`[^|]*) \|", (ROOT / "docs/stack-files.md").read_text(), re.MULTILINE)
    listed = {word.rpartition(":")[2] for row in rows for word in re.findall(r"`([\w:]+)`", row)}
    described = {"users", "roles", "grants", "delegations", "console", "statements", "presets"}
    inner = {"password", "mfaBindRequired", "passwordResetRequired", "role"}
    inner |= {"effect", "actions", "notActions", "resources", "conditions"}
    used = {key for phase in PHASES for config in phase.configs.values() for key in _keys(config)}

    assert listed - used == set()
    assert used - listed - described - inner == set()


def _keys(value: Any) -> Iterator[str]:
    """The options in a configuration: its keys, but for the names that a user gives."""
    named = ("delegations", "users", "roles", "grants")
    if isinstance(value, dict):
        for key, each in value.items():
            name = key.rpartition(":")[2]
            yield name
            if name in ("tags", "conditions") or isinstance(each, Hidden):
                continue
            is_map = name in named and isinstance(each, dict)
            for part in each.values() if is_map else [each]:
                yield from _keys(part)
    elif isinstance(value, list):
        for each in value:
            yield from _keys(each)


def _names(accounts: Any) -> Any:
    return [
        {
            kind: [each["name"] for each in account["ram"][kind]]
            for kind in ("roles", "users", "groups", "policies")
        }
        for account in accounts
    ]
