"""The side door's requests about what answers for functions, for those who do not write Python."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crossaccount.localcloud.control.bodies import fields
from crossaccount.localcloud.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Callable

    from crossaccount.localcloud.cloud import Cloud
    from crossaccount.localcloud.render import Response
    from crossaccount.localcloud.wire import Wire

_FORM = (
    '`{"account": "<16 digits>", "function": "<name>", "address": "http://127.0.0.1:9000"}` and, optional, '
    "region (all of them without it) and service (of a function of 2.0)"
)


def _handlers(cloud: Cloud, _wire: Wire) -> dict[str, Any]:
    return {
        "handlers": [
            {
                "account": account.id,
                "region": region,
                "service": service or None,
                "function": function,
                "address": handler if isinstance(handler, str) else None,
            }
            for _, account in sorted(cloud.accounts.items())
            for region, service, function, handler in account.fc.handlers.registered()
        ]
    }


def _set_handler(cloud: Cloud, wire: Wire) -> dict[str, Any]:
    needed = {"account": (str,), "function": (str,), "address": (str,)}
    body = fields(wire, needed, {"region": (str,), "service": (str,)}, _FORM)
    account = cloud.accounts.get(body["account"])
    if account is None:
        raise ApiError(400, "InvalidHandler", f"there is no account `{body['account'][:64]}`")
    if not body["function"]:
        raise ApiError(400, "InvalidHandler", f"`function` is empty; send {_FORM}")
    place = {"service": body.get("service", ""), "region": body.get("region")}
    try:
        account.fc.handlers.set(body["function"], body["address"], **place)
    except ValueError as error:
        raise ApiError(400, "InvalidHandler", str(error)) from None
    return _handlers(cloud, wire)


def _clear_handlers(cloud: Cloud, wire: Wire) -> dict[str, Any]:
    for account in cloud.accounts.values():
        account.fc.handlers.clear()
    return _handlers(cloud, wire)


ACTIONS: dict[tuple[str, str], Callable[[Cloud, Wire], dict[str, Any] | Response]] = {
    ("GET", "handlers"): _handlers,
    ("POST", "handlers"): _set_handler,
    ("DELETE", "handlers"): _clear_handlers,
}
