"""Settings beside a 3.0 function: concurrency, provisioned instances, asynchronous invocation.

They are kept and answered; nothing here scales, and an asynchronous invocation has no destination.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from crossaccount.localcloud.call import RestAnswer, Route
from crossaccount.localcloud.errors import ApiError
from crossaccount.localcloud.fc import authorized, faults
from crossaccount.localcloud.fc.authorized import operation
from crossaccount.localcloud.fc.configuration import (
    ASYNC_FIELDS,
    CONCURRENCY_FIELDS,
    PROVISION_FIELDS,
    configured,
    json_body,
)
from crossaccount.localcloud.fc.paging import page
from crossaccount.localcloud.fc.published import LATEST, resolve

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from crossaccount.localcloud.call import Call
    from crossaccount.localcloud.fc.configuration import Kind
    from crossaccount.localcloud.fc.entities import Function

    Find = Callable[[Call], Function]
    Json = dict[str, Any]

PROVISION = "provision"


@dataclass(frozen=True, slots=True)
class _Setting:
    """One kind of setting.

    Attributes:
        key: under what it is kept.
        path: below the function's path.
        listed: the path of the list of all functions' settings, and the list's field.
        actions: the API's names of put, get, delete and list.
        permissions: the RAM actions, where they are called otherwise.
        fields: what a body may say; `required` names the one it must.
        required: see `fields`.
        missing: what is answered where nothing was put: a code for a 404, or the fields of a 200.
        qualified: whether each version and alias has its own.
        dated: whether the times of making and changing are answered.
    """

    key: str
    path: str
    listed: tuple[str, str]
    actions: tuple[str, str, str, str]
    permissions: tuple[str, str, str, str]
    fields: Mapping[str, Kind]
    required: tuple[str, ...]
    missing: str | Mapping[str, Any]
    qualified: bool = True
    dated: bool = False


_CONCURRENCY_ACTIONS = (
    "PutConcurrencyConfig",
    "GetConcurrencyConfig",
    "DeleteConcurrencyConfig",
    "ListConcurrencyConfigs",
)
_PROVISION_ACTIONS = (
    "PutProvisionConfig",
    "GetProvisionConfig",
    "DeleteProvisionConfig",
    "ListProvisionConfigs",
)
_NO_INSTANCES = MappingProxyType(
    {"target": 0, "current": 0, "currentError": "", "scheduledActions": [], "targetTrackingPolicies": []}
)
_SETTINGS = (
    _Setting(
        "concurrency",
        "/concurrency",
        ("/concurrency-configs", "configs"),
        _CONCURRENCY_ACTIONS,
        _CONCURRENCY_ACTIONS,
        CONCURRENCY_FIELDS,
        ("reservedConcurrency",),
        "OnDemandConfigNotFound",
        qualified=False,
    ),
    _Setting(
        PROVISION,
        "/provision-config",
        ("/provision-configs", "provisionConfigs"),
        _PROVISION_ACTIONS,
        _PROVISION_ACTIONS,
        PROVISION_FIELDS,
        ("target", "defaultTarget"),
        _NO_INSTANCES,
    ),
    _Setting(
        "async",
        "/async-invoke-config",
        ("/async-invoke-configs", "configs"),
        (
            "PutAsyncInvokeConfig",
            "GetAsyncInvokeConfig",
            "DeleteAsyncInvokeConfig",
            "ListAsyncInvokeConfigs",
        ),
        (
            "PutFunctionAsyncInvokeConfig",
            "GetFunctionAsyncInvokeConfig",
            "DeleteFunctionAsyncInvokeConfig",
            "ListFunctionAsyncInvokeConfigs",
        ),
        ASYNC_FIELDS,
        (),
        "AsyncConfigNotExists",
        dated=True,
    ),
)


def _qualifier(call: Call, setting: _Setting, function: Function) -> str:
    qualifier = call.params.get("qualifier") or LATEST
    if not setting.qualified:
        return LATEST
    resolve(function, qualifier)
    return qualifier


def _view(call: Call, name: str, qualifier: str, config: Mapping[str, Any]) -> Json:
    relative = f"functions/{name}" if qualifier == LATEST else f"functions/{name}/{qualifier}"
    return {"functionArn": authorized.arn(call, relative), **config}


def _instances(config: Json) -> Json:
    target = config.get("defaultTarget", config.get("target", 0))
    return {**_NO_INSTANCES, **config, "target": target, "current": target}


def _put(setting: _Setting, find: Find) -> Callable[[Call], Json]:
    def answer(call: Call) -> Json:
        function = find(call)
        qualifier = _qualifier(call, setting, function)
        config = configured(call, json_body(call), setting.fields)
        if setting.required and not any(name in config for name in setting.required):
            raise faults.invalid(f"{' or '.join(setting.required)} is required")
        stored = function.configs.setdefault(setting.key, {})
        if setting.key == PROVISION:
            config = _instances(config)
        if setting.dated:
            now = call.cloud.clock.iso()
            created = stored.get(qualifier, {}).get("createdTime", now)
            config |= {"createdTime": created, "lastModifiedTime": now}
        stored[qualifier] = config
        return _view(call, function.name, qualifier, config)

    return answer


def _get(setting: _Setting, find: Find) -> Callable[[Call], Json]:
    def answer(call: Call) -> Json:
        function = find(call)
        qualifier = _qualifier(call, setting, function)
        config = function.configs.get(setting.key, {}).get(qualifier)
        if config is not None:
            return _view(call, function.name, qualifier, config)
        if isinstance(setting.missing, str):
            raise ApiError(404, setting.missing, f"function '{function.name}' has no {setting.key} setting")
        return _view(call, function.name, qualifier, setting.missing)

    return answer


def _delete(setting: _Setting, find: Find) -> Callable[[Call], RestAnswer]:
    def answer(call: Call) -> RestAnswer:
        function = find(call)
        function.configs.get(setting.key, {}).pop(_qualifier(call, setting, function), None)
        return RestAnswer(204)

    return answer


def _list(setting: _Setting) -> Callable[[Call], Json]:
    action, field = setting.actions[3], setting.listed[1]

    def answer(call: Call) -> Json:
        wanted = call.params.get("functionName")
        found = {
            f"{name}/{qualifier}": _view(call, name, qualifier, config)
            for name, function in call.account.fc.region(call.region).functions.items()
            if not wanted or name == wanted
            for qualifier, config in function.configs.get(setting.key, {}).items()
        }
        shown, more = page(call, action, found)
        return {field: shown} | more

    return answer


def _routes(setting: _Setting, place: str, find: Find) -> tuple[Route, ...]:
    path, (everything, _) = place + setting.path, setting.listed
    one, every = authorized.function, authorized.every_function
    put, get, delete, listing = setting.actions
    may_put, may_get, may_delete, may_list = setting.permissions
    return (
        Route("PUT", path, operation(put, _put(setting, find), one, permission=may_put)),
        Route("GET", path, operation(get, _get(setting, find), one, permission=may_get)),
        Route("DELETE", path, operation(delete, _delete(setting, find), one, permission=may_delete)),
        Route("GET", everything, operation(listing, _list(setting), every, permission=may_list)),
    )


def routes(place: str, find: Find) -> tuple[Route, ...]:
    """The routes of all kinds of settings.

    Args:
        place: the function's path.
        find: finds the function, unqualified.
    """
    return tuple(route for setting in _SETTINGS for route in _routes(setting, place, find))
