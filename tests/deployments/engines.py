"""One stack under one engine: the real one and the embedded one behind the same methods."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from crossaccount.engine import Summary
    from tests.deployments.pulumi_project import PulumiProject


class Engine(Protocol):
    """What both engines can do with the stacks of a project; `Real` and `Embedded` say what each returns."""

    project: PulumiProject

    def preview(self, stack: str) -> dict[str, Any]: ...
    def up(self, stack: str) -> dict[str, int]: ...
    def refresh(self, stack: str) -> dict[str, int]: ...
    def destroy(self, stack: str) -> dict[str, int]: ...
    def export(self, stack: str) -> dict[str, Any]: ...
    def outputs(self, stack: str) -> dict[str, Any]: ...


class Real:
    """The Pulumi CLI and the alicloud provider.

    Args:
        project: what they run; its stacks are made here.
    """

    def __init__(self, project: PulumiProject, *stacks: str) -> None:
        self.project = project
        for stack in stacks:
            project.must("stack", "init", stack=stack)

    def preview(self, stack: str) -> dict[str, Any]:
        """The plan, as `pulumi preview --json` prints it."""
        plan: dict[str, Any] = json.loads(self.project.must("preview", "--json", stack=stack))
        return plan

    def up(self, stack: str) -> dict[str, int]:
        """Apply; the number of resources by operation."""
        return self._changes("up", "--skip-preview", stack=stack)

    def refresh(self, stack: str) -> dict[str, int]:
        """Read again; the number of resources by operation."""
        return self._changes("refresh", "--skip-preview", stack=stack)

    def destroy(self, stack: str) -> dict[str, int]:
        """Delete; the number of resources by operation."""
        return self._changes("destroy", "--skip-preview", stack=stack)

    def export(self, stack: str) -> dict[str, Any]:
        """The state as deployment JSON."""
        state: dict[str, Any] = json.loads(self.project.must("stack", "export", stack=stack))
        return state

    def outputs(self, stack: str) -> dict[str, Any]:
        """The outputs, secrets shown."""
        text = self.project.must("stack", "output", "--json", "--show-secrets", stack=stack)
        outputs: dict[str, Any] = json.loads(text)
        return outputs

    def _changes(self, *arguments: str, stack: str) -> dict[str, int]:
        lines = self.project.must(*arguments, "--yes", "--json", stack=stack).splitlines()
        ends = [json.loads(line)["summaryEvent"] for line in lines if '"summaryEvent"' in line]
        changes: dict[str, int] = ends[-1]["resourceChanges"]
        return changes


class Embedded:
    """The embedded engine.

    Args:
        project: what it runs.
    """

    def __init__(self, project: PulumiProject) -> None:
        self.project = project

    def preview(self, stack: str) -> dict[str, Any]:
        """The plan, as `crossaccount preview --json` prints it."""
        return self.project.embedded(stack).preview().to_json()

    def up(self, stack: str) -> dict[str, int]:
        """Apply; the number of resources by operation."""
        return _counts(self.project.embedded(stack).up())

    def refresh(self, stack: str) -> dict[str, int]:
        """Read again; the number of resources by operation."""
        return _counts(self.project.embedded(stack).refresh())

    def destroy(self, stack: str) -> dict[str, int]:
        """Delete; the number of resources by operation."""
        return _counts(self.project.embedded(stack).destroy())

    def export(self, stack: str) -> dict[str, Any]:
        """The state as deployment JSON."""
        return self.project.embedded(stack).export()

    def outputs(self, stack: str) -> dict[str, Any]:
        """The outputs, secrets shown."""
        return self.project.embedded(stack).outputs(show_secrets=True)


def _counts(summary: Summary) -> dict[str, int]:
    return dict(summary.changes)
