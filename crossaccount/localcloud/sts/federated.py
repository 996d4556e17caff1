"""What AssumeRoleWithOIDC and AssumeRoleWithSAML have in common, once it is known who calls.

The role's trust policy must name the provider, for `sts:AssumeRole`, and must not deny the API's own action;
the token's claims are condition keys. The account's identity policies are not asked: the caller has none.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from crossaccount.localcloud.authorize import Ruling
from crossaccount.localcloud.conditions import base_context
from crossaccount.localcloud.sts.assume_role import (
    ACTION,
    answer_session,
    check_role_duration,
    find_role,
    open_session,
)
from crossaccount.localcloud.sts.parameters import read_parameters
from crossaccount.policy import Request, Verdict, decide_trust

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.localcloud.call import Call
    from crossaccount.localcloud.errors import ApiError

PROVIDER_ARN = re.compile(r"acs:ram::([0-9]{16}):(saml|oidc)-provider/([A-Za-z0-9._-]{1,128})", re.IGNORECASE)


def assume_federated(
    call: Call, params: Mapping[str, str], own_action: str, refusal: ApiError
) -> dict[str, Any]:
    """Opens a session of a role for whom an identity provider vouches.

    Args:
        call: the call, its caller known.
        params: the parameters of AssumeRole.
        own_action: the API's own action, e.g. `sts:AssumeRoleWithOIDC`.
        refusal: what is raised when the role does not trust the caller.

    Raises:
        ApiError: `refusal`, or as AssumeRole.
    """
    vouched = call.caller.vouched
    if vouched is None:
        raise TypeError("a federated call has a caller that somebody vouches for")
    wanted = read_parameters(params)
    role = find_role(call, wanted)
    context = {**base_context(call), **vouched.context}
    for action, needed in ((ACTION, True), (own_action, False)):
        decision = decide_trust(role.trust, call.caller.principal, Request(action, role.arn, context))
        refused = not decision.allowed if needed else decision.verdict is Verdict.EXPLICIT_DENY
        if needed or refused:
            call.cloud.decisions.note(call, Ruling(action, role.arn, "AssumeRolePolicy", decision))
        if refused and not call.cloud.observe:
            raise refusal
    check_role_duration(role, wanted)
    return {**answer_session(role, open_session(call, role, wanted)), **vouched.info}
