"""Functions of generation 3.0: create, get, list, update, delete, code, invoke, and their parts (5.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crossaccount.localcloud.call import RestAnswer, Route
from crossaccount.localcloud.fc import authorized, configs, faults, published, tags, triggers, views
from crossaccount.localcloud.fc.authorized import operation
from crossaccount.localcloud.fc.configuration import (
    FUNCTION_3_FIELDS,
    FUNCTION_3_ONCE,
    checked_tags,
    configured,
    json_body,
    new_name,
    package,
)
from crossaccount.localcloud.fc.entities import Function
from crossaccount.localcloud.fc.invocation import invoke
from crossaccount.localcloud.fc.listing import list_functions

if TYPE_CHECKING:
    from crossaccount.localcloud.call import Call
    from crossaccount.localcloud.fc.entities import Region, Trigger

LONGEST_NAME = 64


def _region(call: Call) -> Region:
    return call.account.fc.region(call.region)


def _find(call: Call) -> Function:
    name = call.path["functionName"]
    function = _region(call).functions.get(name)
    if function is None:
        raise faults.no_function(name)
    return function


def _qualified(call: Call) -> Function:
    return published.resolve(_find(call), call.params.get("qualifier"))


def _view(call: Call, function: Function) -> views.Wire:
    return views.function(function, authorized.arn(call, f"functions/{function.name}"))


def create_function(call: Call) -> views.Wire:
    """CreateFunction: runtime and handler are required."""
    body = json_body(call)
    name = new_name(body, "functionName", LONGEST_NAME)
    settings = configured(call, body, {**FUNCTION_3_FIELDS, **FUNCTION_3_ONCE})
    for field in ("runtime", "handler"):
        if not settings.get(field):
            raise faults.invalid(f"{field} is required")
    checked_tags(settings.get("tags"), "tags")
    code = package(settings.pop("code", None))
    functions = _region(call).functions
    if name in functions:
        raise faults.function_exists(name)
    now = call.cloud.clock.iso()
    functions[name] = Function(name, call.cloud.ids.uuid(), settings, code, now, now)
    return _view(call, functions[name])


def get_function(call: Call) -> views.Wire:
    """GetFunction: as it is, or as the version or alias named by `qualifier` has it."""
    return _view(call, _qualified(call))


def update_function(call: Call) -> views.Wire:
    """UpdateFunction: changes only what is sent; name, tags and resource group stay."""
    function = _find(call)
    settings = configured(call, json_body(call), FUNCTION_3_FIELDS)
    if "code" in settings:
        function.code = package(settings.pop("code"))
    function.settings = function.settings | settings
    function.modified = call.cloud.clock.iso()
    return _view(call, function)


def delete_function(call: Call) -> RestAnswer:
    """DeleteFunction: 204 without a body; versions, aliases and triggers go with it.

    Refused while instances are provisioned.
    """
    function = _find(call)
    if any(config["target"] for config in function.configs.get(configs.PROVISION, {}).values()):
        message = f"function '{function.name}' has provisioned instances; delete the provision config first"
        raise faults.still_used(message, "ProvisionConfigExist")
    del _region(call).functions[function.name]
    return RestAnswer(204)


def get_function_code(call: Call) -> views.Wire:
    """GetFunctionCode: the checksum, and a URL that never resolves, because packages are not kept."""
    function = _qualified(call)
    place = f"{call.account.id}/{call.region}/{function.name}.zip"
    return {"checksum": function.code.checksum, "url": f"https://code.fc.invalid/{place}"}


def invoke_function(call: Call) -> RestAnswer:
    """InvokeFunction: the function's handler answers, or an echo."""
    return invoke(call, _qualified(call), qualifier=call.params.get("qualifier"))


def _trigger_view(call: Call, function: Function, trigger: Trigger) -> views.Wire:
    return views.trigger(trigger, call.region, authorized.arn(call, f"functions/{function.name}"))


_ONE = "/functions/{functionName}"

ROUTES = (
    Route("GET", "/functions", operation("ListFunctions", list_functions, authorized.every_function)),
    Route(
        "POST",
        "/functions",
        operation("CreateFunction", create_function, authorized.every_function, passes="role"),
    ),
    Route("GET", _ONE, operation("GetFunction", get_function, authorized.function)),
    Route("PUT", _ONE, operation("UpdateFunction", update_function, authorized.function, passes="role")),
    Route("DELETE", _ONE, operation("DeleteFunction", delete_function, authorized.function)),
    Route("GET", f"{_ONE}/code", operation("GetFunctionCode", get_function_code, authorized.function)),
    Route("POST", f"{_ONE}/invocations", operation("InvokeFunction", invoke_function, authorized.function)),
    *published.routes(_ONE, "Function", _find, authorized.function),
    *triggers.routes(_ONE, _find, authorized.function, _trigger_view),
    *configs.routes(_ONE, _find),
    *tags.ROUTES,
)
