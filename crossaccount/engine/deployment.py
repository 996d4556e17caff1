"""One run of the program: each registration becomes a decision, a step and a result.

The same code plans and applies: an `Executor` makes the steps' results, from nothing or through the API.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from crossaccount.engine import checks, plan
from crossaccount.engine import urn as urns
from crossaccount.engine.errors import EngineError, ProgramError
from crossaccount.engine.events import Op
from crossaccount.engine.plan import Decision, Step
from crossaccount.engine.providers import Providers
from crossaccount.engine.state import Resource

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crossaccount.engine.context import Context
    from crossaccount.engine.registration import Registration
    from crossaccount.engine.resource_type import ResourceType
    from crossaccount.engine.state import State
    from crossaccount.engine.values import Properties


class Executor(Protocol):
    """Makes the results of steps."""

    @property
    def unknown_id(self) -> str | None:
        """The id of what does not exist yet; None when ids must be made."""
        ...

    def run(self, step: Step, resource_type: ResourceType | None, first: Sequence[Resource]) -> Resource:
        """Do a same, create, update or replace step, after deleting `first` in that order."""
        ...

    def read(self, step: Step, resource_type: ResourceType) -> Resource:
        """Look up a live resource by the id of `step.new`."""
        ...

    def record(self, resource: Resource) -> None:
        """Keep a resource as it is now: its outputs were registered, or it is a default provider."""
        ...


class Deployment:
    """What a run of the program has asked for so far. Safe to use from several threads."""

    def __init__(self, context: Context, state: State, executor: Executor) -> None:
        self.context = context
        self.steps: list[Step] = []
        self.results: dict[str, Resource] = {}
        self.failure: EngineError | None = None
        self._executor = executor
        self._live = dict(state.live)
        self._leftover = list(state.retired)
        self._replaced: list[Resource] = []
        self._early: dict[str, Resource] = {}
        self._asked: set[str] = set()
        self._lock = threading.Lock()
        self._providers = Providers(context, self._live, executor)

    def register(self, goal: Registration) -> tuple[Op, Resource]:
        """Do what a registration needs; return the operation and the resource as it is then.

        Raises:
            EngineError: it is not handled, or its step failed; from then on no step starts.
        """
        try:
            with self._lock:
                step, resource_type, first = self._prepare(goal)
            result = self._executor.run(step, resource_type, first)
        except EngineError as error:
            self.fail(error)
            raise
        with self._lock:
            self._record(replace_new(step, result), result)
        return step.op, result

    def read(self, goal: Registration) -> Resource:
        """Look up a live resource.

        Raises:
            EngineError: its type is not handled, or there is no such resource.
        """
        try:
            with self._lock:
                self._ask(goal)
                resource_type = checks.type_of(replace(goal, inputs={}), self.context.types)
                if resource_type is None:
                    raise ProgramError(f"{goal.label} cannot be looked up: a provider has no id to ask for")
                old = self._live.get(goal.urn)
                new = self._resource(goal, None)
            result = self._executor.read(Step(Op.READ, goal.urn, old, new), resource_type)
        except EngineError as error:
            self.fail(error)
            raise
        self.add_external(result)
        return result

    def resource(self, goal: Registration) -> Resource:
        """Return the state's record of a resource that is looked up elsewhere, and mark it as asked for."""
        with self._lock:
            self._ask(goal)
            return self._resource(goal, None)

    def add_external(self, resource: Resource) -> None:
        """Keep a resource that was looked up."""
        with self._lock:
            old = self._live.get(resource.urn)
            self._record(Step(Op.READ, resource.urn, old, resource), resource)
            if old != resource:
                self._executor.record(resource)

    def register_outputs(self, urn: str, outputs: Properties) -> None:
        """Keep the outputs of a component or of the stack.

        Raises:
            ProgramError: nothing is registered under `urn`.
        """
        with self._lock:
            resource = self.results.get(urn)
            if resource is None:
                raise ProgramError(f"outputs were registered for `{urn}`, which was not registered itself")
            if resource.outputs != outputs:
                self.results[urn] = replace(resource, outputs=outputs)
                self._executor.record(self.results[urn])

    def deletions(self) -> list[Resource]:
        """Return what the program no longer asks for, dependents first; adds the steps of the plan.

        Raises:
            UnsupportedError: one of them is protected, or of a type that is not handled.
        """
        retired = [*self._leftover, *self._replaced]
        unwanted = plan.deletions(self._live.values(), retired, self._asked)
        checks.check_deletable(unwanted, self.context.types)
        replaced = {resource.key for resource in self._replaced}
        went_early = [resource for urn, resource in self._early.items() if urn not in self._asked]
        for resource in [*went_early, *unwanted]:
            if not resource.external and resource.key not in replaced:
                op = Op.DELETE_REPLACED if resource.delete else Op.DELETE
                self.steps.append(Step(op, resource.urn, resource))
        return unwanted

    def _prepare(self, goal: Registration) -> tuple[Step, ResourceType | None, Sequence[Resource]]:
        self._ask(goal)
        resource_type = checks.type_of(goal, self.context.types)
        old = self._live.get(goal.urn)
        goal = _without_ignored(goal, old)
        if resource_type is not None:
            checks.check_inputs(goal, resource_type)
        elif goal.custom:
            checks.check_provider(goal, self.context.target.access_key_id if self.context.target else None)
            goal = replace(goal, inputs=self._providers.inputs(goal))
        early = self._early.get(goal.urn)
        decision = (
            plan.decide_again(early, goal, resource_type)
            if early is not None and old is None
            else plan.decide(old, goal, resource_type)
        )
        step = Step(decision.op, goal.urn, old or early, self._resource(goal, old), decision)
        return step, resource_type, self._make_way(decision, old)

    def _make_way(self, decision: Decision, old: Resource | None) -> Sequence[Resource]:
        if decision.op is not Op.REPLACE or old is None:
            return ()
        first = [old]
        if decision.delete_first:
            first = [*plan.dependents_to_replace(old.urn, self._live, self.context.types), old]
        checks.check_deletable(first, self.context.types)
        if not decision.delete_first:
            self._replaced.append(replace(old, delete=True))
            return ()
        for resource in first:
            self._early[resource.urn] = self._live.pop(resource.urn)
        return first

    def _ask(self, goal: Registration) -> None:
        if self.failure is not None:
            raise EngineError(f"{goal.label} was not started, because an earlier step failed")
        if goal.urn in self._asked:
            raise ProgramError(f"{goal.label} is declared twice; give one of the two another name")
        self._asked.add(goal.urn)

    def _resource(self, goal: Registration, old: Resource | None) -> Resource:
        provider = goal.provider
        if goal.custom and not provider and not urns.is_provider(goal.type):
            provider = self._providers.default(goal)
            self._asked.add(provider.rpartition("::")[0])
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
            created=old.created if old else "",
            modified=old.modified if old else "",
            extra=_extra(goal),
        )

    def _record(self, step: Step, result: Resource) -> None:
        self.steps.append(step)
        self.results[step.urn] = result

    def fail(self, error: EngineError) -> None:
        """Let no further step start, because of `error`; the first one is kept."""
        with self._lock:
            if self.failure is None:
                self.failure = error


def replace_new(step: Step, new: Resource) -> Step:
    """Return the step with its new state."""
    return replace(step, new=new)


def _extra(goal: Registration) -> dict[str, object]:
    extra: dict[str, object] = {}
    if goal.source_position:
        extra["sourcePosition"] = goal.source_position
    if goal.stack_trace:
        extra["stackTrace"] = [{"sourcePosition": place} for place in goal.stack_trace]
    if goal.ignore_changes:
        extra["ignoreChanges"] = list(goal.ignore_changes)
    return extra


def _without_ignored(goal: Registration, old: Resource | None) -> Registration:
    if old is None or not goal.ignore_changes:
        return goal
    inputs = dict(goal.inputs)
    for name in goal.ignore_changes:
        if name in old.inputs:
            inputs[name] = old.inputs[name]
        else:
            inputs.pop(name, None)
    return replace(goal, inputs=inputs)
