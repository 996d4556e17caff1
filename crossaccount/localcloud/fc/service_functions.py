"""Functions of generation 2.0, inside their services: create, get, list, update, delete, code, invoke."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crossaccount.localcloud.call import RestAnswer, Route
from crossaccount.localcloud.fc import authorized, faults, triggers, views
from crossaccount.localcloud.fc.authorized import operation
from crossaccount.localcloud.fc.configuration import (
    FUNCTION_2_FIELDS,
    configured,
    json_body,
    new_name,
    package,
)
from crossaccount.localcloud.fc.entities import Function
from crossaccount.localcloud.fc.invocation import invoke
from crossaccount.localcloud.fc.paging import page
from crossaccount.localcloud.fc.services import LONGEST_NAME, find_service, plain_service

if TYPE_CHECKING:
    from typing import Any

    from crossaccount.localcloud.call import Call
    from crossaccount.localcloud.fc.entities import Service, Trigger


def _in(service: Service, name: str) -> Function:
    function = service.functions.get(name)
    if function is None:
        raise faults.no_function(name, service.name)
    return function


def _find(call: Call) -> Function:
    return _in(find_service(call), call.path["functionName"])


def _plain(call: Call) -> Function:
    return _in(plain_service(call), call.path["functionName"])


def _body(call: Call) -> dict[str, Any]:
    body = json_body(call)
    if "InstanceConcurrency" in body:  # the SDK of 2021-04-06 spells it so in UpdateFunction
        body["instanceConcurrency"] = body.pop("InstanceConcurrency")
    return body


def create_function(call: Call) -> views.Wire:
    """CreateFunction of 2.0: runtime and handler are required."""
    service = plain_service(call)
    body = _body(call)
    name = new_name(body, "functionName", LONGEST_NAME)
    settings = configured(call, body, FUNCTION_2_FIELDS)
    for field in ("runtime", "handler"):
        if not settings.get(field):
            raise faults.invalid(f"{field} is required")
    code = package(settings.pop("code", None))
    if name in service.functions:
        raise faults.function_exists(name, service.name)
    now = call.cloud.clock.iso()
    service.functions[name] = Function(name, call.cloud.ids.uuid(), settings, code, now, now)
    return views.service_function(service.functions[name])


def get_function(call: Call) -> views.Wire:
    """GetFunction of 2.0."""
    return views.service_function(_find(call))


def list_functions(call: Call) -> views.Wire:
    """ListFunctions of 2.0, in the order of names."""
    shown, more = page(call, "ListFunctions", find_service(call).functions)
    return {"functions": [views.service_function(item) for item in shown]} | more


def update_function(call: Call) -> views.Wire:
    """UpdateFunction of 2.0: changes only what is sent."""
    function = _plain(call)
    settings = configured(call, _body(call), FUNCTION_2_FIELDS)
    if "code" in settings:
        function.code = package(settings.pop("code"))
    function.settings = function.settings | settings
    function.modified = call.cloud.clock.iso()
    return views.service_function(function)


def delete_function(call: Call) -> RestAnswer:
    """DeleteFunction of 2.0: 204 without a body; its triggers go with it."""
    del plain_service(call).functions[_plain(call).name]
    return RestAnswer(204)


def get_function_code(call: Call) -> views.Wire:
    """GetFunctionCode of 2.0: the checksum, and a URL that never resolves, because packages are not kept."""
    function = _find(call)
    place = f"{call.account.id}/{call.region}/{find_service(call).name}/{function.name}.zip"
    return {"checksum": function.code.checksum, "url": f"https://code.fc.invalid/{place}"}


def invoke_function(call: Call) -> RestAnswer:
    """InvokeFunction of 2.0: the function's handler answers, or an echo."""
    name, _, suffix = call.path["serviceName"].partition(".")
    return invoke(call, _find(call), service=name, qualifier=suffix or call.params.get("qualifier"))


def _trigger_view(call: Call, _function: Function, trigger: Trigger) -> views.Wire:
    return views.service_trigger(trigger, call.region)


_ALL = "/services/{serviceName}/functions"
_ONE = _ALL + "/{functionName}"

ROUTES = (
    Route("GET", _ALL, operation("ListFunctions", list_functions, authorized.every_service_function)),
    Route("POST", _ALL, operation("CreateFunction", create_function, authorized.every_service_function)),
    Route("GET", _ONE, operation("GetFunction", get_function, authorized.service_function)),
    Route("PUT", _ONE, operation("UpdateFunction", update_function, authorized.service_function)),
    Route("DELETE", _ONE, operation("DeleteFunction", delete_function, authorized.service_function)),
    Route(
        "GET", f"{_ONE}/code", operation("GetFunctionCode", get_function_code, authorized.service_function)
    ),
    Route(
        "POST",
        f"{_ONE}/invocations",
        operation("InvokeFunction", invoke_function, authorized.service_function),
    ),
    *triggers.routes(_ONE, _plain, authorized.service_function, _trigger_view),
)
