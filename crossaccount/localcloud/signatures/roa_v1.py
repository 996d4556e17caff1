"""ROA signature version 1, the provider's for REST: `Authorization: acs <key>:<signature>` (facts 6.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crossaccount.localcloud.signatures.claim import Claim, http_moment, incomplete
from crossaccount.localcloud.signatures.encoding import check_content_md5, hmac_sha1, prefixed_headers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.localcloud.wire import Wire

_EXPECTED = {"x-acs-signature-method": "HMAC-SHA1", "x-acs-signature-version": "1.0"}


def read(wire: Wire) -> Claim:
    """The claim of a request signed by ROA V1.

    The body is covered only through Content-MD5, which clients may leave out.

    Raises:
        ApiError: 400 when a part is missing or out of form, or the body is not the one whose Content-MD5 was
            signed.
    """
    headers = wire.headers
    key_id, _, signature = headers["authorization"][len("acs ") :].partition(":")
    if not key_id or not signature:
        raise incomplete("Authorization needs `acs <AccessKeyId>:<Signature>`.")
    for name, value in _EXPECTED.items():
        if headers.get(name) != value:
            raise incomplete(f"The header {name} must be {value}.")
    if not headers.get("x-acs-signature-nonce"):
        raise incomplete("The header x-acs-signature-nonce is missing.")
    check_content_md5(headers.get("content-md5", ""), wire.body)
    return Claim(
        scheme="ROA1",
        access_key_id=key_id,
        moment=http_moment(headers.get("date", "")),
        nonce=headers["x-acs-signature-nonce"],
        security_token=headers.get("x-acs-security-token"),
        signature=signature,
        to_sign=_to_sign(wire, wire.headers),
        sign=hmac_sha1,
        also_to_sign=_without_added_type(wire),
    )


def _without_added_type(wire: Wire) -> str:
    # aiohttp, under the asynchronous SDKs, adds this header to what was signed without it.
    if wire.body or wire.headers.get("content-type") != "application/octet-stream":
        return ""
    return _to_sign(wire, {**wire.headers, "content-type": ""})


def _to_sign(wire: Wire, headers: Mapping[str, str]) -> str:
    plain = [headers.get(name, "") for name in ("accept", "content-md5", "content-type", "date")]
    head = "\n".join([wire.method, *plain])
    return f"{head}\n{prefixed_headers(headers, 'x-acs-')}{wire.path}{_query(wire.query)}"


def _query(query: Mapping[str, str]) -> str:
    if not query:
        return ""
    return "?" + "&".join([f"{name}={query[name]}" if query[name] else name for name in sorted(query)])
