"""From what the program asks for to the resource that the state will hold."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import TYPE_CHECKING

from crossaccount.engine import property_path
from crossaccount.engine.state import Resource

if TYPE_CHECKING:
    from crossaccount.engine.registration import Registration


def resource_of(goal: Registration, provider: str, old: Resource | None) -> Resource:
    """Return the goal as a resource, with the id, outputs and times of the old one.

    Args:
        goal: what the program asks for.
        provider: its provider's reference, empty for a component or a provider.
        old: what the state holds; None when there is nothing.
    """
    return Resource(
        urn=goal.urn,
        type=goal.type,
        custom=goal.custom,
        id=goal.id or (old.id if old else ""),
        inputs={} if goal.id else goal.inputs,
        outputs=old.outputs if old else {},
        parent=goal.parent,
        protect=goal.protect,
        external=bool(goal.id),
        dependencies=goal.dependencies,
        provider=provider,
        property_dependencies=goal.property_dependencies,
        additional_secret_outputs=goal.additional_secret_outputs,
        custom_timeouts=goal.custom_timeouts,
        import_id=goal.import_id,
        retain_on_delete=goal.retain_on_delete,
        created=old.created if old else "",
        modified=old.modified if old else "",
        extra=_extra(goal),
    )


def with_ignored(goal: Registration, old: Resource | None) -> tuple[Registration, tuple[str, ...]]:
    """Put the inputs whose changes are to be ignored back to what the state holds.

    Returns:
        The goal, and the paths that could not be put back, because a part of them is on one side only.
    """
    if old is None or not goal.ignore_changes:
        return goal, ()
    inputs = copy.deepcopy(goal.inputs)
    missed = []
    for text in goal.ignore_changes:
        try:
            path = property_path.parse(text)
        except ValueError:
            continue  # as Pulumi does
        if path and not property_path.reset(path, old.inputs, inputs):
            missed.append(text)
    return replace(goal, inputs=inputs), tuple(missed)


def _extra(goal: Registration) -> dict[str, object]:
    extra: dict[str, object] = {}
    if goal.source_position:
        extra["sourcePosition"] = goal.source_position
    if goal.stack_trace:
        extra["stackTrace"] = [{"sourcePosition": place} for place in goal.stack_trace]
    if goal.ignore_changes:
        extra["ignoreChanges"] = list(goal.ignore_changes)
    if goal.replace_on_changes:
        extra["replaceOnChanges"] = list(goal.replace_on_changes)
    return extra
