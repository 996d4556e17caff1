"""Bringing the state up to what is live: changed by hand, or gone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from crossaccount.engine import urn as urns
from crossaccount.engine.deployment_json import now
from crossaccount.engine.errors import EngineError, StepError
from crossaccount.engine.events import Op, StepDone, StepFailed, StepStarted
from crossaccount.engine.marking import outputs_of
from crossaccount.engine.values import Properties, has_secret, plain

if TYPE_CHECKING:
    from crossaccount.engine.context import Context
    from crossaccount.engine.journal import Journal
    from crossaccount.engine.resource_type import ResourceType
    from crossaccount.engine.state import Resource


def refresh(context: Context, journal: Journal, resource: Resource) -> Op:
    """Read one resource and keep what is live; return same, update or delete.

    Raises:
        StepError: the API refused.
    """
    facts = resource.urn, resource.type, resource.name
    context.on_event(StepStarted(Op.REFRESH, *facts))
    try:
        op = _refresh(context, journal, resource)
    except EngineError as error:
        context.on_event(StepFailed(Op.REFRESH, *facts, str(error)))
        raise StepError(f"refresh of `{resource.name}` ({resource.type}) failed: {error}") from error
    context.on_event(StepDone(op, *facts, resource.id))
    return op


def _refresh(context: Context, journal: Journal, resource: Resource) -> Op:
    resource_type = context.types.get(resource.type)
    if resource_type is None or resource.external or urns.is_provider(resource.type) or context.api is None:
        return Op.SAME
    found = resource_type.read(context.api, resource.id, plain(resource.outputs))
    if found is None:
        journal.drop(resource)
        return Op.DELETE
    live_inputs, live_outputs = found
    inputs = refreshed_inputs(resource, resource_type, live_inputs, live_outputs)
    unread = {
        name: value
        for name, value in resource.outputs.items()
        if name not in live_outputs and has_secret(value)
    }
    outputs = {
        **unread,
        **outputs_of(replace(resource, inputs=inputs), resource_type, resource.id, live_outputs),
    }
    if inputs == resource.inputs and outputs == resource.outputs:
        return Op.SAME
    journal.put(replace(resource, inputs=inputs, outputs=outputs, modified=now()))
    return Op.UPDATE


def refreshed_inputs(
    resource: Resource, resource_type: ResourceType, live_inputs: Properties, live_outputs: Properties
) -> Properties:
    """Return the inputs that stand for what is live.

    An input the program gave follows the live value, unless both mean the same or it cannot be read; one it
    did not give appears when somebody changed it since.
    """
    inputs = dict(resource.inputs)
    for name, live in live_inputs.items():
        if name in inputs:
            if (
                not resource_type.diff_ignores(name, plain(inputs[name]), live)
                and plain(inputs[name]) != live
            ):
                inputs[name] = live
        elif live_outputs.get(name) != plain(resource.outputs.get(name)):
            inputs[name] = live
    return inputs
