"""A refused permission as each product writes it, with AccessDeniedDetail (facts 3.3, 4.3 and 5.4)."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import orjson

from crossaccount.localcloud.errors import ApiError
from crossaccount.localcloud.products import STS, Product

if TYPE_CHECKING:
    from crossaccount.localcloud.authorize import Ruling
    from crossaccount.localcloud.call import Call
    from crossaccount.localcloud.caller import Caller

_PRINCIPAL_TYPES = {"root": "RootAccount", "user": "SubUser", "session": "AssumedRoleUser"}
STS_MESSAGE = "You are not authorized to do this action. You should be authorized by RAM."


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
    message = {
        "AuthAction": ruling.action,
        "AuthResource": ruling.resource,
        "AuthPrincipal": principal,
        "ExplicitDeny": ruling.explicit,
        "NoPermissionPolicyType": ruling.gate,
        "Explanation": ruling.decision.explain() if ruling.decision is not None else "",
    }
    return {
        "AuthAction": ruling.action,
        **principal,
        "NoPermissionType": kind,
        "PolicyType": ruling.gate,
        "EncodedDiagnosticMessage": base64.b64encode(orjson.dumps(message)).decode(),
    }
