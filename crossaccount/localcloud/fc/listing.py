"""ListFunctions of 3.0: both generations unless `fcVersion` says which (facts 5.2, 5.3).

A 2.0 function is listed as `<service>$<function>`. The filters compare whole values; how much of a value the
real service compares is not documented.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from crossaccount.localcloud.fc import authorized, faults, views
from crossaccount.localcloud.fc.paging import page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.localcloud.call import Call

_PLAIN_FILTERS = ("functionName", "description", "runtime", "resourceGroupId")


def list_functions(call: Call) -> views.Wire:
    """ListFunctions of 3.0, in the order of names."""
    version = call.params.get("fcVersion", "")
    if version not in ("", "v2", "v3"):
        raise faults.invalid(f"fcVersion is `{version[:32]}`; use v2 or v3")
    found = {} if version == "v2" else _third_generation(call)
    if version != "v3":
        found |= _second_generation(call)
    tags = _tags(call)
    wanted = {name: view for name, view in found.items() if _matches(call, view, tags)}
    shown, more = page(call, "ListFunctions", wanted)
    return {"functions": shown} | more


def _third_generation(call: Call) -> dict[str, views.Wire]:
    return {
        name: views.listed_function(function, authorized.arn(call, f"functions/{name}"))
        for name, function in call.account.fc.region(call.region).functions.items()
    }


def _second_generation(call: Call) -> dict[str, views.Wire]:
    found = {}
    for service in call.account.fc.region(call.region).services.values():
        for function in service.functions.values():
            arn = authorized.arn(call, f"services/{service.name}/functions/{function.name}")
            name = f"{service.name}${function.name}"
            found[name] = views.service_function(function) | {"functionName": name, "functionArn": arn}
    return found


def _tags(call: Call) -> list[Any]:
    try:
        tags = orjson.loads(call.params.get("tags") or "[]")
    except orjson.JSONDecodeError:
        tags = None
    if not isinstance(tags, list):
        raise faults.invalid("tags is not a JSON list")
    return tags


def _matches(call: Call, view: Mapping[str, Any], tags: list[Any]) -> bool:
    plain = all(view.get(name) == call.params[name] for name in _PLAIN_FILTERS if call.params.get(name))
    gpu = call.params.get("gpuType")
    same_gpu = not gpu or view.get("gpuConfig", {}).get("gpuType") == gpu
    return plain and same_gpu and all(tag in view.get("tags", []) for tag in tags)
