"""Triggers of functions of both generations: kept and answered; none of them ever starts a function here.

An HTTP trigger's address ends in `.invalid`, so that nobody calls somebody else's function by mistake.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from crossaccount.localcloud.call import RestAnswer, Route
from crossaccount.localcloud.fc import faults, views
from crossaccount.localcloud.fc.authorized import operation
from crossaccount.localcloud.fc.configuration import (
    TRIGGER_FIELDS,
    TRIGGER_ONCE,
    configured,
    json_body,
    new_name,
)
from crossaccount.localcloud.fc.entities import Trigger
from crossaccount.localcloud.fc.paging import page

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from crossaccount.localcloud.call import Call, Operation
    from crossaccount.localcloud.fc.authorized import Relative
    from crossaccount.localcloud.fc.entities import Function

    Find = Callable[[Call], Function]
    View = Callable[[Call, Function, Trigger], views.Wire]

LONGEST_NAME = 128
_TYPES = ("oss", "log", "timer", "http", "tablestore", "cdn_events", "mns_topic", "eventbridge")
_NO_CONFIG = ("tablestore",)


def _config(text: Any) -> dict[str, Any]:  # noqa: ANN401  whatever was sent
    try:
        config = orjson.loads(text or "{}")
    except (orjson.JSONDecodeError, TypeError):
        config = None
    if not isinstance(config, dict):
        raise faults.invalid("triggerConfig is not the text of a JSON object")
    return config


def conditions(call: Call) -> Mapping[str, str]:
    """The condition keys of CreateTrigger and UpdateTrigger, for an HTTP trigger.

    Source: Function Compute: Policies and sample policies. UpdateTrigger sends no type, so any configuration
    that says how an HTTP trigger is reached counts.
    """
    body = json_body(call)
    config = _config(body.get("triggerConfig"))
    if body.get("triggerType", "http") != "http" or not config.keys() & {"authType", "disableURLInternet"}:
        return {}
    return {
        "fc:EnableHTTPTriggerAnonymous": "true" if config.get("authType") == "anonymous" else "false",
        "fc:EnableHTTPTriggerInternet": "false" if config.get("disableURLInternet") is True else "true",
    }


def _create(find: Find, view: View) -> Callable[[Call], views.Wire]:
    def answer(call: Call) -> views.Wire:
        function, body = find(call), json_body(call)
        name = new_name(body, "triggerName", LONGEST_NAME)
        settings = configured(call, body, {**TRIGGER_FIELDS, **TRIGGER_ONCE})
        kind = settings.get("triggerType")
        if kind not in _TYPES:
            raise faults.invalid(f"triggerType is `{str(kind)[:32]}`; use {', '.join(_TYPES)}")
        if not _config(settings.get("triggerConfig")) and kind not in _NO_CONFIG:
            raise faults.invalid("triggerConfig is required")
        if name in function.triggers:
            raise faults.trigger_exists(name, function.name)
        now = call.cloud.clock.iso()
        trigger = Trigger(name, call.cloud.ids.uuid(), settings, now, now)
        function.triggers[name] = trigger
        return view(call, function, trigger)

    return answer


def _trigger(call: Call, function: Function) -> Trigger:
    name = call.path["triggerName"]
    found = function.triggers.get(name)
    if found is None:
        raise faults.no_trigger(name, function.name)
    return found


def _get(find: Find, view: View) -> Callable[[Call], views.Wire]:
    def answer(call: Call) -> views.Wire:
        function = find(call)
        return view(call, function, _trigger(call, function))

    return answer


def _update(find: Find, view: View) -> Callable[[Call], views.Wire]:
    def answer(call: Call) -> views.Wire:
        function, body = find(call), json_body(call)
        trigger = _trigger(call, function)
        settings = configured(call, body, TRIGGER_FIELDS)
        _config(settings.get("triggerConfig"))
        trigger.settings = trigger.settings | settings
        trigger.modified = call.cloud.clock.iso()
        return view(call, function, trigger)

    return answer


def _delete(find: Find) -> Callable[[Call], RestAnswer]:
    def answer(call: Call) -> RestAnswer:
        function = find(call)
        del function.triggers[_trigger(call, function).name]
        return RestAnswer(204)

    return answer


def _list(find: Find, view: View) -> Callable[[Call], views.Wire]:
    def answer(call: Call) -> views.Wire:
        function = find(call)
        shown, more = page(call, "ListTriggers", function.triggers)
        return {"triggers": [view(call, function, item) for item in shown]} | more

    return answer


def routes(place: str, find: Find, function: Relative, view: View) -> tuple[Route, ...]:
    """The routes of triggers below a function.

    Args:
        place: the function's path.
        find: finds the function, unqualified.
        function: its resource.
        view: a trigger as this generation answers it.
    """
    every, one = f"{place}/triggers", f"{place}/triggers/{{triggerName}}"

    def resource(call: Call) -> str:
        return f"{function(call)}/triggers/{call.path.get('triggerName', '*')}"

    def change(name: str, answer: Callable[[Call], views.Wire]) -> Operation:
        return operation(name, answer, resource, passes="invocationRole", context=conditions)

    return (
        Route("POST", every, change("CreateTrigger", _create(find, view))),
        Route("GET", every, operation("ListTriggers", _list(find, view), resource)),
        Route("GET", one, operation("GetTrigger", _get(find, view), resource)),
        Route("PUT", one, change("UpdateTrigger", _update(find, view))),
        Route("DELETE", one, operation("DeleteTrigger", _delete(find), resource)),
    )
