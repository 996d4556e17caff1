"""Planning: the results of steps that are not done, as far as they can be known."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from crossaccount.engine.errors import ProgramError, UnsupportedError
from crossaccount.engine.events import Op
from crossaccount.engine.marking import outputs_of
from crossaccount.engine.values import UNKNOWN, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crossaccount.engine.context import Context
    from crossaccount.engine.plan import Step
    from crossaccount.engine.resource_type import ResourceType
    from crossaccount.engine.state import Resource


class PreviewExecutor:
    """Foresees each step's result; nothing changes, neither in the account nor in the state.

    A new resource has its inputs as outputs, anything else of it is unknown; a changed one keeps its other
    outputs.
    """

    unknown_id = UNKNOWN

    def __init__(self, context: Context) -> None:
        self._context = context

    def run(self, step: Step, resource_type: ResourceType | None, first: Sequence[Resource]) -> Resource:
        """Foresee a step's result."""
        del first
        old, new = step.old, step.new
        assert new is not None  # noqa: S101  every registered resource has a goal
        if step.op is Op.SAME:
            return new
        if step.op is Op.UPDATE and resource_type is not None and old is not None:
            kept = {name: value for name, value in old.outputs.items() if name not in old.inputs}
            return replace(new, outputs={**kept, **new.inputs})
        if step.op is Op.UPDATE:
            return new
        return replace(new, id="", outputs=dict(new.inputs), created="", modified="")

    def read(self, step: Step, resource_type: ResourceType) -> Resource:
        """Look up a live resource, or what the state knows of it when there is no target."""
        old, new = step.old, step.new
        assert new is not None  # noqa: S101  every lookup has a goal
        if self._context.api is None:
            return replace(new, outputs=old.outputs if old is not None and old.id == new.id else {})
        return replace(read_live(self._context, new, resource_type), inputs={})

    def take_over(self, resource: Resource, resource_type: ResourceType) -> Resource:
        """Look up the live resource that would come into the state.

        Raises:
            UnsupportedError: there is no target to ask.
        """
        if self._context.api is None:
            raise UnsupportedError(
                f"`{resource.name}` ({resource.type}) takes over `{resource.import_id}`, which only the "
                "account can tell about: give an endpoint"
            )
        return imported(self._context, resource, resource_type)

    def rename(self, old: str, new: str) -> None:
        """Keep nothing."""

    def record(self, resource: Resource) -> None:
        """Keep nothing."""


def imported(context: Context, resource: Resource, resource_type: ResourceType) -> Resource:
    """Look up the live resource of an `import_id`, as the state will hold it.

    Raises:
        ProgramError: there is none.
    """
    return read_live(context, replace(resource, id=resource.import_id), resource_type)


def read_live(context: Context, goal: Resource, resource_type: ResourceType) -> Resource:
    """Look up a live resource by its id.

    Raises:
        ProgramError: there is none.
    """
    assert context.api is not None  # noqa: S101  the callers have a target
    known = plain(goal.outputs)
    found = resource_type.read(context.api, goal.id, known)
    if found is None:
        raise ProgramError(f"`{goal.name}` ({goal.type}): there is no such resource with id `{goal.id}`")
    inputs, outputs = found
    id_ = resource_type.own_id(context.api, goal.id)
    return replace(goal, id=id_, inputs=inputs, outputs=outputs_of(goal, resource_type, id_, outputs))
