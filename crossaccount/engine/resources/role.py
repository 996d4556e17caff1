"""`alicloud:ram/role:Role`: a RAM role with its trust policy.

Source: facts 7.3 and 7.4; the recordings of the real provider.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crossaccount.engine.resources.declared import DeclaredType, Input
from crossaccount.engine.resources.documents import trusted, version_of
from crossaccount.engine.resources.gone import unless_gone
from crossaccount.engine.resources.held_by import role_holds
from crossaccount.engine.resources.holds import Deletion
from crossaccount.engine.resources.tags import change_tags, read_tags

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.engine.ram_api import RamApi
    from crossaccount.engine.resource_type import JsonObject


class Role(DeclaredType):
    """A RAM role; its id is its name.

    With `force`, what is attached to it is detached before it is deleted; the role leaves the state only when
    RAM says that it is gone, unlike with provider 1.285 (facts 7.4).
    """

    token = "alicloud:ram/role:Role"  # noqa: S105  a Pulumi type token
    declared = {  # noqa: RUF012  never changed
        "assumeRolePolicyDocument": Input(str, required=True, filled=True, document=True),
        "description": Input(str),
        "force": Input(bool),
        "maxSessionDuration": Input(int, filled=True),
        "roleName": Input(str, required=True, filled=True, replaces=True),
        "tags": Input(dict),
    }

    def create(self, api: RamApi, inputs: Mapping[str, Any]) -> tuple[str, JsonObject]:
        """Create the role with its tags, in one call."""
        self.require(inputs)
        role = api.call(
            "CreateRole",
            role_name=inputs["roleName"],
            assume_role_policy_document=inputs["assumeRolePolicyDocument"],
            description=inputs.get("description") or None,
            max_session_duration=_seconds(inputs),
            tag=inputs.get("tags") or None,
        )["Role"]
        return role["RoleName"], _outputs(role, inputs.get("tags") or {}, inputs)

    def read(
        self, api: RamApi, resource_id: str, outputs: Mapping[str, Any]
    ) -> tuple[JsonObject, JsonObject] | None:
        """Return the live role, or None."""
        live = unless_gone(lambda: _read(api, resource_id, outputs))
        return None if live is None else (self.read_inputs(live), live)

    def update(
        self,
        api: RamApi,
        resource_id: str,
        old_outputs: Mapping[str, Any],  # noqa: ARG002  the seam's
        old_inputs: Mapping[str, Any],
        new_inputs: Mapping[str, Any],
    ) -> JsonObject:
        """Change the trust policy, description, session duration and tags that differ, and read them back."""
        changes: dict[str, object] = {}
        if self.changed("assumeRolePolicyDocument", old_inputs, new_inputs):
            changes["new_assume_role_policy_document"] = new_inputs["assumeRolePolicyDocument"]
        if self.changed("description", old_inputs, new_inputs):
            changes["new_description"] = new_inputs.get("description") or ""
        if self.changed("maxSessionDuration", old_inputs, new_inputs):
            changes["new_max_session_duration"] = _seconds(new_inputs)
        if changes:
            api.call("UpdateRole", role_name=resource_id, **changes)
        change_tags(api, "role", resource_id, old_inputs.get("tags") or {}, new_inputs.get("tags") or {})
        role = api.call("GetRole", role_name=resource_id)["Role"]
        return _outputs(role, read_tags(api, "role", resource_id), new_inputs)

    def delete(self, api: RamApi, resource_id: str, outputs: Mapping[str, Any]) -> None:
        """Delete the role.

        Raises:
            StepError: policies are attached to it that are not this stack's, and `force` is not set.
        """
        Deletion(
            entity=f"role `{resource_id}`",
            action="DeleteRole",
            parameters=(("role_name", resource_id),),
            holds=lambda api: role_holds(api, resource_id),
            force=bool(outputs.get("force")),
        ).run(api)


def _seconds(inputs: Mapping[str, Any]) -> int | None:
    seconds = inputs.get("maxSessionDuration")
    return None if seconds is None else int(seconds)


def _read(api: RamApi, name: str, outputs: Mapping[str, Any]) -> JsonObject:
    return _outputs(api.call("GetRole", role_name=name)["Role"], read_tags(api, "role", name), outputs)


def _outputs(role: JsonObject, tags: Mapping[str, str], kept: Mapping[str, Any]) -> JsonObject:
    document = role["AssumeRolePolicyDocument"]
    outputs = {
        "arn": role["Arn"],
        "assumeRolePolicyDocument": document,
        "createTime": role["CreateDate"],
        "description": role.get("Description") or "",
        "document": document,
        "maxSessionDuration": role["MaxSessionDuration"],
        "name": role["RoleName"],
        "ramUsers": trusted(document, "RAM"),
        "roleId": role["RoleId"],
        "roleName": role["RoleName"],
        "services": trusted(document, "Service"),
        "tags": dict(tags),
        "version": version_of(document),
    }
    if kept.get("force") is not None:
        outputs["force"] = kept["force"]
    return outputs
