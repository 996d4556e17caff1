"""What a caller must be allowed before a Function Compute operation runs (facts 5.5).

The permission is `fc:<API name>`. Handing a role to a function or service needs `ram:PassRole` on that role
besides, with `acs:Service` saying who receives it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from crossaccount.localcloud.call import Call, Operation, RestAnswer
from crossaccount.localcloud.fc.configuration import json_body

Relative = Callable[[Call], str]


def arn(call: Call, relative: str) -> str:
    """The ARN of what the account has in the call's region."""
    return f"acs:fc:{call.region}:{call.account.id}:{relative}"


def function(call: Call) -> str:
    """The 3.0 function that the path names."""
    return f"functions/{call.path['functionName']}"


def every_function(_call: Call) -> str:
    """All 3.0 functions."""
    return "functions/*"


def service(call: Call) -> str:
    """The 2.0 service that the path names."""
    return f"services/{call.path['serviceName']}"


def every_service(_call: Call) -> str:
    """All 2.0 services."""
    return "services/*"


def service_function(call: Call) -> str:
    """The 2.0 function that the path names, with the service's qualifier when the call names one."""
    qualifier = call.params.get("qualifier")
    name = call.path["serviceName"]
    qualified = f"{name}.{qualifier}" if qualifier and "." not in name else name
    return f"services/{qualified}/functions/{call.path['functionName']}"


def every_service_function(call: Call) -> str:
    """All functions of the 2.0 service that the path names."""
    return f"services/{call.path['serviceName']}/functions/*"


def _passed_role(field: str) -> Callable[[Call], Sequence[tuple[str, str, Mapping[str, str]]]]:
    def further(call: Call) -> Sequence[tuple[str, str, Mapping[str, str]]]:
        role = json_body(call).get(field)
        if not isinstance(role, str) or not role:
            return ()
        return (("ram:PassRole", role, {"acs:Service": "fc.aliyuncs.com"}),)

    return further


def operation(
    name: str,
    answer: Callable[[Call], Mapping[str, Any] | RestAnswer],
    relative: Relative,
    *,
    passes: str | None = None,
    permission: str | None = None,
    context: Callable[[Call], Mapping[str, str]] = lambda _call: {},
) -> Operation:
    """A Function Compute operation that needs `fc:<name>` on one resource.

    Args:
        name: the API's name.
        answer: does the work.
        relative: the resource inside the region and account.
        passes: the field of the body that may hand over a role, or None.
        permission: the RAM action without `fc:`, where it is not called as the API is.
        context: further condition keys the call carries.
    """
    return Operation(
        name=name,
        answer=answer,
        permission=f"fc:{permission or name}",
        resources=lambda call: [arn(call, relative(call))],
        context=context,
        further=_passed_role(passes) if passes is not None else lambda _call: (),
        source="facts 5.2, 5.3, 5.5",
    )
