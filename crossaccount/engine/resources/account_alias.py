"""`alicloud:ram/accountAlias:AccountAlias`: the account's alias.

Source: facts 7.3; the recordings of the real provider.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crossaccount.engine.resources.declared import DeclaredType, Input

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.engine.ram_api import RamApi
    from crossaccount.engine.resource_type import JsonObject


class AccountAlias(DeclaredType):
    """The account's alias; its id is the account's.

    An account always has one, its id at least. Like the provider, deleting the resource makes no call and
    leaves the alias as it is: sign-in links that name it keep working.
    """

    token = "alicloud:ram/accountAlias:AccountAlias"  # noqa: S105  a Pulumi type token
    declared = {"accountAlias": Input(str, required=True)}  # noqa: RUF012  never changed

    def create(self, api: RamApi, inputs: Mapping[str, Any]) -> tuple[str, JsonObject]:
        """Set the alias, in place of any other."""
        account_id = api.account_id()
        api.call("SetAccountAlias", account_alias=inputs["accountAlias"])
        return account_id, {"accountAlias": inputs["accountAlias"]}

    def read(
        self,
        api: RamApi,
        resource_id: str,  # noqa: ARG002  an account has one alias
        outputs: Mapping[str, Any],  # noqa: ARG002  likewise
    ) -> tuple[JsonObject, JsonObject] | None:
        """Return the live alias."""
        live = {"accountAlias": api.call("GetAccountAlias")["AccountAlias"]}
        return dict(live), live

    def update(
        self,
        api: RamApi,
        resource_id: str,  # noqa: ARG002  the seam's
        old_outputs: Mapping[str, Any],  # noqa: ARG002  the seam's
        old_inputs: Mapping[str, Any],  # noqa: ARG002  the seam's
        new_inputs: Mapping[str, Any],
    ) -> JsonObject:
        """Set another alias."""
        api.call("SetAccountAlias", account_alias=new_inputs["accountAlias"])
        return {"accountAlias": new_inputs["accountAlias"]}

    def delete(self, api: RamApi, resource_id: str, outputs: Mapping[str, Any]) -> None:
        """Make no call: the alias stays."""
