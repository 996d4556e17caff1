"""`alicloud:ram/group:Group`: a group of RAM users.

Source: facts 7.3; the recordings of the real provider.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crossaccount.engine.resources.declared import DeclaredType, Input
from crossaccount.engine.resources.gone import unless_gone
from crossaccount.engine.resources.held_by import group_holds
from crossaccount.engine.resources.holds import Deletion

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.engine.ram_api import RamApi
    from crossaccount.engine.resource_type import JsonObject


class Group(DeclaredType):
    """A group of RAM users; its id is its name."""

    token = "alicloud:ram/group:Group"  # noqa: S105  a Pulumi type token
    declared = {  # noqa: RUF012  never changed
        "comments": Input(str),
        "force": Input(bool),
        "groupName": Input(str, required=True, filled=True, replaces=True),
    }

    def create(self, api: RamApi, inputs: Mapping[str, Any]) -> tuple[str, JsonObject]:
        """Create the group."""
        self.require(inputs)
        comments = inputs.get("comments") or None
        group = api.call("CreateGroup", group_name=inputs["groupName"], comments=comments)["Group"]
        return group["GroupName"], _outputs(group, inputs)

    def read(
        self, api: RamApi, resource_id: str, outputs: Mapping[str, Any]
    ) -> tuple[JsonObject, JsonObject] | None:
        """Return the live group, or None."""
        group = unless_gone(lambda: api.call("GetGroup", group_name=resource_id)["Group"])
        if group is None:
            return None
        live = _outputs(group, outputs)
        return self.read_inputs(live), live

    def update(
        self,
        api: RamApi,
        resource_id: str,
        old_outputs: Mapping[str, Any],  # noqa: ARG002  the seam's
        old_inputs: Mapping[str, Any],
        new_inputs: Mapping[str, Any],
    ) -> JsonObject:
        """Change the comments and read the group back; comments left out are cleared."""
        if self.changed("comments", old_inputs, new_inputs):
            api.call("UpdateGroup", group_name=resource_id, new_comments=new_inputs.get("comments") or "")
        return _outputs(api.call("GetGroup", group_name=resource_id)["Group"], new_inputs)

    def delete(self, api: RamApi, resource_id: str, outputs: Mapping[str, Any]) -> None:
        """Delete the group.

        Raises:
            StepError: it has members or policies that are not this stack's, and `force` is not set.
        """
        Deletion(
            entity=f"group `{resource_id}`",
            action="DeleteGroup",
            parameters=(("group_name", resource_id),),
            holds=lambda api: group_holds(api, resource_id),
            force=bool(outputs.get("force")),
        ).run(api)


def _outputs(group: JsonObject, kept: Mapping[str, Any]) -> JsonObject:
    outputs = {
        "comments": group.get("Comments") or "",
        "createTime": group["CreateDate"],
        "groupName": group["GroupName"],
        "name": group["GroupName"],
    }
    if kept.get("force") is not None:
        outputs["force"] = kept["force"]
    return outputs
