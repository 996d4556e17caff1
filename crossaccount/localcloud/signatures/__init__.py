"""The signature schemes clients use today, one module each, and how to tell them apart (section 6.1 of the facts)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crossaccount.localcloud.errors import ApiError
from crossaccount.localcloud.signatures import acs3, fc, roa_v1, rpc_v1
from crossaccount.localcloud.signatures.claim import Claim, incomplete

if TYPE_CHECKING:
    from collections.abc import Callable

    from crossaccount.localcloud.wire import Wire

__all__ = ["Claim", "read_claim"]

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
