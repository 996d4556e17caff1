"""What a Host header says: which product, which region, whose account (section 5.1 of the facts). Pure.

Loopback names say nothing, so that one port serves every product; any other host must be one of Alibaba
Cloud's for the products that are here.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from functools import lru_cache

_REGION = r"(?P<region>[a-z]{2}-[a-z0-9-]{2,40}?)"
_NETWORK = r"(?:-internal|-vpc)?"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (product, re.compile(pattern))
    for product, pattern in (
        ("fc3", rf"fcv3{_NETWORK}\.{_REGION}\.aliyuncs\.com"),
        ("fc3", rf"fcv3\.{_REGION}{_NETWORK}\.aliyuncs\.com"),
        ("fc2", rf"fc{_NETWORK}\.{_REGION}\.aliyuncs\.com"),
        ("fc", rf"(?:(?P<account>[0-9]{{16}})\.)?{_REGION}{_NETWORK}\.fc\.aliyuncs\.com"),
        ("ram", r"ram\.aliyuncs\.com"),
        ("sts", r"sts\.aliyuncs\.com"),
        ("sts", rf"sts(?:-vpc)?\.{_REGION}\.aliyuncs\.com"),
        ("ims", r"ims\.aliyuncs\.com"),
        ("bss", r"business\.aliyuncs\.com"),
    )
)


class HostError(ValueError):
    """A host that is neither a loopback name nor one of the products here."""


@dataclass(frozen=True, slots=True)
class Host:
    """What a host says.

    Attributes:
        product: `ram`, `sts`, `ims`, `bss`, `fc3`, `fc2`, `fc` (either generation); None for a loopback name.
        region: the region named, or None.
        account_id: the account id in front of a native Function Compute host, or None.
    """

    product: str | None = None
    region: str | None = None
    account_id: str | None = None


_HOST = re.compile(r"(?:https?://)?(?:\[(?P<v6>[0-9a-f:.]+)\]|(?P<name>[^:/@\[\]]*))(?::[0-9]{0,5})?/?")


def _without_port(host: str) -> str:
    name = host.strip().lower()
    if match := _HOST.fullmatch(name):
        return match["v6"] or match["name"]
    return name  # an IPv6 address without its brackets; anything else is no host's name


def is_loopback(host: str) -> bool:
    """Whether a Host header, with or without port, names this machine's loopback interface."""
    name = _without_port(host)
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


@lru_cache(maxsize=512)
def parse_host(host: str) -> Host:
    """What a Host header says.

    Args:
        host: the header's value; a port and a scheme, which some clients send, are ignored.

    Raises:
        HostError: when it is not understood; the message names it.
    """
    name = _without_port(host)
    for product, pattern in _PATTERNS:
        if match := pattern.fullmatch(name):
            found = match.groupdict()
            return Host(product, found.get("region"), found.get("account"))
    if is_loopback(host):
        return Host()
    raise HostError(
        f"the host `{host}` is not served here; use 127.0.0.1, ram.aliyuncs.com, sts[.REGION].aliyuncs.com, "
        "fcv3.REGION.aliyuncs.com, fc.REGION.aliyuncs.com or [ACCOUNT.]REGION.fc.aliyuncs.com"
    )
