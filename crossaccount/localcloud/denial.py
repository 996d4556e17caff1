"""A refused permission as each product writes it, with AccessDeniedDetail (facts 3.3, 4.3 and 5.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crossaccount.localcloud.diagnosis import encode
from crossaccount.localcloud.errors import ApiError
from crossaccount.localcloud.products import STS, Product

if TYPE_CHECKING:
    from crossaccount.localcloud.authorize import Ruling
    from crossaccount.localcloud.call import Call
    from crossaccount.localcloud.caller import Caller

_PRINCIPAL_TYPES = {
    "root": "RootAccount",
    "user": "SubUser",
    "session": "AssumedRoleUser",
    "federated": "FederatedUser",
}
STS_MESSAGE = "You are not authorized to do this action. You should be authorized by RAM."


def refuse(product: Product, call: Call, ruling: Ruling) -> None:
    """Refuses a call for want of a permission; a cloud that only observes lets it pass.

    Raises:
        ApiError: 403, in the product's words.
    """
    if not call.cloud.observe:
        raise denied(product, call, ruling)


def denied(product: Product, call: Call, ruling: Ruling) -> ApiError:
    """The refusal of a call for want of a permission, to be raised by the caller."""
    details = {"AccessDeniedDetail": _detail(call.caller, ruling)}
    action, resource = ruling.action, ruling.resource
    if product.shape != "rpc":
        message = f"the caller is not authorized to perform '{action}' on resource '{resource}'"
        return ApiError(403, "AccessDenied", message, details)
    if product is STS:
        return ApiError(403, "NoPermission", STS_MESSAGE, details)
    message = f"You are not authorized to do this action. Resource: {resource} Action: {action}"
    return ApiError(403, "NoPermission", message, details)


def _detail(caller: Caller, ruling: Ruling) -> dict[str, Any]:
    kind = "ExplicitDeny" if ruling.explicit else "ImplicitDeny"
    principal = {
        "AuthPrincipalType": _PRINCIPAL_TYPES[caller.kind],
        "AuthPrincipalOwnerId": caller.account.id,
        "AuthPrincipalDisplayName": caller.display_name,
    }
    return {
        "AuthAction": ruling.action,
        **principal,
        "NoPermissionType": kind,
        "PolicyType": ruling.gate,
        "EncodedDiagnosticMessage": encode(caller.account.cloud.ids, principal, ruling),
    }
