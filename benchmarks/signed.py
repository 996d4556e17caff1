"""Signed requests for the local cloud, prepared before the clock runs: ACS3-HMAC-SHA256 (facts 6.3)."""

from __future__ import annotations

import hashlib
import hmac
import uuid
from collections.abc import Mapping
from datetime import datetime, timezone
from urllib.parse import quote

_EMPTY = hashlib.sha256(b"").hexdigest()


def signed_request(
    host: str, key: tuple[str, str], action: str, version: str, parameters: Mapping[str, str]
) -> bytes:
    """One request with a nonce of its own, as the bytes to send."""
    query = "&".join(
        f"{quote(name, safe='')}={quote(value, safe='-_.~')}" for name, value in sorted(parameters.items())
    )
    headers = {
        "host": host,
        "x-acs-action": action,
        "x-acs-content-sha256": _EMPTY,
        "x-acs-date": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": uuid.uuid4().hex,
        "x-acs-version": version,
    }
    names = ";".join(headers)
    canonical_headers = "".join(f"{name}:{value}\n" for name, value in headers.items())
    canonical = f"POST\n/\n{query}\n{canonical_headers}\n{names}\n{_EMPTY}"
    to_sign = "ACS3-HMAC-SHA256\n" + hashlib.sha256(canonical.encode()).hexdigest()
    signature = hmac.new(key[1].encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    headers["authorization"] = (
        f"ACS3-HMAC-SHA256 Credential={key[0]},SignedHeaders={names},Signature={signature}"
    )
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST /?{query} HTTP/1.1\r\n{head}content-length: 0\r\n\r\n".encode()
