"""`alicloud:ram/loginProfile:LoginProfile`: a RAM user's console login.

Source: facts 7.3; the recordings of the real provider.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crossaccount.engine.resources.declared import DeclaredType, Input
from crossaccount.engine.resources.gone import unless_gone

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.engine.ram_api import RamApi
    from crossaccount.engine.resource_type import JsonObject


class LoginProfile(DeclaredType):
    """A user's console login; its id is the user's name, its output `password` is secret.

    A changed password alone is sent as well: provider 1.285 shows the update and makes no call.
    """

    token = "alicloud:ram/loginProfile:LoginProfile"  # noqa: S105  a Pulumi type token
    secret_outputs = frozenset({"password"})
    declared = {  # noqa: RUF012  never changed
        "mfaBindRequired": Input(bool, filled=True),
        "password": Input(str, required=True),
        "passwordResetRequired": Input(bool),
        "userName": Input(str, required=True, replaces=True),
    }

    def create(self, api: RamApi, inputs: Mapping[str, Any]) -> tuple[str, JsonObject]:
        """Give the user a console login."""
        profile = api.call(
            "CreateLoginProfile",
            user_name=inputs["userName"],
            password=inputs["password"],
            password_reset_required=inputs.get("passwordResetRequired"),
            mfabind_required=inputs.get("mfaBindRequired"),
        )["LoginProfile"]
        return profile["UserName"], _outputs(profile, inputs)

    def read(
        self, api: RamApi, resource_id: str, outputs: Mapping[str, Any]
    ) -> tuple[JsonObject, JsonObject] | None:
        """Return the live login, or None; its password is the one known before."""
        profile = unless_gone(lambda: api.call("GetLoginProfile", user_name=resource_id)["LoginProfile"])
        if profile is None:
            return None
        live = _outputs(profile, outputs)
        return {name: live[name] for name in sorted(self.inputs) if name in live}, live

    def update(
        self,
        api: RamApi,
        resource_id: str,
        old_outputs: Mapping[str, Any],  # noqa: ARG002  the seam's
        old_inputs: Mapping[str, Any],
        new_inputs: Mapping[str, Any],
    ) -> JsonObject:
        """Change the password and the flags that differ, and read the login back."""
        changes: dict[str, object] = {"password": new_inputs["password"]}
        if self.changed("passwordResetRequired", old_inputs, new_inputs):
            changes["password_reset_required"] = bool(new_inputs.get("passwordResetRequired"))
        if self.changed("mfaBindRequired", old_inputs, new_inputs):
            changes["mfabind_required"] = new_inputs["mfaBindRequired"]
        api.call("UpdateLoginProfile", user_name=resource_id, **changes)
        return _outputs(api.call("GetLoginProfile", user_name=resource_id)["LoginProfile"], new_inputs)

    def delete(self, api: RamApi, resource_id: str, outputs: Mapping[str, Any]) -> None:  # noqa: ARG002  the seam's
        """Take the login away; a login or user that is gone is fine."""
        unless_gone(lambda: api.call("DeleteLoginProfile", user_name=resource_id))


def _outputs(profile: JsonObject, kept: Mapping[str, Any]) -> JsonObject:
    outputs = {
        "createTime": profile["CreateDate"],
        "mfaBindRequired": bool(profile.get("MFABindRequired")),
        "passwordResetRequired": bool(profile.get("PasswordResetRequired")),
        "userName": profile["UserName"],
    }
    if kept.get("password") is not None:
        outputs["password"] = kept["password"]
    return outputs
