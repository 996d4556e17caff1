"""ACS3-HMAC-SHA256, "V3": the Python SDKs' default (section 6.3 of the facts).

`Authorization: ACS3-HMAC-SHA256 Credential=<key>,SignedHeaders=<a;b;c>,Signature=<hex>`
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

from crossaccount.localcloud.errors import ApiError
from crossaccount.localcloud.signatures.claim import Claim, incomplete, iso_moment
from crossaccount.localcloud.signatures.encoding import canonical_query

if TYPE_CHECKING:
    from crossaccount.localcloud.wire import Wire

ALGORITHM = "ACS3-HMAC-SHA256"
_FIELDS = ("Credential", "SignedHeaders", "Signature")
_ALWAYS_SIGNED = ("host", "x-acs-date", "x-acs-content-sha256", "x-acs-signature-nonce")


def read(wire: Wire) -> Claim:
    """The claim of a request signed by V3.

    Every `x-acs-` header that is there must be signed, so that nothing a decision rests on can be changed
    underway.

    Raises:
        ApiError: 400 when a part is missing or unsigned, or the body is not the one whose hash was signed.
    """
    fields = _fields(wire.headers["authorization"])
    headers = wire.headers
    signed = fields["SignedHeaders"].split(";")
    _check_signed(wire, signed)
    content_hash = headers["x-acs-content-sha256"]
    if hashlib.sha256(wire.body).hexdigest() != content_hash:
        raise ApiError(
            400, "SignatureDoesNotMatch", "The body is not the one whose x-acs-content-sha256 was signed."
        )
    lines = "".join([f"{name}:{headers[name]}\n" for name in signed])
    canonical = "\n".join(
        (wire.method, wire.path, canonical_query(wire.query), lines, fields["SignedHeaders"], content_hash)
    )
    return Claim(
        scheme="ACS3",
        access_key_id=fields["Credential"],
        moment=iso_moment(headers["x-acs-date"]),
        nonce=headers["x-acs-signature-nonce"],
        security_token=headers.get("x-acs-security-token"),
        signature=fields["Signature"],
        to_sign=f"{ALGORITHM}\n{hashlib.sha256(canonical.encode()).hexdigest()}",
        sign=_sign,
    )


def _sign(secret: str, to_sign: str) -> str:
    return hmac.digest(secret.encode(), to_sign.encode(), "sha256").hex()


def _fields(authorization: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    for part in authorization[len(ALGORITHM) + 1 :].split(","):
        name, _, value = part.strip().partition("=")
        if name in fields or name not in _FIELDS or not value:
            raise incomplete(f"Authorization has an unexpected part `{name}`.")
        fields[name] = value
    if len(fields) != len(_FIELDS):
        raise incomplete(f"Authorization needs {', '.join(_FIELDS)}.")
    return fields


def _check_signed(wire: Wire, signed: list[str]) -> None:
    if signed != sorted(set(signed)):
        raise incomplete("SignedHeaders is not a sorted list of lower-case names.")
    for name in signed:
        if name not in wire.headers:
            raise incomplete(f"The signed header {name} is missing.")
    for name in _ALWAYS_SIGNED:
        if name not in signed:
            raise incomplete(f"The header {name} must be signed.")
    for name in wire.headers:
        if name.startswith("x-acs-") and name not in signed:
            raise incomplete(f"The header {name} must be signed.")
