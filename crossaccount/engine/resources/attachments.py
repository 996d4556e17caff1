"""Attachments of a policy to a role, a user or a group, and of a user to a group.

All their inputs replace: an attachment is there or not.

Source: facts 7.3; the recordings of the real provider.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crossaccount.engine.api_errors import ApiCallError
from crossaccount.engine.ram_api import listed
from crossaccount.engine.resources.declared import DeclaredType, Input, timeouts_meta
from crossaccount.engine.resources.gone import unless_gone

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.engine.ram_api import RamApi
    from crossaccount.engine.resource_type import JsonObject

_NAME = Input(str, required=True, replaces=True)
_POLICY_TYPE = Input(str, required=True, replaces=True, choices=("System", "Custom"))


class Attachment(DeclaredType):
    """What the attachments share: they cannot be updated, and their outputs are their inputs."""

    timeouts_meta = timeouts_meta(update=None)

    def update(
        self,
        api: RamApi,
        resource_id: str,
        old_outputs: Mapping[str, Any],
        old_inputs: Mapping[str, Any],
        new_inputs: Mapping[str, Any],
    ) -> JsonObject:
        """Never called: every input replaces."""
        raise NotImplementedError(f"`{self.token}` has no input that changes in place")


class PolicyAttachment(Attachment):
    """A policy attached to a role, a user or a group; its id is `<kind>:<policy>:<type>:<name>`.

    Args:
        kind: `Role`, `User` or `Group`.
    """

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._prefix = kind.lower()
        self._name = f"{self._prefix}Name"
        self.token = f"alicloud:ram/{self._prefix}PolicyAttachment:{kind}PolicyAttachment"
        self.declared = {"policyName": _NAME, "policyType": _POLICY_TYPE, self._name: _NAME}

    def create(self, api: RamApi, inputs: Mapping[str, Any]) -> tuple[str, JsonObject]:
        """Attach the policy. One that is attached already is an error: it is not this resource's."""
        api.call(f"AttachPolicyTo{self._kind}", **self._parameters(inputs))
        resource_id = ":".join((self._prefix, inputs["policyName"], inputs["policyType"], inputs[self._name]))
        return resource_id, {name: inputs[name] for name in self.declared}

    def read(
        self, api: RamApi, resource_id: str, outputs: Mapping[str, Any]
    ) -> tuple[JsonObject, JsonObject] | None:
        """Return the attachment if RAM lists it, or None."""
        wanted = self._outputs(resource_id, outputs)
        owner = {f"{self._prefix}_name": wanted[self._name]}
        body = unless_gone(lambda: api.call(f"ListPoliciesFor{self._kind}", **owner))
        if body is None:
            return None
        key = (wanted["policyName"], wanted["policyType"])
        attached = {(each["PolicyName"], each["PolicyType"]) for each in listed(body, "Policies", "Policy")}
        return (dict(wanted), wanted) if key in attached else None

    def delete(self, api: RamApi, resource_id: str, outputs: Mapping[str, Any]) -> None:
        """Detach the policy; an attachment, a policy or an owner that is gone is fine."""
        wanted = self._parameters(self._outputs(resource_id, outputs))
        unless_gone(lambda: api.call(f"DetachPolicyFrom{self._kind}", **wanted))

    def _outputs(self, resource_id: str, outputs: Mapping[str, Any]) -> JsonObject:
        if outputs:
            return {name: outputs[name] for name in self.declared}
        _, policy_name, policy_type, name = resource_id.split(":")
        return {"policyName": policy_name, "policyType": policy_type, self._name: name}

    def _parameters(self, values: Mapping[str, Any]) -> dict[str, object]:
        return {
            "policy_name": values["policyName"],
            "policy_type": values["policyType"],
            f"{self._prefix}_name": values[self._name],
        }


class UserGroupAttachment(Attachment):
    """A user's membership of a group; its id is `<group>:<user>`.

    Like the provider, creating it takes over a membership that exists: it has nothing of its own that could
    differ.
    """

    token = "alicloud:ram/userGroupAttachment:UserGroupAttachment"  # noqa: S105  a Pulumi type token
    declared = {"groupName": _NAME, "userName": _NAME}  # noqa: RUF012  never changed

    def create(self, api: RamApi, inputs: Mapping[str, Any]) -> tuple[str, JsonObject]:
        """Add the user to the group."""
        group, user = inputs["groupName"], inputs["userName"]
        try:
            api.call("AddUserToGroup", group_name=group, user_name=user)
        except ApiCallError as error:
            if error.code != "EntityAlreadyExists.User.Group":
                raise
        return f"{group}:{user}", {"groupName": group, "userName": user}

    def read(
        self,
        api: RamApi,
        resource_id: str,
        outputs: Mapping[str, Any],  # noqa: ARG002  the id says it all
    ) -> tuple[JsonObject, JsonObject] | None:
        """Return the membership if RAM lists it, or None."""
        group, user = resource_id.split(":")
        members = unless_gone(lambda: api.pages("ListUsersForGroup", "Users", "User", group_name=group))
        if members is None or user not in {member["UserName"] for member in members}:
            return None
        live = {"groupName": group, "userName": user}
        return dict(live), live

    def delete(self, api: RamApi, resource_id: str, outputs: Mapping[str, Any]) -> None:  # noqa: ARG002  likewise
        """Remove the user from the group; a membership, user or group that is gone is fine."""
        group, user = resource_id.split(":")
        unless_gone(lambda: api.call("RemoveUserFromGroup", group_name=group, user_name=user))
