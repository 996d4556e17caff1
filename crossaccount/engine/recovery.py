"""After a run that was killed: find out what its unfinished operations did.

What an update or a deletion left is read. Whether there was a creation, is asked of the API: what exists with
exactly the inputs that were being created, and was made since, is taken into the state; anything else is
left alone and told.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from crossaccount.engine import creations, lost_keys
from crossaccount.engine import refresh as refreshing
from crossaccount.engine.difference import differing
from crossaccount.engine.errors import StepError
from crossaccount.engine.events import Diagnostic, Severity
from crossaccount.engine.journal import Journal
from crossaccount.engine.marking import outputs_of
from crossaccount.engine.values import plain

if TYPE_CHECKING:
    from crossaccount.engine.context import Context
    from crossaccount.engine.resource_type import ResourceType
    from crossaccount.engine.state import Resource, State
    from crossaccount.engine.state_file import StateFile

_ACCOUNT_ALIAS = "alicloud:ram/accountAlias:AccountAlias"
_CUT_OFF = "was being created when the last run was cut off"
_LOOK = "look for one too many in the account"


def recover(context: Context, file: StateFile, state: State) -> None:
    """Settle the pending operations of a state.

    Raises:
        ApiCallError: the API could not tell.
        StepError: an access key may be left over, or somebody else's; everything else is settled.
    """
    if not state.pending:
        return
    refusal: StepError | None = None
    with Journal(file, state) as journal:
        for operation in list(state.pending.values()):
            resource = operation.resource
            live = state.live.get(resource.urn)
            if operation.type != "creating":
                _settle_change(context, journal, resource if resource.delete else live, resource.urn)
            elif creations.KEYS_BEFORE in resource.outputs:
                try:
                    _settle_key(context, journal, resource)
                except StepError as error:
                    refusal = refusal or error
            else:
                _settle_creation(context, journal, resource, live)
    if refusal is not None:
        raise refusal


def _settle_change(context: Context, journal: Journal, resource: Resource | None, urn: str) -> None:
    """Keep what an update or a deletion left: the program may want something else by now."""
    found = None if resource is None else refreshing.refreshed(context, resource)
    if resource is not None and found is None:
        journal.drop(resource)
    elif found is not None and found != resource and not found.delete:
        journal.put(found)
    journal.settle(urn)


def _settle_key(context: Context, journal: Journal, resource: Resource) -> None:
    assert context.api is not None  # noqa: S101  recovering needs a target
    deleted = lost_keys.settle(context.api, resource)
    journal.settle(resource.urn)
    if deleted is not None:
        _tell(context, resource, f"{_CUT_OFF}; its key `{deleted}`, whose secret is lost, is deleted")


def _settle_creation(context: Context, journal: Journal, resource: Resource, live: Resource | None) -> None:
    resource_type = context.types.get(resource.type)
    made = _found(context, resource, resource_type) if resource_type is not None else None
    replaced = None if live is None or live.pending_replacement else live
    if made is None or (replaced is not None and replaced.id == made.id):
        journal.settle(resource.urn)
        return
    if replaced is not None:
        journal.retire(replaced)
    journal.put(made)
    _tell(context, resource, f"{_CUT_OFF}; it exists and is kept")


def _found(context: Context, resource: Resource, resource_type: ResourceType) -> Resource | None:
    assert context.api is not None  # noqa: S101  recovering needs a target
    inputs = plain(resource.inputs)
    if resource.type == _ACCOUNT_ALIAS:
        return None  # a setting that creation sets anew
    id_ = creations.id_of(resource.type, inputs)
    if id_ is None:
        _tell(context, resource, f"{_CUT_OFF}, and whether it exists cannot be told; {_LOOK}")
        return None
    found = resource_type.read(context.api, id_, {})
    if found is None:
        return None
    live_inputs, outputs = found
    names = {name for name, value in live_inputs.items() if value} | (inputs.keys() & outputs.keys())
    given = {name: inputs[name] for name in names & inputs.keys()}
    there = {name: live_inputs.get(name, outputs.get(name)) for name in names}
    way_out = creations.way_out(resource.type, inputs)
    if differing(there, given, resource_type.diff_ignores):
        _tell(context, resource, f"{_CUT_OFF}, and `{id_}` has other settings: it is left alone; {way_out}")
        return None
    if not creations.was_made_by(context.api, resource, inputs, outputs):
        if resource.type != creations.MEMBERSHIP:  # which creation takes over
            _tell(context, resource, f"{_CUT_OFF}, and `{id_}` was there before: it is left alone; {way_out}")
        return None
    id_ = resource_type.own_id(context.api, id_)
    kept = {name: value for name, value in inputs.items() if name not in live_inputs}
    return replace(resource, id=id_, outputs=outputs_of(resource, resource_type, id_, {**kept, **outputs}))


def _tell(context: Context, resource: Resource, what: str) -> None:
    context.on_event(
        Diagnostic(Severity.WARNING, f"`{resource.name}` ({resource.type}) {what}", resource.urn)
    )
