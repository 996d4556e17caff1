"""The side door `/_local/`: what no real API offers but a test needs. Unsigned, for this machine only.

| request | does |
|---|---|
| GET /_local/health | says that it is up |
| POST /_local/accounts `{"id", "alias"?}` | adds an account, answers its root access key |
| GET /_local/state | the whole state as JSON, secrets included |
| POST /_local/clock `{"advance": seconds}` or `{"set": "2026-11-23T23:14:43Z"}` | moves the cloud's time |
| GET /_local/unimplemented | what was asked for that is not here, with counts |
| GET /_local/decisions | the last thousand decisions, with reasons |

A web page that a browser on this machine shows must not reach it, be it by a name that resolves to 127.0.0.1:
a Host that is not a loopback name, and any Origin, is refused.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import orjson

from crossaccount.localcloud.errors import ApiError
from crossaccount.localcloud.host import is_loopback
from crossaccount.localcloud.products import UNKNOWN
from crossaccount.localcloud.render import Response, error_response, json_response

if TYPE_CHECKING:
    from collections.abc import Callable

    from crossaccount.localcloud.cloud import Cloud
    from crossaccount.localcloud.wire import Wire

PREFIX = "/_local/"


def respond(cloud: Cloud, wire: Wire) -> Response:
    """Answers one request of the side door."""
    try:
        _check_local(wire)
        return json_response(200, _action(wire)(cloud, wire))
    except ApiError as error:
        return error_response(UNKNOWN, cloud.ids.request_id(), error, wire.headers.get("host", ""))


def _check_local(wire: Wire) -> None:
    host, origin = wire.headers.get("host", ""), wire.headers.get("origin")
    if not is_loopback(host):
        raise ApiError(403, "ForeignHost", f"{PREFIX} answers only to a loopback Host, not to `{host[:100]}`")
    if origin is not None:
        raise ApiError(403, "ForeignOrigin", f"{PREFIX} answers no web page, not `{origin[:100]}`")


def _action(wire: Wire) -> Callable[[Cloud, Wire], dict[str, Any]]:
    action = _ACTIONS.get((wire.method, wire.path[len(PREFIX) :]))
    if action is None:
        known = ", ".join(f"{method} {PREFIX}{name}" for method, name in _ACTIONS)
        raise ApiError(404, "NotFound", f"there is no `{wire.method} {wire.path[:100]}`; there is {known}")
    return action


def _body(wire: Wire) -> dict[str, Any]:
    try:
        body = orjson.loads(wire.body)
    except orjson.JSONDecodeError:
        raise ApiError(400, "MalformedBody", "the body is no JSON") from None
    if not isinstance(body, dict):
        raise ApiError(400, "MalformedBody", "the body is no JSON object")
    return body


def _health(cloud: Cloud, _wire: Wire) -> dict[str, Any]:
    return {
        "status": "ok",
        "accounts": sorted(cloud.accounts),
        "region": cloud.region,
        "time": cloud.clock.iso(),
    }


def _add_account(cloud: Cloud, wire: Wire) -> dict[str, Any]:
    body = _body(wire)
    account_id, alias = body.get("id"), body.get("alias")
    if not isinstance(account_id, str) or not isinstance(alias, (str, type(None))):
        raise ApiError(
            400, "MalformedBody", 'send `{"id": "<16 digits>", "alias": "<alias>"}`, alias optional'
        )
    try:
        account = cloud.add_account(account_id, alias)
    except ValueError as error:
        raise ApiError(400, "InvalidAccount", str(error)) from None
    key = account.root_key
    return {
        "id": account.id,
        "alias": account.alias,
        "accessKeyId": key.key_id,
        "accessKeySecret": key.secret,
    }


def _state(cloud: Cloud, _wire: Wire) -> dict[str, Any]:
    return cloud.to_json()


def _move_clock(cloud: Cloud, wire: Wire) -> dict[str, Any]:
    match _body(wire):
        case {"advance": int() | float() as seconds, **rest} if not rest and not isinstance(seconds, bool):
            cloud.clock.advance(seconds)
        case {"set": str() as text, **rest} if not rest:
            try:
                cloud.clock.set(datetime.fromisoformat(text.replace("Z", "+00:00")))
            except ValueError as error:
                raise ApiError(400, "InvalidTime", str(error)) from None
        case _:
            raise ApiError(
                400, "MalformedBody", 'send `{"advance": seconds}` or `{"set": "2026-11-23T23:14:43Z"}`'
            )
    return {"time": cloud.clock.iso()}


def _unimplemented(cloud: Cloud, _wire: Wire) -> dict[str, Any]:
    asked = cloud.unimplemented.items()
    return {
        "unimplemented": [
            {"product": product, "version": version, "action": action, "count": count}
            for (product, version, action), count in sorted(asked)
        ]
    }


def _decisions(cloud: Cloud, _wire: Wire) -> dict[str, Any]:
    return {"decisions": cloud.decisions.to_json()}


_ACTIONS: dict[tuple[str, str], Callable[[Cloud, Wire], dict[str, Any]]] = {
    ("GET", "health"): _health,
    ("POST", "accounts"): _add_account,
    ("GET", "state"): _state,
    ("POST", "clock"): _move_clock,
    ("GET", "unimplemented"): _unimplemented,
    ("GET", "decisions"): _decisions,
}
