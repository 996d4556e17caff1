"""Stacks taken through phases under one engine, with everything that can be seen on the way."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from crossaccount.localcloud.clock import Clock
from crossaccount.localcloud.cloud import Cloud
from tests.deployments import comparison
from tests.deployments.engines import Embedded, Engine, Real
from tests.deployments.pulumi_project import OWNER, PARTNER, PASSPHRASE, PulumiProject

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path


SEED, NOW = 7, 1_800_000_000.0
HANDOVER = "company-a.json"


class StandingClock(Clock):
    """A cloud's time that stands still, so that two clouds give the same dates."""

    def epoch(self) -> float:
        """The one moment, in seconds since 1970."""
        return NOW


@dataclass(frozen=True, slots=True)
class Phase:
    """What the stacks say at one time, and what it changes, by operation.

    Attributes:
        name: for messages.
        configs: the configuration of each stack.
        changes: per stack, the resources by operation that a plan shows, without those that stay.
        program: another `__main__.py`; the one that is there when None.
    """

    name: str
    configs: dict[str, dict[str, Any]]
    changes: dict[str, dict[str, int]] = field(default_factory=dict)
    program: str | None = None


@dataclass(slots=True)
class Seen:
    """What a phase of one stack showed, each in a form that can be compared.

    Attributes:
        plan: before the run.
        changes: what the run counted.
        state: after it.
        outputs: after it, secrets shown.
        again: the plan after it.
    """

    plan: Any
    changes: dict[str, int]
    state: Any
    outputs: Any
    again: Any


@dataclass(slots=True)
class Walk:
    """Everything seen on the way.

    Attributes:
        seen: by phase and stack.
        accounts: what the accounts held after each phase, by its name.
        refreshed: per stack, what a refresh at the end counted, and the state after it.
        destroyed: per stack, what its destruction counted, and the state after it.
        before, after: what the accounts held at first and at last.
    """

    seen: dict[tuple[str, str], Seen] = field(default_factory=dict)
    accounts: dict[str, Any] = field(default_factory=dict)
    refreshed: dict[str, Any] = field(default_factory=dict)
    destroyed: dict[str, Any] = field(default_factory=dict)
    before: Any = None
    after: Any = None


def identical_cloud() -> Cloud:
    """A cloud like every other that this makes: the same ids in the same order, the same dates."""
    return Cloud([OWNER, PARTNER], seed=SEED, clock=StandingClock())


def walk(
    kind: type[Real | Embedded],
    folder: Path,
    phases: Sequence[Phase],
    furnish: Callable[[Cloud], None] = lambda _: None,
    **project: Any,
) -> Walk:
    """Take the stacks through the phases on a cloud of their own, refresh and destroy them.

    Args:
        kind: the engine.
        folder: an empty folder.
        phases: what the stacks say, one after the other; all name the same stacks.
        furnish: makes what the stacks find.
        project: further arguments of `PulumiProject`.
    """
    done = Walk()
    stacks = list(phases[0].configs)
    with identical_cloud() as cloud:
        furnish(cloud)
        done.before = comparison.comparable_accounts(cloud)
        made = PulumiProject(folder, cloud, **project)
        engine: Engine = Real(made, *stacks) if kind is Real else Embedded(made)
        for phase in phases:
            if phase.program is not None:
                made.write_program(phase.program)
            for stack, config in phase.configs.items():
                made.configure(stack, config)
                done.seen[phase.name, stack] = _run(engine, stack)
            done.accounts[phase.name] = comparison.comparable_accounts(cloud)
        for stack in reversed(stacks):
            done.refreshed[stack] = engine.refresh(stack), _state(engine, stack)
            done.destroyed[stack] = engine.destroy(stack), _state(engine, stack)
        done.after = comparison.comparable_accounts(cloud)
        assert not cloud.faults
    return done


def _run(engine: Engine, stack: str) -> Seen:
    cloud = engine.project.cloud
    plan = comparison.comparable_plan(engine.preview(stack), cloud)
    changes = engine.up(stack)
    outputs = engine.outputs(stack)
    if "handover" in outputs:
        (engine.project.folder / HANDOVER).write_text(json.dumps(outputs["handover"]))
    return Seen(
        plan,
        changes,
        _state(engine, stack),
        comparison.comparable_outputs(outputs, cloud),
        comparison.comparable_plan(engine.preview(stack), cloud),
    )


def _state(engine: Engine, stack: str) -> Any:
    return comparison.comparable_state(engine.export(stack), engine.project.cloud, PASSPHRASE)


def changing(changes: Mapping[str, int]) -> dict[str, int]:
    """The changes without what stays the same."""
    return {op: count for op, count in changes.items() if op != "same"}
