"""Bringing the state up to what is live: changed by hand, or gone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from crossaccount.engine import urn as urns
from crossaccount.engine.deployment_json import now
from crossaccount.engine.errors import EngineError, StepError
from crossaccount.engine.events import Op, StepDone, StepFailed, StepStarted
from crossaccount.engine.marking import outputs_of
from crossaccount.engine.plan import Step
from crossaccount.engine.values import Properties, has_secret, plain

if TYPE_CHECKING:
    from crossaccount.engine.context import Context
    from crossaccount.engine.resource_type import ResourceType
    from crossaccount.engine.state import Resource


class Keeper(Protocol):
    """Keeps what a refresh finds: a journal, or for a preview the state in memory."""

    def put(self, resource: Resource) -> None:
        """Keep that a resource exists thus."""

    def drop(self, resource: Resource) -> None:
        """Keep that a resource is gone."""


def refresh(context: Context, keeper: Keeper, resource: Resource) -> Step:
    """Read one resource and keep what is live; return the step, whose `new` is None when it is gone.

    Raises:
        StepError: the API refused.
    """
    facts = resource.urn, resource.type, resource.name
    context.on_event(StepStarted(Op.REFRESH, *facts))
    try:
        live = refreshed(context, resource)
    except EngineError as error:
        context.on_event(StepFailed(Op.REFRESH, *facts, str(error)))
        raise StepError(f"refresh of `{resource.name}` ({resource.type}) failed: {error}") from error
    if live is None:
        keeper.drop(resource)
    elif live != resource:
        keeper.put(live)
    op = Op.DELETE if live is None else outcome(resource, live)
    context.on_event(StepDone(op, *facts, resource.id))
    return Step(Op.REFRESH, resource.urn, resource, live)


def outcome(before: Resource, live: Resource) -> Op:
    """Say what a refresh found, as Pulumi counts it: what the program did not write down is no change."""
    return Op.SAME if live.inputs == before.inputs else Op.UPDATE


def refreshed(context: Context, resource: Resource) -> Resource | None:
    """Return a resource as it is now; None when it is gone.

    Raises:
        EngineError: the API refused.
    """
    resource_type = context.types.get(resource.type)
    is_left = resource.needs_no_call or urns.is_provider(resource.type)
    if resource_type is None or is_left or context.api is None:
        return resource
    found = resource_type.read(context.api, resource.id, plain(resource.outputs))
    if found is None:
        return None
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
    dependencies = {name: urns_ for name, urns_ in resource.property_dependencies.items() if urns_}
    read = replace(resource, property_dependencies=dependencies)  # as Pulumi: the empty ones go
    if inputs == resource.inputs and outputs == resource.outputs:
        return read
    return replace(read, inputs=inputs, outputs=outputs, modified=now())


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
