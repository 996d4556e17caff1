"""Dates and addresses of a trust policy's conditions, each in one form. Source: facts 1.3."""

import ipaddress
import re
from datetime import datetime, timezone
from typing import Annotated

from pydantic import BeforeValidator

from components.conflicts import RevealingError

_SHAPE = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(:\d\d)?([Zz]|[+-]\d\d:\d\d)")

_FOUR_DIGITS = 1000


def instant(value: object) -> str:
    """A date, time and offset, as UTC: `2027-03-31T23:59:59+09:00` becomes `2027-03-31T14:59:59Z`.

    Raises:
        ValueError: there is no such moment, or no offset says which one is meant.
    """
    if not (isinstance(value, str) and _SHAPE.fullmatch(value)):
        raise ValueError(
            "is no moment: write date, time and offset in quotes, such as `2027-03-31T23:59:59+09:00`"
        )
    try:
        moment = datetime.fromisoformat(re.sub("[Zz]$", "+00:00", value.upper())).astimezone(timezone.utc)
    except (ValueError, OverflowError) as wrong:
        raise ValueError(
            "is not on the calendar: write a moment such as `2027-03-31T23:59:59+09:00`"
        ) from wrong
    if moment.year < _FOUR_DIGITS:
        raise ValueError("is before the year 1000: write a moment such as `2027-03-31T23:59:59+09:00`")
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def source_ip(value: object) -> str:
    """An IPv4 or IPv6 address, or a network in CIDR form without host bits; a `/0` is refused."""
    text = value if isinstance(value, str) else ""
    try:
        if "/" not in text:
            return str(ipaddress.ip_address(text))
        network = ipaddress.ip_network(text, strict=False)
        address = ipaddress.ip_address(text.split("/")[0])
    except ValueError as wrong:
        raise ValueError(
            "is no address: write an IP address or a CIDR block such as `203.0.113.0/24`"
        ) from wrong
    if network.prefixlen == 0:
        raise ValueError("admits every address: leave `sourceIps` out if that is meant")
    if address != network.network_address:
        hidden = "has host bits set: write the network's own address"
        raise RevealingError(f"has host bits set: write `{network}`", hidden)
    return str(network)


def is_past(moment: str) -> bool:
    """Whether a moment in the form that `instant` gives has passed."""
    return moment <= datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def cover_everything(networks: object) -> bool:
    """Whether the right ones in a list of addresses and networks together are all of IPv4 or all of IPv6."""
    found = (
        [each for written in networks for each in _networks(written)] if isinstance(networks, list) else []
    )
    four = [each for each in found if isinstance(each, ipaddress.IPv4Network)]
    six = [each for each in found if isinstance(each, ipaddress.IPv6Network)]
    collapsed = (ipaddress.collapse_addresses(four), ipaddress.collapse_addresses(six))
    return any(each.prefixlen == 0 for family in collapsed for each in family)


def _networks(written: object) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    try:
        return [ipaddress.ip_network(source_ip(written))]
    except ValueError:
        return []


Instant = Annotated[str, BeforeValidator(instant)]
SourceIp = Annotated[str, BeforeValidator(source_ip)]
