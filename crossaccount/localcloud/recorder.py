"""A record of calls and answers that can be shown to anybody: what is secret is not in it.

Headers are kept by name from a short list, so that a new header is left out until somebody decides otherwise;
parameters and answers are kept with what is secret replaced; the text that a wrong signature was for, which a
refusal repeats with all the parameters in it, is left out as a whole. Access key ids are no secrets;
what signs with them is.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

import orjson

from crossaccount.localcloud.signatures import SERVER_STRING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.localcloud.pipeline import Exchange
    from crossaccount.localcloud.render import Response

LEFT_OUT = "<left out>"
KEPT_CALLS = 10_000
LONGEST_BODY = 64 * 1024
_HEADERS = ("host", "content-type", "user-agent", "accept", "x-acs-action", "x-acs-version")
_SECRET_WORDS = ("secret", "token", "password", "signature", "assertion", "authorization", "privatekey")
_SECRET_NAMES = {"environmentvariables", "zipfile", "nonce", "authenticationcode1", "authenticationcode2"}
_SECRET_NAMES |= {"base32stringseed", "qrcodepng", "encodeddiagnosticmessage"}


def is_secret(name: str) -> bool:
    """Whether a parameter or field of this name is left out of a record."""
    plain = name.lower().replace("-", "").replace("_", "")
    return plain in _SECRET_NAMES or any(word in plain for word in _SECRET_WORDS)


def without_secrets(value: Any) -> Any:  # noqa: ANN401  JSON has no type of its own
    """A JSON value with everything under a secret name replaced."""
    if isinstance(value, dict):
        return {
            name: LEFT_OUT if is_secret(name) and inner not in (None, "") else without_secrets(inner)
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [without_secrets(inner) for inner in value]
    if isinstance(value, str) and SERVER_STRING in value:
        return value.partition(SERVER_STRING)[0] + SERVER_STRING + LEFT_OUT
    return value


class Recorder:
    """The calls since recording began, at most the last ten thousand, oldest first."""

    def __init__(self) -> None:
        self._calls: deque[dict[str, Any]] = deque(maxlen=KEPT_CALLS)

    def __len__(self) -> int:
        return len(self._calls)

    def note(self, exchange: Exchange, response: Response) -> None:
        """Adds a call and its answer."""
        wire = exchange.wire
        target = getattr(exchange, "target", None)
        claim = getattr(exchange, "claim", None)
        self._calls.append(
            {
                "time": exchange.cloud.clock.iso(),
                "requestId": exchange.request_id,
                "method": wire.method,
                "path": wire.path,
                "product": exchange.product.name,
                "version": exchange.product.version,
                "action": target.operation.name if target is not None else None,
                "signature": claim.scheme if claim is not None else None,
                "accessKeyId": claim.access_key_id if claim is not None else None,
                "headers": {name: wire.headers[name] for name in _HEADERS if name in wire.headers},
                "params": without_secrets(_params(wire)),
                "body": _body(wire.body) if wire.path != "/" else None,
                "status": response.status,
                "answer": _body(response.body),
            }
        )

    def to_json(self) -> list[dict[str, Any]]:
        """The calls, oldest first."""
        return list(self._calls)

    def lines(self) -> bytes:
        """The calls as JSON lines."""
        return b"".join(orjson.dumps(call) + b"\n" for call in self._calls)


def _params(wire: Any) -> Mapping[str, str]:  # noqa: ANN401  a Wire, or what a test stands in for it
    try:
        params: Mapping[str, str] = wire.params
    except Exception:  # noqa: BLE001  a form that is none has been refused already
        return dict(wire.query)
    return dict(params)


def _body(body: bytes) -> Any:  # noqa: ANN401  JSON
    if not body:
        return None
    if len(body) > LONGEST_BODY:
        return f"<{len(body)} bytes>"
    try:
        return without_secrets(orjson.loads(body))
    except orjson.JSONDecodeError:
        return f"<{len(body)} bytes>"
