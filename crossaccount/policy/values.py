"""The values of conditions, read from text: numbers, dates, booleans, addresses.

Every reader raises ValueError with a message for what it cannot read; what the documentation does not show
is not read. Source: RAM, "Condition operators" (facts 1.3).
"""

from __future__ import annotations

import ipaddress
import re
from datetime import datetime
from decimal import Decimal
from functools import lru_cache

from crossaccount.policy.problems import shown

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_TIME = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_DATE = re.compile(
    rf"(?P<start>[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T{_TIME}:[0-5][0-9])(?:\.(?P<fraction>[0-9]{{1,6}}))?"
    rf"(?P<offset>Z|[+-]{_TIME})"
)
_PREFIX = re.compile(r"[^/%]+(/[0-9]{1,3})?")


def read_number(text: str) -> Decimal:
    """A decimal number such as `3600` or `-1.5`, of any size."""
    if _NUMBER.fullmatch(text) is None:
        raise ValueError(f"{shown(text)} is not a number: write digits, such as `3600` or `-1.5`")
    return Decimal(text)


def read_boolean(text: str) -> bool:
    """`true` or `false`."""
    if text not in ("true", "false"):
        raise ValueError(f"{shown(text)} is not a boolean: write `true` or `false`")
    return text == "true"


@lru_cache(maxsize=4096)
def read_date(text: str) -> datetime:
    """An ISO 8601 instant with its offset from UTC; up to six digits of a second."""
    wrong = f"{shown(text)} is not a date: write `2026-01-01T00:00:00+08:00` or `2026-01-01T00:00:00Z`"
    match = _DATE.fullmatch(text)
    if match is None:
        raise ValueError(wrong)
    fraction = (match["fraction"] or "").ljust(6, "0")
    offset = "+00:00" if match["offset"] == "Z" else match["offset"]
    try:
        return datetime.fromisoformat(f"{match['start']}.{fraction}{offset}")
    except ValueError as error:
        raise ValueError(wrong) from error


@lru_cache(maxsize=4096)
def read_address(text: str) -> Address:
    """One IPv4 or IPv6 address; an IPv4 address in IPv6 clothes (`::ffff:192.0.2.1`) is the IPv4 address."""
    wrong = f"{shown(text)} is not an IP address"
    if "%" in text:
        raise ValueError(wrong)
    try:
        address = ipaddress.ip_address(text)
    except ValueError as error:
        raise ValueError(wrong) from error
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def read_network(text: str) -> Network:
    """One IPv4 or IPv6 address or CIDR block; a block must not have bits set after its prefix."""
    wrong = f"{shown(text)} is not an IP address or CIDR block: write `192.0.2.1` or `192.0.2.0/24`"
    if _PREFIX.fullmatch(text) is None:
        raise ValueError(wrong)
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError as error:
        raise ValueError(wrong) from error
    if isinstance(network, ipaddress.IPv6Network) and network.network_address.ipv4_mapped is not None:
        raise ValueError(f"{shown(text)} is an IPv4 address in IPv6 form: write the IPv4 form")
    if "/" in text and network.network_address != ipaddress.ip_address(text.partition("/")[0]):
        raise ValueError(f"{shown(text)} has bits set after its prefix: write `{network}`")
    return network
