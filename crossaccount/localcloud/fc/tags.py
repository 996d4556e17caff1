"""Tags of 3.0 functions: tag, untag, list (`/tags-v2`). Resources are function ARNs of the call's region."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from crossaccount.localcloud.call import Operation, RestAnswer, Route
from crossaccount.localcloud.fc import authorized, faults
from crossaccount.localcloud.fc.authorized import operation
from crossaccount.localcloud.fc.configuration import checked_tags, json_body
from crossaccount.localcloud.fc.paging import tag_page

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from crossaccount.localcloud.call import Call
    from crossaccount.localcloud.fc import views
    from crossaccount.localcloud.fc.entities import Function

MOST_TAGS = 20
_SOURCE = "facts 5.2, 5.5"


def _json_list(call: Call, name: str) -> list[Any]:
    try:
        value = orjson.loads(call.params.get(name) or "[]")
    except orjson.JSONDecodeError:
        value = None
    if not isinstance(value, list):
        raise faults.invalid(f"{name} is not a JSON list")
    return value


def _check_type(kind: Any) -> None:  # noqa: ANN401  whatever was sent
    if kind != "function":
        raise faults.invalid(f"ResourceType is `{str(kind)[:32]}`; only function is served here")


def _check_arns(sent: Any) -> list[str]:  # noqa: ANN401  whatever was sent
    if not isinstance(sent, list) or not sent or not all(isinstance(arn, str) and arn for arn in sent):
        raise faults.invalid("ResourceId is not a list of function ARNs")
    return sent


def _body_arns(call: Call) -> list[str]:
    return _check_arns(json_body(call).get("ResourceId"))


def _query_arns(call: Call) -> list[str]:
    return _check_arns(_json_list(call, "ResourceId"))


def _functions(call: Call, arns: Sequence[str]) -> list[Function]:
    here = authorized.arn(call, "functions/")
    functions = call.account.fc.region(call.region).functions
    for arn in arns:
        if not arn.startswith(here):
            raise faults.invalid(f"ResourceId `{arn[:200]}` is not like {here}name")
        if arn[len(here) :] not in functions:
            raise faults.no_function(arn[len(here) :])
    return [functions[arn[len(here) :]] for arn in arns]


def _tags(function: Function) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in function.settings.get("tags", [])}


def _set(function: Function, tags: Mapping[str, str]) -> None:
    listed = [{"Key": key, "Value": value} for key, value in sorted(tags.items())]
    function.settings = function.settings | {"tags": listed}


def tag_resources(call: Call) -> RestAnswer:
    """TagResources: adds the tags to every function named, or to none."""
    body = json_body(call)
    _check_type(body.get("ResourceType"))
    functions = _functions(call, _body_arns(call))
    sent = {tag["Key"]: tag["Value"] for tag in checked_tags(body.get("Tag"), "Tag")}
    if not sent:
        raise faults.invalid("Tag is required")
    changed = [_tags(function) | sent for function in functions]
    if any(len(tags) > MOST_TAGS for tags in changed):
        raise faults.invalid(f"a function has at most {MOST_TAGS} tags")
    for function, tags in zip(functions, changed, strict=True):
        _set(function, tags)
    return RestAnswer(200, {"RequestId": call.request_id})


def untag_resources(call: Call) -> RestAnswer:
    """UntagResources: takes the keys away, or all of them when `All` is true and no key is sent."""
    _check_type(call.params.get("ResourceType"))
    functions = _functions(call, _query_arns(call))
    keys = _json_list(call, "TagKey")
    everything = call.params.get("All", "").lower() == "true"
    if not keys and not everything:
        raise faults.invalid("TagKey is required, or All=true")
    for function in functions:
        kept = {key: value for key, value in _tags(function).items() if keys and key not in keys}
        _set(function, kept)
    return RestAnswer(200, {"RequestId": call.request_id})


def list_tag_resources(call: Call) -> views.Wire:
    """ListTagResources: one entry for each tag; with `Tag`, only functions that have all of those tags."""
    _check_type(call.params.get("ResourceType") or "function")
    asked, wanted = _json_list(call, "ResourceId"), _json_list(call, "Tag")
    matches = _filter(wanted)
    found = {
        f"{name}\n{key}": {
            "ResourceType": "function",
            "ResourceId": authorized.arn(call, f"functions/{name}"),
            "TagKey": key,
            "TagValue": value,
        }
        for name, function in call.account.fc.region(call.region).functions.items()
        if (not asked or authorized.arn(call, f"functions/{name}") in asked) and matches(_tags(function))
        for key, value in _tags(function).items()
    }
    shown, more = tag_page(call, "ListTagResources", found)
    return {"TagResources": shown, "RequestId": call.request_id} | more


def _filter(wanted: list[Any]) -> Callable[[Mapping[str, str]], bool]:
    if not all(isinstance(tag, dict) and isinstance(tag.get("Key"), str) for tag in wanted):
        raise faults.invalid("Tag is not a list of objects with Key and Value")
    pairs = [(tag["Key"], tag.get("Value")) for tag in wanted]
    return lambda tags: all(key in tags and value in (None, tags[key]) for key, value in pairs)


ROUTES = (
    Route(
        "POST",
        "/tags-v2",
        Operation("TagResources", tag_resources, "fc:TagResources", _body_arns, source=_SOURCE),
    ),
    Route(
        "DELETE",
        "/tags-v2",
        Operation("UntagResources", untag_resources, "fc:UntagResources", _query_arns, source=_SOURCE),
    ),
    Route("GET", "/tags-v2", operation("ListTagResources", list_tag_resources, authorized.every_function)),
)
