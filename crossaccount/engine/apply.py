"""Applying: each step through the API, journaled before and after, and told as events."""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from crossaccount.engine import creations
from crossaccount.engine import urn as urns
from crossaccount.engine.api_errors import ApiCallError
from crossaccount.engine.deployment_json import now
from crossaccount.engine.errors import EngineError, StepError
from crossaccount.engine.events import Op, StepDone, StepFailed, StepStarted
from crossaccount.engine.marking import outputs_of
from crossaccount.engine.plan import is_default_provider, known_inputs
from crossaccount.engine.preview import imported, read_live
from crossaccount.engine.values import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from crossaccount.engine.context import Context
    from crossaccount.engine.journal import Journal
    from crossaccount.engine.plan import Step
    from crossaccount.engine.ram_api import RamApi
    from crossaccount.engine.resource_type import ResourceType
    from crossaccount.engine.state import Resource

_MAKING = ("Create", "Attach", "Add", "Set")


class ApplyExecutor:
    """Does each step through the API. Safe to use from several threads."""

    unknown_id = None

    def __init__(self, context: Context, journal: Journal) -> None:
        self._context = context
        self._journal = journal

    def run(self, step: Step, resource_type: ResourceType | None, first: Sequence[Resource]) -> Resource:
        """Do a step.

        Raises:
            StepError: the API refused; the state says what exists.
        """
        old, new = step.old, step.new
        assert new is not None  # noqa: S101  every registered resource has a goal
        for resource in first:
            self._step(Op.DELETE_REPLACED, resource, partial(self._make_way, resource))
        if step.op is Op.SAME:
            if new != old:
                self._journal.put(new)
            self._tell(step.op, new)
            return new
        if resource_type is None:
            return self._step(step.op, new, lambda: self._record_only(step.op, new))
        if step.op is Op.CREATE:
            return self._step(step.op, new, lambda: self._create(new, resource_type))
        if step.op is Op.UPDATE and old is not None:
            return self._step(step.op, new, lambda: self._update(old, new, resource_type))
        delete_first = step.decision is not None and step.decision.delete_first
        replaced = None if delete_first or old is None else replace(old, protect=new.protect)
        made = self._step(Op.CREATE_REPLACEMENT, new, lambda: self._create(new, resource_type, replaced))
        self._tell(Op.REPLACE, made)
        return made

    def read(self, step: Step, resource_type: ResourceType) -> Resource:
        """Look up a live resource.

        Raises:
            EngineError: there is none, or the API refused.
        """
        assert step.new is not None  # noqa: S101  every lookup has a goal
        return replace(read_live(self._context, step.new, resource_type), inputs={})

    def take_over(self, resource: Resource, resource_type: ResourceType) -> Resource:
        """Bring a live resource into the state.

        Raises:
            StepError: there is none, or the API refused.
        """
        time = now()
        goal = replace(resource, created=time, modified=time)
        return self._step(Op.IMPORT, goal, lambda: self._take_over(goal, resource_type))

    def rename(self, old: str, new: str) -> None:
        """Give a resource of the state another URN."""
        self._journal.rename(old, new)

    def record(self, resource: Resource) -> None:
        """Keep a resource as it is now."""
        self._journal.put(resource)

    def delete(self, resource: Resource, op: Op) -> None:
        """Delete one resource; one that the engine only recorded is dropped from the state.

        Raises:
            StepError: the API refused.
        """
        if resource.needs_no_call or is_default_provider(resource):
            self._journal.drop(resource)
        else:
            self._step(op, resource, lambda: self._delete(resource))

    def _record_only(self, op: Op, new: Resource) -> Resource:
        time = now()
        if urns.is_provider(new.type):
            outputs = {name: value for name, value in new.inputs.items() if name != "__internal"}
            id_ = new.id or str(uuid.uuid4())
        else:
            outputs = dict(new.inputs) if op is Op.CREATE else new.outputs
            id_ = new.id
        made = replace(new, id=id_, outputs=outputs, created=new.created or time, modified=time)
        self._journal.put(made)
        return made

    def _create(
        self, new: Resource, resource_type: ResourceType, replaced: Resource | None = None
    ) -> Resource:
        inputs = plain(new.inputs)
        known = creations.before(self._api, new.type, inputs)
        time = now()
        goal = replace(new, id="", outputs=known, created=time, modified=time)
        self._journal.pending("creating", goal)
        try:
            id_, outputs = resource_type.create(self._api, inputs)
        except ApiCallError as error:
            if _made_nothing(error):
                self._journal.settle(new.urn)
                if error.code.startswith("EntityAlreadyExists"):
                    raise StepError(f"{error}: {creations.way_out(new.type, inputs)}") from error
            raise
        made = replace(goal, id=id_, outputs=outputs_of(new, resource_type, id_, outputs, operation="create"))
        if replaced is not None:
            self._journal.retire(replaced)
        self._journal.put(made)
        return made

    def _take_over(self, goal: Resource, resource_type: ResourceType) -> Resource:
        taken = imported(self._context, goal, resource_type)
        self._journal.put(taken)
        return taken

    def _update(self, old: Resource, new: Resource, resource_type: ResourceType) -> Resource:
        before = plain(dict(known_inputs(old, new.inputs, resource_type)))
        with self._pending("updating", new):
            outputs = resource_type.update(self._api, old.id, plain(old.outputs), before, plain(new.inputs))
        marked = outputs_of(new, resource_type, old.id, outputs, operation="update")
        changed = replace(new, outputs=marked, modified=now())
        self._journal.put(changed)
        return changed

    def _delete(self, resource: Resource) -> Resource:
        self._delete_live(resource)
        self._journal.drop(resource)
        return resource

    def _make_way(self, resource: Resource) -> Resource:
        self._delete_live(resource)
        if resource.delete:
            self._journal.drop(resource)
        else:
            self._journal.put(replace(resource, pending_replacement=True))
        return resource

    def _delete_live(self, resource: Resource) -> None:
        resource_type = self._context.types.get(resource.type)
        if resource_type is not None and not resource.retain_on_delete:
            with self._pending("deleting", resource):
                resource_type.delete(self._api, resource.id, plain(resource.outputs))

    @contextmanager
    def _pending(self, kind: str, resource: Resource) -> Iterator[None]:
        """Record an operation that can be done again; one that RAM refused clearly is no longer under way."""
        self._journal.pending(kind, resource)
        try:
            yield
        except EngineError as error:
            if not _in_doubt(error):
                self._journal.settle(resource.urn)
            raise

    def _step(self, op: Op, resource: Resource, act: Callable[[], Resource]) -> Resource:
        facts = op, resource.urn, resource.type, resource.name
        self._context.on_event(StepStarted(*facts))
        try:
            result = act()
        except Exception as error:
            reason = str(error) if isinstance(error, EngineError) else f"{type(error).__name__}: {error}"
            self._context.on_event(StepFailed(*facts, reason))
            raise StepError(f"{op.value} of `{resource.name}` ({resource.type}) failed: {reason}") from error
        self._context.on_event(StepDone(*facts, result.id))
        return result

    def _tell(self, op: Op, resource: Resource) -> None:
        self._context.on_event(StepDone(op, resource.urn, resource.type, resource.name, resource.id))

    @property
    def _api(self) -> RamApi:
        assert self._context.api is not None  # noqa: S101  applying needs a target
        return self._context.api


def _in_doubt(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ApiCallError) and (error.passing or error.repeated or not error.code):
            return True
        error = error.__cause__
    return False


def _made_nothing(error: ApiCallError) -> bool:
    return error.action.startswith(_MAKING) and bool(error.code) and not error.passing and not error.repeated
