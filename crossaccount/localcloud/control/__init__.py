"""The side door `/_local/`: what no real API offers but a test needs. Unsigned, for this machine only.

| request | does |
|---|---|
| GET health | says that it is up |
| GET ca.pem | the certificate that clients over HTTPS must trust |
| GET accounts | the accounts with their root access keys |
| POST accounts `{"id", "alias"?}` | adds an account, answers its root access key |
| POST oidc-keys `{"account", "provider", "jwks"}` | registers the public keys of an OIDC provider |
| POST seed, a YAML or JSON seed | fills the cloud |
| POST reset | empties every account, forgets sessions and logs, switches everything off |
| GET state, PUT state | the whole state as JSON, secrets included, out and in |
| POST clock `{"advance": seconds}` or `{"set": "2026-11-23T23:14:43Z"}` | moves the cloud's time |
| GET, POST, DELETE consistency `{"reads": n}` or `{"seconds": t}` | shows what is new in RAM late |
| GET, POST, DELETE faults `{"kind", "product"?, "action"?, "nth"?, "times"?, ...}` | lets calls go wrong |
| GET, POST, DELETE handlers `{"account", "function", "address", ...}` | lets functions answer |
| GET, POST observe `{"observe": true}` | lets pass what policies deny; decides and records as ever |
| GET, POST, DELETE recording | the record of calls as JSON lines, without secrets; begins it; ends it |
| GET decisions | the last thousand decisions, with reasons |
| GET coverage | how often each action was allowed and denied, and which never |
| GET unimplemented | what was asked for that is not here, with counts |
| GET errors | what went wrong inside the local cloud itself |

A web page that a browser on this machine shows must not reach it, be it by a name that resolves to 127.0.0.1:
a Host that is not a loopback name, and any Origin, is refused; so is a client on another machine, where the
cloud was told to listen to those.
"""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING, Any

from crossaccount.localcloud.control import handlers, logs, switched, whole
from crossaccount.localcloud.errors import ApiError
from crossaccount.localcloud.host import is_loopback
from crossaccount.localcloud.products import UNKNOWN
from crossaccount.localcloud.render import Response, error_response, json_response

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from crossaccount.localcloud.cloud import Cloud
    from crossaccount.localcloud.wire import Wire

__all__ = ["PREFIX", "respond"]

PREFIX = "/_local/"
_ACTIONS: Mapping[tuple[str, str], Callable[[Cloud, Wire], dict[str, Any] | Response]] = {
    **whole.ACTIONS,
    **switched.ACTIONS,
    **handlers.ACTIONS,
    **logs.ACTIONS,
}


def respond(cloud: Cloud, wire: Wire) -> Response:
    """Answers one request of the side door."""
    try:
        _check_local(wire)
        answer = _action(wire)(cloud, wire)
    except ApiError as error:
        return error_response(UNKNOWN, cloud.ids.request_id(), error, wire.headers.get("host", ""))
    except Exception:  # noqa: BLE001  a fault is an answer too
        cloud.faults.append(traceback.format_exc())
        refusal = ApiError(500, "InternalError", "The local cloud failed to answer; its faults say why.")
        return error_response(UNKNOWN, cloud.ids.request_id(), refusal)
    return answer if isinstance(answer, Response) else json_response(200, answer)


def _check_local(wire: Wire) -> None:
    host, origin = wire.headers.get("host", ""), wire.headers.get("origin")
    if not is_loopback(wire.client):
        raise ApiError(403, "ForeignClient", f"{PREFIX} answers only to clients on its own machine")
    if not is_loopback(host):
        raise ApiError(403, "ForeignHost", f"{PREFIX} answers only to a loopback Host, not to `{host[:100]}`")
    if origin is not None:
        raise ApiError(403, "ForeignOrigin", f"{PREFIX} answers no web page, not `{origin[:100]}`")


def _action(wire: Wire) -> Callable[[Cloud, Wire], dict[str, Any] | Response]:
    action = _ACTIONS.get((wire.method, wire.path[len(PREFIX) :]))
    if action is None:
        known = ", ".join(f"{method} {PREFIX}{name}" for method, name in _ACTIONS)
        raise ApiError(404, "NotFound", f"there is no `{wire.method} {wire.path[:100]}`; there is {known}")
    return action
