"""RPC signature version 1, the provider's and older SDKs': HMAC-SHA1 over all parameters (facts 6.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crossaccount.localcloud.errors import ApiError
from crossaccount.localcloud.signatures.claim import Claim, incomplete, iso_moment
from crossaccount.localcloud.signatures.encoding import canonical_query, enc, hmac_sha1

if TYPE_CHECKING:
    from crossaccount.localcloud.wire import Wire

_REQUIRED = ("AccessKeyId", "Timestamp", "SignatureMethod", "SignatureVersion", "SignatureNonce", "Signature")


def read(wire: Wire) -> Claim:
    """The claim of a request signed by RPC V1; the path, the headers and the host are not signed.

    Raises:
        ApiError: 400 when a parameter is missing or names another method or version.
    """
    params = wire.params
    for name in _REQUIRED:
        if not params.get(name):
            raise ApiError(400, f"Missing{name}", f"{name} is mandatory for this action.")
    if params["SignatureMethod"] != "HMAC-SHA1" or params["SignatureVersion"] != "1.0":
        raise incomplete("Only SignatureMethod HMAC-SHA1 with SignatureVersion 1.0 is known.")
    canonical = canonical_query({name: value for name, value in params.items() if name != "Signature"})
    return Claim(
        scheme="RPC1",
        access_key_id=params["AccessKeyId"],
        moment=iso_moment(params["Timestamp"]),
        nonce=params["SignatureNonce"],
        security_token=params.get("SecurityToken"),
        signature=params["Signature"],
        to_sign=f"{wire.method}&%2F&{enc(canonical)}",
        sign=_sign,
    )


def _sign(secret: str, to_sign: str) -> str:
    return hmac_sha1(f"{secret}&", to_sign)
