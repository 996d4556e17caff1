"""One unsigned request to a host: whether it answers, as what, and what time it has there."""

from __future__ import annotations

import email.utils
import http.client
import socket
import ssl
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import TYPE_CHECKING

from crossaccount.doctor.observations import Reach, Trouble, plain
from crossaccount.session.sdk_call import is_local, trusted

if TYPE_CHECKING:
    from email.message import Message

_READ = 64 * 1024
_DATES = (9, 10)  # X509_V_ERR_CERT_NOT_YET_VALID, X509_V_ERR_CERT_HAS_EXPIRED
_CAUSES: tuple[tuple[type[Exception], Trouble], ...] = (
    (TimeoutError, Trouble.HANGS),
    (ConnectionRefusedError, Trouble.REFUSED),
    (ConnectionError, Trouble.RESET),
    (ssl.SSLEOFError, Trouble.RESET),
    (ssl.SSLError, Trouble.TLS),
    (socket.gaierror, Trouble.NAME),
    (http.client.HTTPException, Trouble.PAGE),
)


def reach(host: str, timeout: float) -> Reach:
    """Ask a host of Alibaba Cloud, without a signature.

    Args:
        host: `host` over HTTPS, or a local cloud's `host:port` over HTTP.
        timeout: seconds for the connection, and for each wait afterwards.
    """
    local = is_local(host)
    proxies = {} if local else urllib.request.getproxies()
    proxy = "" if local or urllib.request.proxy_bypass(host) else proxies.get("https", "")
    secure = urllib.request.HTTPSHandler(context=trusted())
    opener = urllib.request.build_opener(urllib.request.ProxyHandler(proxies), secure, _NoRedirect)
    url = f"{'http' if local else 'https'}://{host}/?Format=JSON"
    try:
        with opener.open(url, timeout=timeout) as response:
            return _answered(host, _shown(proxy), response.status, response.headers, response.read(_READ))
    except urllib.error.HTTPError as error:
        with error:
            return _answered(host, _shown(proxy), error.code, error.headers, _rest(error))
    except (OSError, http.client.HTTPException, ValueError) as error:
        trouble, told = _trouble(error, proxied=bool(proxy))
        moment = unsecured_time(host, timeout) if _is_about_dates(error) else None
        return Reach(host, trouble, (told,), moment, time.time(), _shown(proxy))


def unsecured_time(host: str, timeout: float) -> float | None:
    """The time that a host has, asked over HTTP; None where it does not say.

    Only to tell why TLS finds a certificate not valid yet, or any more: nothing else is believed of it.
    """
    opener = urllib.request.build_opener(_NoRedirect)
    try:
        with opener.open(f"http://{host}/", timeout=timeout) as response:
            return _moment(response.headers.get("Date"))
    except urllib.error.HTTPError as error:
        with error:
            return _moment(error.headers.get("Date"))
    except (OSError, http.client.HTTPException, ValueError):
        return None


def _is_about_dates(error: Exception) -> bool:
    reason = getattr(error, "reason", error)
    return isinstance(reason, ssl.SSLCertVerificationError) and reason.verify_code in _DATES


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirection is an answer: a sign-in page is often one."""

    def redirect_request(self, *_: object, **_named: object) -> None:
        """Follow none."""


def _rest(error: urllib.error.HTTPError) -> bytes:
    try:
        return error.read(_READ)
    except (OSError, http.client.HTTPException):
        return b""


def _answered(host: str, proxy: str, status: int, headers: Message, body: bytes) -> Reach:
    now = time.time()
    kind = headers.get("Content-Type", "")
    seen = [f"an unsigned request: HTTP {status} {plain(kind, 80) or 'without a content type'}"]
    named = ("Server", "Via", "Location", "Date")
    seen += [f"{name}: {plain(headers[name], 120)}" for name in named if headers.get(name)]
    is_service = "x-acs-request-id" in headers or (b"RequestId" in body and b"<html" not in body.lower())
    trouble = None if is_service else Trouble.PAGE
    return Reach(host, trouble, tuple(seen), _moment(headers.get("Date")), now, proxy)


def _moment(date: str | None) -> float | None:
    try:
        return None if date is None else email.utils.parsedate_to_datetime(date).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None


def _trouble(error: Exception, *, proxied: bool) -> tuple[Trouble, str]:
    reason = getattr(error, "reason", error)
    cause = reason if isinstance(reason, Exception) else error
    kind = type(cause).__name__
    if proxied and "Tunnel" in str(cause):
        return Trouble.PROXY, f"the proxy refuses the tunnel: {plain(str(cause), 80)}"
    if isinstance(cause, ssl.SSLCertVerificationError):
        return Trouble.TLS, f"TLS: {plain(cause.verify_message)}"
    trouble = next((each for type_, each in _CAUSES if isinstance(cause, type_)), Trouble.OTHER)
    if proxied and trouble in (Trouble.NAME, Trouble.REFUSED):
        trouble = Trouble.PROXY
    return trouble, f"{kind}: {trouble.value}"


def _shown(proxy: str) -> str:
    """A proxy without the password that its URL may hold."""
    if not proxy:
        return ""
    parts = urllib.parse.urlsplit(proxy if "//" in proxy else f"//{proxy}")
    try:
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        port = ""
    return plain(f"{parts.hostname or '?'}{port}", 100)
