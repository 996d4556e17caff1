"""The encodings that signatures share (sections 6.2 and 6.6 of the facts)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import TYPE_CHECKING
from urllib.parse import quote

from crossaccount.localcloud.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Mapping


def enc(text: str) -> str:
    """RFC 3986 percent-encoding of UTF-8: only letters, digits and `-_.~` stay."""
    return quote(text, safe="")


def canonical_query(params: Mapping[str, str]) -> str:
    """Parameters sorted by name, encoded, joined by `=` and `&`."""
    return "&".join([f"{enc(name)}={enc(params[name])}" for name in sorted(params)])


def prefixed_headers(headers: Mapping[str, str], prefix: str) -> str:
    """One line `name:value` for each header whose name begins with `prefix`, sorted by name."""
    return "".join([f"{name}:{headers[name]}\n" for name in sorted(headers) if name.startswith(prefix)])


def hmac_sha1(secret: str, text: str) -> str:
    """Base64 of the HMAC-SHA1 of a text."""
    return base64.b64encode(hmac.digest(secret.encode(), text.encode(), "sha1")).decode()


def hmac_sha256(secret: str, text: str) -> str:
    """Base64 of the HMAC-SHA256 of a text."""
    return base64.b64encode(hmac.digest(secret.encode(), text.encode(), "sha256")).decode()


def check_content_md5(declared: str, body: bytes) -> None:
    """Compares a Content-MD5 header with the body.

    It is the base64 of the digest or, from Node, of the digest's hex text (facts 6.6).

    Raises:
        ApiError: 400 `SignatureDoesNotMatch` when the body is not the one that was declared.
    """
    if not declared:
        return
    digest = hashlib.md5(body, usedforsecurity=False)
    if declared not in {
        base64.b64encode(form).decode() for form in (digest.digest(), digest.hexdigest().encode())
    }:
        raise ApiError(400, "SignatureDoesNotMatch", "The body is not the one whose Content-MD5 was signed.")
