"""`alicloud:ram/accessKey:AccessKey`: an access key of a RAM user.

RAM tells a key's secret once, when it is made; it is kept in the state, encrypted. The provider's `pgpKey`
and `secretFile`, which hand it out by other ways, are not understood.

Source: facts 7.3 and 7.4; the recordings of the real provider.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crossaccount.engine.api_errors import ApiCallError
from crossaccount.engine.errors import StepError
from crossaccount.engine.ram_api import listed
from crossaccount.engine.resources.declared import DeclaredType, Input
from crossaccount.engine.resources.gone import unless_gone

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.engine.ram_api import RamApi
    from crossaccount.engine.resource_type import JsonObject


class AccessKey(DeclaredType):
    """An access key; its id is the AccessKey id, its output `secret` is secret."""

    token = "alicloud:ram/accessKey:AccessKey"  # noqa: S105  a Pulumi type token
    secret_outputs = frozenset({"secret"})
    declared = {  # noqa: RUF012  never changed
        "status": Input(str, filled=True, choices=("Active", "Inactive")),
        "userName": Input(str, replaces=True),
    }

    def create(self, api: RamApi, inputs: Mapping[str, Any]) -> tuple[str, JsonObject]:
        """Make a key, and set its status when one is given.

        Raises:
            StepError: the key was made but its status could not be set, and the key could not be taken back.
        """
        user_name = inputs.get("userName")
        key = api.call("CreateAccessKey", user_name=user_name)["AccessKey"]
        if inputs.get("status"):
            _set_status_or_take_back(api, key["AccessKeyId"], user_name, inputs["status"])
            key["Status"] = inputs["status"]
        return key["AccessKeyId"], _outputs(key, user_name, key["AccessKeySecret"])

    def read(
        self, api: RamApi, resource_id: str, outputs: Mapping[str, Any]
    ) -> tuple[JsonObject, JsonObject] | None:
        """Return the key if RAM lists it, or None; its secret is the one known before."""
        user_name = outputs.get("userName")
        key = _find(api, resource_id, user_name)
        if key is None:
            return None
        live = _outputs(key, user_name, outputs.get("secret"))
        return {name: live[name] for name in sorted(self.inputs) if live.get(name)}, live

    def update(
        self,
        api: RamApi,
        resource_id: str,
        old_outputs: Mapping[str, Any],
        old_inputs: Mapping[str, Any],  # noqa: ARG002  the key's own status counts
        new_inputs: Mapping[str, Any],
    ) -> JsonObject:
        """Set the key's status."""
        status = new_inputs.get("status") or old_outputs["status"]
        if status != old_outputs["status"]:
            _set_status(api, resource_id, new_inputs.get("userName"), status)
        return {**old_outputs, "status": status}

    def delete(self, api: RamApi, resource_id: str, outputs: Mapping[str, Any]) -> None:
        """Delete the key; a key or user that is gone is fine."""
        owner = outputs.get("userName")
        unless_gone(lambda: api.call("DeleteAccessKey", user_access_key_id=resource_id, user_name=owner))


def _set_status(api: RamApi, key_id: str, user_name: str | None, status: str) -> None:
    api.call("UpdateAccessKey", user_access_key_id=key_id, user_name=user_name, status=status)


def _set_status_or_take_back(api: RamApi, key_id: str, user_name: str | None, status: str) -> None:
    try:
        _set_status(api, key_id, user_name, status)
    except ApiCallError as error:
        try:
            api.call("DeleteAccessKey", user_access_key_id=key_id, user_name=user_name)
        except ApiCallError as second:
            owner = f" --UserName {user_name}" if user_name else ""
            raise StepError(
                f"access key `{key_id}` was made but neither set to `{status}` nor deleted again: {second}; "
                f"delete it with `aliyun ram DeleteAccessKey --UserAccessKeyId {key_id}{owner}`"
            ) from error
        raise


def _find(api: RamApi, key_id: str, user_name: str | None) -> JsonObject | None:
    body = unless_gone(lambda: api.call("ListAccessKeys", user_name=user_name))
    keys = () if body is None else listed(body, "AccessKeys", "AccessKey")
    return next((key for key in keys if key["AccessKeyId"] == key_id), None)


def _outputs(key: JsonObject, user_name: str | None, secret: str | None) -> JsonObject:
    outputs = {"createTime": key["CreateDate"], "status": key["Status"]}
    if secret is not None:
        outputs["secret"] = secret
    if user_name:
        outputs["userName"] = user_name
    return outputs
