"""After a run that was killed: find out what its unfinished operations did.

An update or a deletion is simply done again. Whether a creation was, is asked of the API: what exists with
exactly the inputs that were being created is taken into the state, anything else is left alone and told.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from crossaccount.engine.api_errors import ApiCallError
from crossaccount.engine.difference import differing
from crossaccount.engine.events import Diagnostic, Severity
from crossaccount.engine.journal import Journal
from crossaccount.engine.marking import outputs_of
from crossaccount.engine.values import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.engine.context import Context
    from crossaccount.engine.ram_api import RamApi
    from crossaccount.engine.resource_type import ResourceType
    from crossaccount.engine.state import Resource, State
    from crossaccount.engine.state_file import StateFile

# Ids follow from inputs (facts 7.3), but for a user's (RAM's own) and an access key's, which cannot be told.
_ID_OF_INPUTS = {
    "alicloud:ram/role:Role": "{roleName}",
    "alicloud:ram/policy:Policy": "{policyName}",
    "alicloud:ram/group:Group": "{groupName}",
    "alicloud:ram/loginProfile:LoginProfile": "{userName}",
    "alicloud:ram/rolePolicyAttachment:RolePolicyAttachment": "role:{policyName}:{policyType}:{roleName}",
    "alicloud:ram/userPolicyAttachment:UserPolicyAttachment": "user:{policyName}:{policyType}:{userName}",
    "alicloud:ram/groupPolicyAttachment:GroupPolicyAttachment": "group:{policyName}:{policyType}:{groupName}",
    "alicloud:ram/userGroupAttachment:UserGroupAttachment": "{groupName}:{userName}",
}
_USER = "alicloud:ram/user:User"
_ACCOUNT_ALIAS = "alicloud:ram/accountAlias:AccountAlias"


def recover(context: Context, file: StateFile, state: State) -> None:
    """Settle the pending operations of a state.

    Raises:
        ApiCallError: the API could not tell.
    """
    if not state.pending:
        return
    with Journal(file, state) as journal:
        for operation in list(state.pending.values()):
            resource = operation.resource
            live = state.live.get(resource.urn)
            if operation.type == "creating":
                _settle_creation(context, journal, resource, live)
            else:
                journal.settle(resource.urn)


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
    _tell(context, resource, "was being created when the last run was cut off; it exists and is kept")


def _found(context: Context, resource: Resource, resource_type: ResourceType) -> Resource | None:
    assert context.api is not None  # noqa: S101  recovering needs a target
    inputs = plain(resource.inputs)
    id_ = _id(context.api, resource.type, inputs)
    if id_ is None:
        _tell(
            context,
            resource,
            "was being created when the last run was cut off, and whether it exists cannot be told; look for "
            "one too many in the account",
        )
        return None
    found = resource_type.read(context.api, id_, {}) if id_ else None
    if found is None:
        return None
    live_inputs, outputs = found
    given = {name: value for name, value in inputs.items() if name in live_inputs}
    wanted = {name: live_inputs[name] for name in given}
    if differing(wanted, given, resource_type.diff_ignores):
        _tell(
            context,
            resource,
            f"was being created when the last run was cut off, and `{id_}` exists with other settings; it is "
            "left alone: remove it, or give the resource another name",
        )
        return None
    kept = {name: value for name, value in inputs.items() if name not in live_inputs}
    return replace(resource, id=id_, outputs=outputs_of(resource, resource_type, id_, {**kept, **outputs}))


def _id(api: RamApi, type_: str, inputs: Mapping[str, Any]) -> str | None:
    """Return the id of what creation would have made, "" when it may be made again, None when unknown."""
    if type_ == _ACCOUNT_ALIAS:
        return ""  # a setting that creation sets anew
    if type_ == _USER:
        try:
            return str(api.call("GetUser", user_name=inputs["name"])["User"]["UserId"])
        except ApiCallError as error:
            if error.gone:
                return ""
            raise
    template = _ID_OF_INPUTS.get(type_)
    return template.format(**inputs) if template else None


def _tell(context: Context, resource: Resource, what: str) -> None:
    context.on_event(
        Diagnostic(Severity.WARNING, f"`{resource.name}` ({resource.type}) {what}", resource.urn)
    )
