"""The signature schemes clients use, one module each, and how to tell them apart (facts 6.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crossaccount.localcloud.errors import ApiError
from crossaccount.localcloud.signatures import acs3, fc, roa_v1, rpc_v1
from crossaccount.localcloud.signatures.claim import Claim, incomplete

if TYPE_CHECKING:
    from collections.abc import Callable

    from crossaccount.localcloud.wire import Wire

__all__ = ["SERVER_STRING", "Claim", "incomplete", "mismatch", "read_claim", "unknown_key"]

SERVER_STRING = "server string to sign is:"

_BY_AUTHORIZATION: tuple[tuple[str, Callable[[Wire], Claim]], ...] = (
    (f"{acs3.ALGORITHM} ", acs3.read),
    ("acs ", roa_v1.read),
    ("FC ", fc.read),
)


def read_claim(wire: Wire) -> Claim:
    """Who claims to have signed a request, by whichever scheme it was signed.

    Raises:
        ApiError: 400 `MissingAccessKeyId` when it is not signed at all, else what the scheme says is wrong.
    """
    authorization = wire.headers.get("authorization")
    if authorization is None:
        if "Signature" not in wire.params:
            raise ApiError(
                400, "MissingAccessKeyId", "AccessKeyId is mandatory for this action: it is not signed."
            )
        return rpc_v1.read(wire)
    if "Signature" in wire.query:
        raise incomplete("It is signed twice: by the Authorization header and by the parameter Signature.")
    for prefix, read in _BY_AUTHORIZATION:
        if authorization.startswith(prefix):
            return read(wire)
    raise incomplete(f"The Authorization scheme `{authorization.partition(' ')[0][:32]}` is not known.")


def unknown_key(claim: Claim) -> ApiError:
    """The refusal of a key that nobody has; the FC scheme has a code of its own (facts 3.5 and 5.4)."""
    if claim.scheme == "FC":
        return ApiError(403, "InvalidAccessKeyID", f"invalid access key ID '{claim.access_key_id[:64]}'")
    return ApiError(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.")


def mismatch(claim: Claim) -> ApiError:
    """The refusal of a signature that the key did not make.

    The text that was to be signed goes with it: the provider's client compares it with its own (facts 3.5).
    """
    status, code = (403, "SignatureNotMatch") if claim.scheme == "FC" else (400, "SignatureDoesNotMatch")
    message = f"Specified signature is not matched with our calculation. {SERVER_STRING}"
    return ApiError(status, code, message + claim.to_sign)
