"""A client of the tests' own: it signs by the published rules, not by the code under test."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Mapping

VERSIONS = {"AssumeRole": "2015-04-01", "GetCallerIdentity": "2015-04-01"}


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def code(self) -> str | None:
        """The error code, in either shape."""
        return self.json.get("Code") or self.json.get("ErrorCode")


@dataclass(frozen=True)
class Request:
    """A request that can be altered before it is sent."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""

    def sent_to(self, endpoint: str) -> Reply:
        """Sends it over a connection of its own."""
        connection = http.client.HTTPConnection(endpoint, timeout=10)
        try:
            connection.putrequest(self.method, self.target, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                connection.putheader(name, value)
            if "content-length" not in self.headers:
                connection.putheader("content-length", str(len(self.body)))
            connection.endheaders(self.body)
            answer = connection.getresponse()
            return Reply(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()


def stamp(offset: float = 0.0) -> str:
    """The wall time, `offset` seconds away, as a time stamp."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + offset))


def encoded(params: Mapping[str, str]) -> str:
    """A query string, sorted and encoded as signatures want it."""
    return "&".join(f"{quote(k, safe='')}={quote(v, safe='')}" for k, v in sorted(params.items()))


def acs3(
    key: Any,
    action: str,
    params: Mapping[str, str] | None = None,
    *,
    method: str = "POST",
    path: str = "/",
    body: bytes = b"",
    version: str | None = None,
    token: str | None = None,
    skew: float = 0.0,
    **headers: str,
) -> Request:
    """A request signed by V3; extra headers are signed too, `_` in their names standing for `-`."""
    query = encoded(params or {})
    signed = {
        "host": "127.0.0.1",
        "x-acs-action": action,
        "x-acs-version": version or VERSIONS.get(action, "2015-05-01"),
        "x-acs-date": stamp(skew),
        "x-acs-signature-nonce": uuid.uuid4().hex,
        "x-acs-content-sha256": hashlib.sha256(body).hexdigest(),
        **({"x-acs-security-token": token} if token else {}),
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    names = ";".join(sorted(signed))
    lines = "".join(f"{name}:{signed[name]}\n" for name in sorted(signed))
    canonical = "\n".join((method, path, query, lines, names, signed["x-acs-content-sha256"]))
    text = f"ACS3-HMAC-SHA256\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = hmac.new(key.secret.encode(), text.encode(), "sha256").hexdigest()
    authorization = f"ACS3-HMAC-SHA256 Credential={key.key_id},SignedHeaders={names},Signature={signature}"
    target = f"{path}?{query}" if query else path
    return Request(method, target, {**signed, "authorization": authorization}, body)


def rpc1(key: Any, action: str, params: Mapping[str, str] | None = None, **system: str) -> Request:
    """A request signed by RPC V1, everything in the query; `system` overrides the system parameters."""
    every = {
        "Action": action,
        "Version": VERSIONS.get(action, "2015-05-01"),
        "AccessKeyId": key.key_id,
        "Timestamp": stamp(),
        "SignatureMethod": "HMAC-SHA1",
        "SignatureVersion": "1.0",
        "SignatureNonce": uuid.uuid4().hex,
        "Format": "JSON",
        **(params or {}),
        **system,
    }
    text = f"GET&%2F&{quote(encoded(every), safe='')}"
    digest = hmac.new(f"{key.secret}&".encode(), text.encode(), "sha1").digest()
    every["Signature"] = base64.b64encode(digest).decode()
    return Request("GET", f"/?{encoded(every)}", {"host": "127.0.0.1"})


def fc_signed(key: Any, method: str, path: str, **headers: str) -> Request:
    """A request signed the Function Compute way, without a body."""
    date = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime())
    own = {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}:{own[name]}\n" for name in sorted(own) if name.startswith("x-fc-"))
    text = f"{method}\n\n\n{date}\n{lines}{path}"
    signature = base64.b64encode(hmac.new(key.secret.encode(), text.encode(), "sha256").digest()).decode()
    sent = {"host": "127.0.0.1", "date": date, **own, "authorization": f"FC {key.key_id}:{signature}"}
    return Request(method, path, sent)
