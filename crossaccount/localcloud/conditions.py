"""The condition keys every call carries (section 1.4 of the facts)."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from crossaccount.localcloud.errors import ApiError

if TYPE_CHECKING:
    from crossaccount.localcloud.call import Call
    from crossaccount.localcloud.caller import Caller
    from crossaccount.localcloud.wire import Wire

_WORDS = {True: "true", False: "false"}


def client_address(wire: Wire, scheme: str) -> str:
    """The address `acs:SourceIp` is compared with.

    It is the connection's, unless the client signed another one: the parameter SourceIp (RPC) or the header
    x-acs-source-ip, as the provider's `source_ip` setting sends them (section 7.1). What no signature covers
    is not believed.

    Raises:
        ApiError: 400 `InvalidParameter.SourceIp` when it is no address.
    """
    given = _signed_value(wire, scheme, "SourceIp", "x-acs-source-ip")
    if given is None:
        return wire.client
    try:
        return str(ipaddress.ip_address(given))
    except ValueError:
        raise ApiError(
            400, "InvalidParameter.SourceIp", f"The source address `{given[:64]}` is no IP address."
        ) from None


def is_secure(wire: Wire, scheme: str) -> bool:
    """Whether the call counts as made over TLS (`acs:SecureTransport`).

    It does when it came over TLS, when a proxy in front says so (`x-forwarded-proto`), or when the client
    signed the parameter SecureTransport or the header x-acs-secure-transport.

    Raises:
        ApiError: 400 `InvalidParameter.SecureTransport` when it is neither true nor false.
    """
    given = _signed_value(wire, scheme, "SecureTransport", "x-acs-secure-transport")
    if given is None:
        return wire.secure or wire.headers.get("x-forwarded-proto") == "https"
    if given.lower() not in {"true", "false"}:
        raise ApiError(400, "InvalidParameter.SecureTransport", f"`{given[:64]}` is neither true nor false.")
    return given.lower() == "true"


def _signed_value(wire: Wire, scheme: str, parameter: str, header: str) -> str | None:
    by_parameter = wire.params.get(parameter) if scheme in {"RPC1", "ACS3"} else None
    by_header = wire.headers.get(header) if scheme in {"ROA1", "ACS3"} else None
    return by_parameter or by_header or None


def principal_arn(caller: Caller) -> str:
    """The value of `acs:PrincipalARN`: a session is its role, in lower case; the region is written `*`."""
    kind = {
        "root": "root",
        "user": f"user/{caller.name}",
        "session": f"role/{caller.name.lower()}",
        "federated": caller.name,
    }[caller.kind]
    return f"acs:ram:*:{caller.account.id}:{kind}"


def base_context(call: Call) -> dict[str, str]:
    """The condition keys of a call that do not depend on the action."""
    context = {
        "acs:CurrentTime": call.cloud.clock.iso(),
        "acs:SecureTransport": _WORDS[call.secure],
        "acs:SourceIp": call.source_ip,
        "acs:MFAPresent": _WORDS[call.caller.mfa],
        "acs:PrincipalARN": principal_arn(call.caller),
    }
    agent = call.headers.get("user-agent")
    if agent:
        context["acs:UserAgent"] = agent
    return context
