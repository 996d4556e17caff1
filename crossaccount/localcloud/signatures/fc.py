"""The Function Compute signature of fc2 and fc-go-sdk, `Authorization: FC <key>:<signature>` (facts 6.6).

It covers no ordinary query string and not the host, and it has no nonce.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crossaccount.localcloud.signatures.claim import Claim, http_moment, incomplete
from crossaccount.localcloud.signatures.encoding import check_content_md5, hmac_sha256, prefixed_headers
from crossaccount.localcloud.wire import decode_segment

if TYPE_CHECKING:
    from crossaccount.localcloud.wire import Wire

_PROXY = "/2016-08-15/proxy/"


def read(wire: Wire) -> Claim:
    """The claim of a request signed the Function Compute way.

    Raises:
        ApiError: 400 when a part is missing or out of form, or the body is not the one whose Content-MD5 was
            signed.
    """
    headers = wire.headers
    key_id, _, signature = headers["authorization"][len("FC ") :].partition(":")
    if not key_id or not signature:
        raise incomplete("Authorization needs `FC <AccessKeyId>:<Signature>`.")
    check_content_md5(headers.get("content-md5", ""), wire.body)
    return Claim(
        scheme="FC",
        access_key_id=key_id,
        moment=http_moment(headers.get("date", "")),
        nonce=None,
        security_token=headers.get("x-fc-security-token"),
        signature=signature,
        to_sign=_to_sign(wire),
        sign=hmac_sha256,
    )


def _to_sign(wire: Wire) -> str:
    headers = wire.headers
    plain = [headers.get(name, "") for name in ("content-md5", "content-type", "date")]
    head = "\n".join([wire.method, *plain])
    text = f"{head}\n{prefixed_headers(headers, 'x-fc-')}{decode_segment(wire.path)}"
    if wire.path.startswith(_PROXY):
        text += "\n" + "\n".join(sorted(f"{name}={value}" for name, value in wire.query.items()))
    return text
