"""One call through an SDK: where it goes, how long it may take, and what went wrong without an answer."""

from __future__ import annotations

import ipaddress
import os
import random
import time
from typing import TYPE_CHECKING, Any, TypeVar

from crossaccount.session.errors import ErrorKind, SessionError

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

    from crossaccount.session.key import Key

CONNECT_MS, READ_MS = 5_000, 15_000
ROOTS = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")
_PAUSE = 0.4
_SIGNS = {
    "Connection refused": "nothing listens there",
    "timed out": "it did not answer in time",
    "Connection aborted": "the connection was reset",
    "Connection reset": "the connection was reset",
    "json format": "it answered something that is no JSON, such as a proxy's page",
    "Expecting value": "it answered something that is no JSON, such as a proxy's page",
    "resolve": "its name is unknown",
    "SSL": "there is no trusted TLS connection to it; if a proxy opens TLS, name its root: `SSL_CERT_FILE`",
    "ProxyError": "the proxy of the environment does not reach it",
}
_T = TypeVar("_T")


def is_local(endpoint: str) -> bool:
    """Whether an endpoint (`host` or `host:port`) is on this machine."""
    host = endpoint.partition(":")[0]
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def own_roots() -> str | None:
    """The file of root certificates that the environment names; None where it names none that is there."""
    files = (os.environ.get(name, "") for name in ROOTS)
    return next((file for file in files if os.path.isfile(file)), None)


def trusted() -> ssl.SSLContext:
    """Whom a call of ours over TLS believes: the system's roots, certifi's and the environment's."""
    import ssl  # noqa: PLC0415  not for a cached session

    import certifi  # noqa: PLC0415

    context = ssl.create_default_context()
    for file in filter(None, (certifi.where(), own_roots())):
        context.load_verify_locations(file)
    return context


def connection(key: Key, endpoint: str, region: str = "cn-hangzhou", through: str | None = None) -> Any:  # noqa: ANN401
    """The SDK's configuration for one endpoint.

    Args:
        key: what signs.
        endpoint: the service's host.
        region: its region.
        through: a local cloud's `host:port`, which then answers for every host. HTTPS to the host if None.
    """
    from alibabacloud_tea_openapi.models import Config  # noqa: PLC0415  slow to load

    local = through or (endpoint if is_local(endpoint) else None)
    # The SDK sends even loopback calls to `HTTP_PROXY`: the local cloud itself as the proxy keeps them here.
    where = {"protocol": "HTTP", "http_proxy": f"http://{local}"} if local else {"protocol": "HTTPS"}
    if not local and (roots := own_roots()):
        where["ca"] = roots  # through a proxy, the SDK looks at neither the environment nor the system
    return Config(
        access_key_id=key.key_id,
        access_key_secret=key.secret,
        security_token=key.token,
        endpoint=endpoint,
        region_id=region,
        connect_timeout=CONNECT_MS,
        read_timeout=READ_MS,
        user_agent="crossaccount",
        **where,
    )


def answered(
    where: str,
    call: Callable[[], _T],
    refused: Callable[[int, dict[str, Any]], SessionError],
    *,
    tries: int = 3,
) -> _T:
    """What a call answers; it is sent again where that may help.

    Args:
        where: the endpoint, for messages.
        call: the call.
        tries: how often it may be sent; 1 where sending it twice could do harm.
        refused: makes the error of an answer that refuses, from its status and body.

    Raises:
        SessionError: the service refused, or there was no usable answer.
    """
    for attempt in range(1, tries + 1):
        try:
            return call()
        except Exception as error:  # noqa: BLE001  the SDK raises many kinds, without a common one
            failure = _failure(where, error, refused)
            if attempt == tries or not failure.retryable or "in time" in failure.text:
                raise failure from None
        time.sleep(_PAUSE * 2 ** (attempt - 1) * random.uniform(0.5, 1))  # noqa: S311  spreads retries, no secret
    raise AssertionError("unreachable")


def _failure(
    where: str, error: Exception, refused: Callable[[int, dict[str, Any]], SessionError]
) -> SessionError:
    status, body = getattr(error, "status_code", None), getattr(error, "data", None)
    if status is not None and isinstance(body, dict):
        return refused(int(status), body)
    text = str(error)  # it may hold a proxy's password: only its kind is told
    meaning = next((meaning for sign, meaning in _SIGNS.items() if sign in text), None)
    if meaning is None:
        meaning = f"there was no answer ({type(error).__name__})"
    html = "no JSON" in meaning
    return SessionError(
        ErrorKind.UNREACHABLE,
        f"`{where}` cannot be used: {meaning}",
        "look at the endpoint, the network and the proxy settings"
        if html
        else "look at the network, then try again",
        retryable=not html,
    )
