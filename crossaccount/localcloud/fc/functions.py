"""Functions of generation 3.0: create, get, list, update, delete, code, invoke, tags (facts 5.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from crossaccount.localcloud.call import RestAnswer, Route
from crossaccount.localcloud.fc import authorized, faults, views
from crossaccount.localcloud.fc.authorized import operation
from crossaccount.localcloud.fc.configuration import (
    FUNCTION_3_FIELDS,
    FUNCTION_3_ONCE,
    configured,
    json_body,
    new_name,
    package,
)
from crossaccount.localcloud.fc.invocation import check_qualifier, echo
from crossaccount.localcloud.fc.listing import list_functions
from crossaccount.localcloud.fc.state import Function

if TYPE_CHECKING:
    from crossaccount.localcloud.call import Call
    from crossaccount.localcloud.fc.state import Region

LONGEST_NAME = 64


def _region(call: Call) -> Region:
    return call.account.fc.region(call.region)


def _find(call: Call) -> Function:
    name = call.path["functionName"]
    function = _region(call).functions.get(name)
    if function is None:
        raise faults.no_function(name)
    check_qualifier(call.params.get("qualifier"))
    return function


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
    _check_tags(settings.get("tags", []))
    code = package(settings.pop("code", None))
    functions = _region(call).functions
    if name in functions:
        raise faults.function_exists(name)
    now = call.cloud.clock.iso()
    functions[name] = Function(name, call.cloud.ids.uuid(), settings, code, now, now)
    return _view(call, functions[name])


def _check_tags(tags: list[Any]) -> None:
    for tag in tags:
        if not isinstance(tag, dict) or not all(isinstance(tag.get(part), str) for part in ("Key", "Value")):
            raise faults.invalid("tags is not a list of objects with the texts Key and Value")


def get_function(call: Call) -> views.Wire:
    """GetFunction."""
    return _view(call, _find(call))


def update_function(call: Call) -> views.Wire:
    """UpdateFunction: changes only what is sent; name, tags and resource group stay."""
    function = _find(call)
    body = json_body(call)
    if body.pop("functionName", function.name) != function.name:
        raise faults.invalid("functionName cannot be changed")
    settings = configured(call, body, FUNCTION_3_FIELDS)
    if "code" in settings:
        function.code = package(settings.pop("code"))
    function.settings = function.settings | settings
    function.modified = call.cloud.clock.iso()
    return _view(call, function)


def delete_function(call: Call) -> RestAnswer:
    """DeleteFunction: 204 without a body."""
    del _region(call).functions[_find(call).name]
    return RestAnswer(204)


def get_function_code(call: Call) -> views.Wire:
    """GetFunctionCode: the checksum, and a URL that never resolves, because packages are not kept."""
    function = _find(call)
    place = f"{call.account.id}/{call.region}/{function.name}.zip"
    return {"checksum": function.code.checksum, "url": f"https://code.fc.invalid/{place}"}


def invoke_function(call: Call) -> RestAnswer:
    """InvokeFunction: an echo."""
    _find(call)
    return echo(call)


def list_tag_resources(call: Call) -> views.Wire:
    """ListTagResources of 3.0 functions; `ResourceId` is a JSON list of function ARNs, all when not sent."""
    kind = call.params.get("ResourceType", "function")
    if kind != "function":
        raise faults.invalid(f"ResourceType is `{kind[:32]}`; only function is served here")
    try:
        asked = orjson.loads(call.params.get("ResourceId") or "[]")
    except orjson.JSONDecodeError:
        raise faults.invalid("ResourceId is not a JSON list") from None
    unsupported = [
        name for name in ("Tag", "TagKey", "NextToken") if call.params.get(name) not in (None, "", "[]")
    ]
    if unsupported:
        raise faults.invalid(f"the local cloud does not list tags by {unsupported[0]}; leave it out")
    found = []
    for _, function in sorted(_region(call).functions.items()):
        arn = authorized.arn(call, f"functions/{function.name}")
        if asked and arn not in asked:
            continue
        resource = {"ResourceType": "function", "ResourceId": arn}
        tags = function.settings.get("tags", [])
        found += [resource | {"TagKey": tag["Key"], "TagValue": tag["Value"]} for tag in tags]
    return {"TagResources": found, "RequestId": call.request_id}


_ONE = "/functions/{functionName}"

ROUTES = (
    Route("GET", "/functions", operation("ListFunctions", list_functions, authorized.every_function)),
    Route(
        "POST",
        "/functions",
        operation("CreateFunction", create_function, authorized.every_function, passes_role=True),
    ),
    Route("GET", _ONE, operation("GetFunction", get_function, authorized.function)),
    Route("PUT", _ONE, operation("UpdateFunction", update_function, authorized.function, passes_role=True)),
    Route("DELETE", _ONE, operation("DeleteFunction", delete_function, authorized.function)),
    Route("GET", f"{_ONE}/code", operation("GetFunctionCode", get_function_code, authorized.function)),
    Route("POST", f"{_ONE}/invocations", operation("InvokeFunction", invoke_function, authorized.function)),
    Route("GET", "/tags-v2", operation("ListTagResources", list_tag_resources, authorized.every_function)),
)
