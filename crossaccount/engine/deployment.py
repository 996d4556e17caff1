"""One run of the program: each registration becomes a decision, a step and a result.

The same code plans and applies: an `Executor` makes the steps' results, from nothing or through the API.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from crossaccount.engine import checks, goals, importing, plan
from crossaccount.engine import urn as urns
from crossaccount.engine.aliases import former_urns
from crossaccount.engine.errors import EngineError, ProgramError
from crossaccount.engine.events import Diagnostic, Op, Severity
from crossaccount.engine.plan import Decision, Step
from crossaccount.engine.providers import Providers
from crossaccount.engine.state import renamed
from crossaccount.engine.targets import ALL, Targets
from crossaccount.engine.values import has_secret

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crossaccount.engine.context import Context
    from crossaccount.engine.registration import Registration
    from crossaccount.engine.resource_type import ResourceType
    from crossaccount.engine.state import Resource, State
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

    def take_over(self, resource: Resource, resource_type: ResourceType) -> Resource:
        """Bring a live resource into the state, by its `import_id`."""
        ...

    def rename(self, old: str, new: str) -> None:
        """Give a resource of the state another URN."""
        ...

    def record(self, resource: Resource) -> None:
        """Keep a resource as it is now: its outputs were registered, or it is a default provider."""
        ...


class Deployment:
    """What a run of the program has asked for so far. Safe to use from several threads.

    Attributes:
        context: the run.
        steps: what was decided, in order.
        results: each resource as it is after its step, by URN.
        failure: the first error; from then on no step starts.
    """

    def __init__(self, context: Context, state: State, executor: Executor, targets: Targets = ALL) -> None:
        self.context = context
        self.steps: list[Step] = []
        self.results: dict[str, Resource] = {}
        self.failure: EngineError | None = None
        self._executor = executor
        self._targets = targets
        self._live = dict(state.live)
        self._leftover = list(state.retired)
        self._replaced: list[Resource] = []
        self._condemned: set[str] = set()
        self._asked: set[str] = set()
        self._touched: set[str] = set()
        self._skipped: set[str] = set()
        self._former: dict[str, str] = {}
        self._renames: dict[str, str] = {}
        self._lock = threading.Lock()
        self._providers = Providers(context, self._live, executor)

    def register(self, goal: Registration) -> tuple[Op, Resource]:
        """Do what a registration needs; return the operation and the resource as it is then.

        Raises:
            EngineError: it is not handled, or its step failed; from then on no step starts.
        """
        try:
            return self._register(goal)
        except EngineError as error:
            self.fail(error)
            raise

    def _register(self, goal: Registration) -> tuple[Op, Resource]:
        with self._lock:
            self._ask(goal)
            self._follow_alias(goal)
            if not self._is_touched(goal):
                return self._leave(goal)
            resource_type = checks.type_of(goal, self.context.types)
            imports = resource_type is not None and importing.is_import(goal, self._live.get(goal.urn))
            goal_resource = self._resource(goal, None) if imports else None
        if goal_resource is not None and resource_type is not None:
            self._import(goal, self._executor.take_over(goal_resource, resource_type))
        with self._lock:
            step, first = self._prepare(goal, resource_type, imported=imports)
            if imports and step.op is Op.SAME:
                return Op.IMPORT, self.results[goal.urn]
        result = self._executor.run(step, resource_type, first)
        with self._lock:
            self._record(replace(step, new=result), result)
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
            if resource.outputs != outputs and urn not in self._skipped:
                self.results[urn] = replace(resource, outputs=outputs)
                self._executor.record(self.results[urn])

    def has_secrets(self) -> bool:
        """Whether any resource has a secret now, or will have one once it is made."""
        types = self.context.types
        return any(
            (resource.type in types and types[resource.type].secret_outputs)
            or resource.additional_secret_outputs
            or has_secret(resource.inputs)
            or has_secret(resource.outputs)
            for resource in (*self.results.values(), *self._providers.made)
        )

    def deletions(self) -> list[Resource]:
        """Return what the program no longer asks for, dependents first; adds the steps of the plan.

        Raises:
            UnsupportedError: one of them is protected, of a type that is not handled, or no target while it
                depends on one; or a target does not exist.
        """
        self._targets.check_found({*self._live, *self._asked})
        retired = [*self._leftover, *self._replaced]
        live = [renamed(each, self._renames) for each in self._live.values()]
        unwanted = plan.deletions(live, retired, self._asked, self._targets)
        self._stay(live, {resource.urn for resource in unwanted})
        checks.check_deletable(unwanted, self.context.types)
        replaced = {resource.key for resource in self._replaced}
        for resource in unwanted:
            if resource.external:
                self.steps.append(Step(Op.DISCARD, resource.urn, resource))
            elif not resource.needs_no_call and resource.key not in replaced:
                op = Op.DELETE_REPLACED if resource.delete else Op.DELETE
                self.steps.append(Step(op, resource.urn, resource))
        return unwanted

    def _stay(self, live: Sequence[Resource], unwanted: set[str]) -> None:
        """Note what the program no longer asks for and stays, because it is no target."""
        for resource in live:
            if resource.urn not in self._asked and resource.urn not in unwanted:
                self.steps.append(Step(Op.SAME, resource.urn, resource, resource))

    def fail(self, error: EngineError) -> None:
        """Let no further step start, because of `error`; the first one is kept."""
        with self._lock:
            if self.failure is None:
                self.failure = error

    def _ask(self, goal: Registration) -> None:
        if self.failure is not None:
            raise EngineError(f"{goal.label} was not started, because an earlier step failed")
        if goal.urn in self._asked:
            raise ProgramError(f"{goal.label} is declared twice; give one of the two another name")
        if goal.urn in self._renames:
            raise ProgramError(
                f"{goal.label} is the former name of another resource, which took its place; drop that "
                "alias, or give this resource another name"
            )
        self._asked.add(goal.urn)

    def _follow_alias(self, goal: Registration) -> None:
        if goal.urn in self._live or not (goal.aliases or goal.parent in self._former):
            return
        for former in former_urns(goal.urn, goal.parent, goal.aliases, self._former):
            if former not in self._live:
                continue
            if former in self._asked:
                raise ProgramError(
                    f"{goal.label} has the alias `{former}`, which the program declares as well; "
                    "drop one of them"
                )
            self._former[goal.urn] = former
            self._renames[former] = goal.urn
            self._leftover = [
                replace(each, urn=goal.urn) if each.urn == former else each for each in self._leftover
            ]
            self._live[goal.urn] = replace(self._live.pop(former), urn=goal.urn, type=goal.type)
            self._executor.rename(former, goal.urn)
            return

    def _is_touched(self, goal: Registration) -> bool:
        if not self._targets.patterns:
            return True
        resource = goals.resource_of(goal, goal.provider, None)
        if not self._targets.touches(resource, self._touched):
            return False
        absent = sorted(self._skipped.intersection(resource.requires))
        if absent:
            raise ProgramError(
                f"{goal.label} depends on `{urns.name(absent[0])}`, which does not exist yet and is no "
                "target; name it with `--target` too"
            )
        self._touched.add(goal.urn)
        return True

    def _leave(self, goal: Registration) -> tuple[Op, Resource]:
        """Leave a resource that is no target as the state has it, which may be not at all."""
        old = self._live.get(goal.urn)
        if old is not None:
            self._record(Step(Op.SAME, goal.urn, old, old), old)
            return Op.SAME, old
        self._skipped.add(goal.urn)
        absent = replace(goals.resource_of(goal, goal.provider, None), outputs=goal.inputs)
        self._record(Step(Op.SAME, goal.urn, None, absent), absent)
        return Op.SAME, absent

    def _import(self, goal: Registration, taken: Resource) -> None:
        with self._lock:
            self._live[goal.urn] = taken
            self._record(Step(Op.IMPORT, goal.urn, None, replace(taken, inputs=goal.inputs)), taken)

    def _prepare(
        self, goal: Registration, resource_type: ResourceType | None, *, imported: bool
    ) -> tuple[Step, Sequence[Resource]]:
        old = self._live.get(goal.urn)
        goal, missed = goals.with_ignored(goal, old)
        self._tell_missed(goal, missed)
        if resource_type is not None:
            checks.check_inputs(goal, resource_type)
        elif goal.custom:
            checks.check_provider(goal, self.context.target.access_key_id if self.context.target else None)
            goal = replace(goal, inputs=self._providers.inputs(goal))
        decision = self._decide(goal, old, resource_type)
        if old is not None and goal.urn in self._condemned:
            old = replace(old, pending_replacement=False)  # as it was before this run
        new = self._resource(goal, old)
        if imported and decision.op is Op.UPDATE and old is not None and old.id == old.import_id:
            new = replace(new, import_id="")  # as Pulumi: the id tells as much
        step = Step(decision.op, goal.urn, old, new, decision, self._former.get(goal.urn, ""))
        if decision.op is Op.REPLACE and old is not None:
            checks.check_replaceable(goal, old)
            return step, self._make_way(decision, replace(self._live[goal.urn], protect=False))
        return step, self._clear(goal.urn, []) if decision.op is Op.CREATE else ()

    def _decide(
        self, goal: Registration, old: Resource | None, resource_type: ResourceType | None
    ) -> Decision:
        decision = plan.decide(old, goal, resource_type, condemned=goal.urn in self._condemned)
        if decision.op in (Op.CREATE, Op.REPLACE):
            checks.check_complete(goal, resource_type)
        renames = resource_type.renames if resource_type is not None and decision.op is Op.UPDATE else ()
        if any(name in renames for name in decision.diffs):
            tied = plan.dependents_to_replace(goal.urn, self._live, self.context.types)
            checks.check_renaming(goal, sorted(renames), tied)
        return decision

    def _tell_missed(self, goal: Registration, missed: Sequence[str]) -> None:
        if missed:
            what = ", ".join(f"`{path}`" for path in missed)
            message = f"{goal.label}: nothing to ignore at {what}: a part of the path is new or gone"
            self.context.on_event(Diagnostic(Severity.INFO, message, goal.urn))

    def _make_way(self, decision: Decision, old: Resource) -> Sequence[Resource]:
        """Return what is deleted before the replacement of `old` is made, dependents first."""
        if decision.delete_first:
            dependents = plan.dependents_to_replace(old.urn, self._live, self.context.types)
            return self._clear(old.urn, [*dependents, old])
        self._replaced.append(replace(old, delete=True))
        if any(each.urn == old.urn for each in self._leftover):
            return self._clear(old.urn, plan.dependents_to_replace(old.urn, self._live, self.context.types))
        return ()

    def _clear(self, urn: str, going: Sequence[Resource]) -> Sequence[Resource]:
        """Note that live resources, the last of which may be `urn`'s, go now; return all that goes, in order.

        What an earlier run replaced and did not get to delete goes too: it may have the name that the new one
        is to have.
        """
        waiting = plan.with_dependents(urn, self._leftover)
        first = [each for each in (*waiting, *going) if not each.needs_no_call]
        first.sort(key=lambda each: each.urn == urn)  # last of all, for the others hold it
        checks.check_deletable(first, self.context.types)
        self._condemned.update(each.urn for each in going if each.urn != urn)
        self._leftover = [each for each in self._leftover if each not in waiting]
        for resource in first:
            if not resource.delete:
                self._live[resource.urn] = replace(resource, pending_replacement=True)
        return first

    def _resource(self, goal: Registration, old: Resource | None) -> Resource:
        provider = goal.provider
        if goal.custom and not provider and not urns.is_provider(goal.type):
            provider = self._providers.default(goal)
            self._asked.add(provider.rpartition("::")[0])
        return goals.resource_of(goal, provider, old)

    def _record(self, step: Step, result: Resource) -> None:
        self.steps.append(step)
        self.results[step.urn] = result
