"""What a caller must be allowed before a RAM operation runs (facts 3.6).

The permission is `ram:<API name>`. The resources are those the call names, `<kind>/*` for creating and
listing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from crossaccount.localcloud.call import Call, Operation

Resource = Callable[[Call], Sequence[str]]


def _arn(account: str, relative: str) -> str:
    return f"acs:ram:*:{account}:{relative}"


def every(kind: str) -> Resource:
    """All entities of a kind: `role`, `user`, `group` or `policy`; of all kinds with the empty text."""
    relative = f"{kind}/*" if kind else "*"
    return lambda call: [_arn(call.account.id, relative)]


def named(kind: str, parameter: str) -> Resource:
    """The entity that a parameter names."""
    return lambda call: [_arn(call.account.id, f"{kind}/{call.params.get(parameter, '')}")]


def typed_policy(call: Call) -> Sequence[str]:
    """The policy named by `PolicyType` and `PolicyName`; a system policy belongs to the account `system`."""
    owner = "system" if call.params.get("PolicyType") == "System" else call.account.id
    return [_arn(owner, f"policy/{call.params.get('PolicyName', '')}")]


ROLE = named("role", "RoleName")
USER = named("user", "UserName")
GROUP = named("group", "GroupName")
OWN_POLICY = named("policy", "PolicyName")


def operation(
    name: str,
    answer: Callable[[Call], Mapping[str, Any]],
    *resources: Resource,
    context: Callable[[Call], Mapping[str, str]] = lambda _call: {},
    source: str = "facts 3.2, 3.4, 3.6",
) -> Operation:
    """A RAM operation that needs `ram:<name>` on each of the resources.

    Args:
        name: the API's name.
        answer: does the work.
        resources: each yields ARNs; all of them must be allowed.
        context: further condition keys the call carries.
        source: where the rule was read.
    """
    return Operation(
        name=name,
        answer=answer,
        permission=f"ram:{name}",
        resources=lambda call: [arn for resource in resources for arn in resource(call)],
        context=context,
        source=source,
    )
