"""The side door's requests about the cloud as a whole: accounts, seed, reset, state, time."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import orjson

from crossaccount.localcloud.control.bodies import fields, malformed, object_body
from crossaccount.localcloud.errors import ApiError
from crossaccount.localcloud.render import Response

if TYPE_CHECKING:
    from collections.abc import Callable

    from crossaccount.localcloud.account import Account
    from crossaccount.localcloud.cloud import Cloud
    from crossaccount.localcloud.wire import Wire


def _health(cloud: Cloud, _wire: Wire) -> dict[str, Any]:
    return {
        "status": "ok",
        "accounts": sorted(cloud.accounts),
        "region": cloud.region,
        "time": cloud.clock.iso(),
        "observe": cloud.observe,
    }


def _ca(cloud: Cloud, _wire: Wire) -> Response:
    return Response(200, ((b"content-type", b"application/x-pem-file"),), cloud.ca_file.read_bytes())


def _shown(account: Account) -> dict[str, Any]:
    key = account.root_key
    return {
        "id": account.id,
        "alias": account.alias,
        "accessKeyId": key.key_id,
        "accessKeySecret": key.secret,
    }


def _accounts(cloud: Cloud, _wire: Wire) -> dict[str, Any]:
    return {"accounts": [_shown(account) for _, account in sorted(cloud.accounts.items())]}


def _add_account(cloud: Cloud, wire: Wire) -> dict[str, Any]:
    form = '`{"id": "<16 digits>", "alias": "<alias>"}`, alias optional'
    body = fields(wire, {"id": (str,)}, {"alias": (str,)}, form)
    try:
        return _shown(cloud.add_account(body["id"], body.get("alias")))
    except ValueError as error:
        raise ApiError(400, "InvalidAccount", str(error)) from None


def _oidc_keys(cloud: Cloud, wire: Wire) -> dict[str, Any]:
    from crossaccount.localcloud.ims.providers import check_jwks, missing  # noqa: PLC0415  slow, and seldom asked

    form = '`{"account": "<id>", "provider": "<name>", "jwks": {"keys": [...]}}`'
    body = fields(wire, {"account": (str,), "provider": (str,), "jwks": (dict,)}, {}, form)
    account = cloud.accounts.get(body["account"])
    provider = account.providers.oidc.get(body["provider"]) if account is not None else None
    if provider is None:
        raise missing("OIDC")
    provider.jwks = check_jwks(body["jwks"])
    return {"keys": len(provider.jwks["keys"])}


def _seed(cloud: Cloud, wire: Wire) -> dict[str, Any]:
    from crossaccount.localcloud.seeding import SeedError  # noqa: PLC0415  slow, and seldom asked

    try:
        cloud.seed(wire.body.decode())
    except UnicodeDecodeError:
        raise malformed("the seed is not UTF-8") from None
    except SeedError as error:
        raise ApiError(400, "InvalidSeed", str(error)) from None
    return _accounts(cloud, wire)


def _reset(cloud: Cloud, wire: Wire) -> dict[str, Any]:
    cloud.reset()
    return _accounts(cloud, wire)


def _state(cloud: Cloud, _wire: Wire) -> Response:
    body = orjson.dumps(cloud.to_json(), option=orjson.OPT_SORT_KEYS)
    return Response(200, ((b"content-type", b"application/json;charset=utf-8"),), body)


def _restore(cloud: Cloud, wire: Wire) -> dict[str, Any]:
    body = object_body(wire)
    try:
        cloud.restore(body)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise ApiError(400, "InvalidState", f"this is no state of a local cloud: {error}") from None
    return _accounts(cloud, wire)


def _move_clock(cloud: Cloud, wire: Wire) -> dict[str, Any]:
    match object_body(wire):
        case {"advance": int() | float() as seconds, **rest} if not rest and not isinstance(seconds, bool):
            _move(partial(cloud.clock.advance, seconds))
        case {"set": str() as text, **rest} if not rest:
            _move(lambda: cloud.clock.set(datetime.fromisoformat(text.replace("Z", "+00:00"))))
        case _:
            raise malformed('send `{"advance": seconds}` or `{"set": "2026-11-23T23:14:43Z"}`')
    return {"time": cloud.clock.iso()}


def _move(work: Callable[[], None]) -> None:
    try:
        work()
    except ValueError as error:
        raise ApiError(400, "InvalidTime", str(error)) from None


ACTIONS: dict[tuple[str, str], Callable[[Cloud, Wire], dict[str, Any] | Response]] = {
    ("GET", "health"): _health,
    ("GET", "ca.pem"): _ca,
    ("GET", "accounts"): _accounts,
    ("POST", "accounts"): _add_account,
    ("POST", "oidc-keys"): _oidc_keys,
    ("POST", "seed"): _seed,
    ("POST", "reset"): _reset,
    ("GET", "state"): _state,
    ("PUT", "state"): _restore,
    ("POST", "clock"): _move_clock,
}
