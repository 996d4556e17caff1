"""`alicloud:ram/user:User`: a RAM user.

Source: facts 7.3; the recordings of the real provider.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crossaccount.engine.errors import StepError
from crossaccount.engine.resources.declared import DeclaredType, Input, timeouts_meta
from crossaccount.engine.resources.gone import unless_gone
from crossaccount.engine.resources.held_by import user_holds
from crossaccount.engine.resources.holds import Deletion

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.engine.ram_api import RamApi
    from crossaccount.engine.resource_type import JsonObject

_SDK_NAMES = {
    "comments": "comments",
    "displayName": "display_name",
    "email": "email",
    "mobile": "mobile_phone",
}
_LONGEST_COMMENTS = 128
_PAGE = 1000


class User(DeclaredType):
    """A RAM user; its id is RAM's user id, so that a renamed user stays the same resource."""

    token = "alicloud:ram/user:User"  # noqa: S105  a Pulumi type token
    renames = frozenset({"name"})
    timeouts_meta = timeouts_meta(create=180, delete=180, update=180)
    declared = {  # noqa: RUF012  never changed
        "comments": Input(str, longest=_LONGEST_COMMENTS),
        "displayName": Input(str),
        "email": Input(str),
        "force": Input(bool),
        "mobile": Input(str),
        "name": Input(str, required=True),
    }

    def create(self, api: RamApi, inputs: Mapping[str, Any]) -> tuple[str, JsonObject]:
        """Create the user."""
        self.require(inputs)
        given = {sdk_name: inputs.get(name) or None for name, sdk_name in _SDK_NAMES.items()}
        user = api.call("CreateUser", user_name=inputs["name"], **given)["User"]
        return user["UserId"], _outputs(user, inputs)

    def read(
        self, api: RamApi, resource_id: str, outputs: Mapping[str, Any]
    ) -> tuple[JsonObject, JsonObject] | None:
        """Return the live user of that id, whatever its name is now, or None."""
        user = _find(api, resource_id, outputs.get("name"))
        if user is None:
            return None
        live = _outputs(user, outputs)
        return self.read_inputs(live), live

    def own_id(self, api: RamApi, resource_id: str) -> str:
        """Return RAM's id of a user that may be given by its name."""
        user = _find(api, resource_id, resource_id)
        return resource_id if user is None else str(user["UserId"])

    def update(
        self,
        api: RamApi,
        resource_id: str,
        old_outputs: Mapping[str, Any],
        old_inputs: Mapping[str, Any],
        new_inputs: Mapping[str, Any],
    ) -> JsonObject:
        """Rename the user and change what differs.

        Raises:
            StepError: no user has that id any more.
        """
        user = _find(api, resource_id, old_outputs.get("name"))
        if user is None:
            raise StepError(
                f"no RAM user has the id `{resource_id}` any more: refresh the stack and run again"
            )
        changes = {
            f"new_{sdk_name}": new_inputs.get(name) or ""
            for name, sdk_name in _SDK_NAMES.items()
            if self.changed(name, old_inputs, new_inputs)
        }
        new_name = new_inputs["name"]
        if changes or new_name != user["UserName"]:
            body = api.call("UpdateUser", user_name=user["UserName"], new_user_name=new_name, **changes)
            user |= body["User"]
        return _outputs(user, new_inputs)

    def delete(self, api: RamApi, resource_id: str, outputs: Mapping[str, Any]) -> None:
        """Delete the user.

        Raises:
            StepError: it has keys, policies, groups, a login or an MFA device that are not this stack's, and
                `force` is not set.
        """
        user = _find(api, resource_id, outputs.get("name"))
        if user is None:
            return
        name = user["UserName"]
        Deletion(
            entity=f"user `{name}`",
            action="DeleteUser",
            parameters=(("user_name", name),),
            holds=lambda api: user_holds(api, name),
            force=bool(outputs.get("force")),
        ).run(api)


def _find(api: RamApi, user_id: str, name: str | None) -> JsonObject | None:
    """Return the user of an id: the one of the last known name, or another that RAM lists.

    Like the provider, a lookup may give the user's name for its id.
    """
    if name is not None:
        user = _get(api, name)
        if user is not None and user_id in {user["UserId"], name}:
            return user
    users = api.pages("ListUsers", "Users", "User", max_items=_PAGE)
    found = next((user["UserName"] for user in users if user_id in {user["UserId"], user["UserName"]}), None)
    return None if found is None else _get(api, found)


def _get(api: RamApi, name: str) -> JsonObject | None:
    body = unless_gone(lambda: api.call("GetUser", user_name=name))
    return None if body is None else body["User"]


def _outputs(user: JsonObject, kept: Mapping[str, Any]) -> JsonObject:
    outputs = {
        "comments": user.get("Comments") or "",
        "displayName": user.get("DisplayName") or "",
        "email": user.get("Email") or "",
        "mobile": user.get("MobilePhone") or "",
        "name": user["UserName"],
    }
    if kept.get("force") is not None:
        outputs["force"] = kept["force"]
    return outputs
