"""GetCallerIdentity: who signed this call; it needs no permission and no parameter (facts 4.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crossaccount.localcloud.call import Call

_TYPES = {"root": "Account", "user": "RAMUser", "session": "AssumedRoleUser"}


def get_caller_identity(call: Call) -> dict[str, str]:
    """The caller's identity; a session's account is the role's, and it has a RoleId in place of a UserId."""
    caller = call.caller
    answer = {
        "IdentityType": _TYPES[caller.kind],
        "AccountId": caller.account.id,
        "PrincipalId": caller.principal_id,
        "Arn": caller.arn,
    }
    if caller.session is not None:
        answer["RoleId"] = caller.session.role_id
    else:
        answer["UserId"] = caller.principal_id
    return answer
