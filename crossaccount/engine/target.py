"""The account and endpoint that the engine applies to.

Environment names and their order are those of the real provider (facts 7.1, "Credential env names").
"""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crossaccount.engine.errors import TargetError

if TYPE_CHECKING:
    from collections.abc import Mapping

ACCESS_KEY_ID = ("ALICLOUD_ACCESS_KEY", "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABACLOUD_ACCESS_KEY_ID")
ACCESS_KEY_SECRET = (
    "ALICLOUD_SECRET_KEY",
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
    "ALIBABACLOUD_ACCESS_KEY_SECRET",
)
SECURITY_TOKEN = (
    "ALICLOUD_SECURITY_TOKEN",
    "ALIBABA_CLOUD_SECURITY_TOKEN",
    "ALIBABACLOUD_SECURITY_TOKEN",
)


@dataclass(frozen=True, slots=True)
class Target:
    """Where and as whom the engine calls RAM and STS.

    Args:
        endpoint: `host:port` without scheme, served over plain HTTP; None is the real cloud over HTTPS.
        access_key_id: the caller's access key.
        access_key_secret: its secret; never shown.
        security_token: the token of a session's temporary key; never shown.
        live: allows an endpoint that is not loopback, the real cloud included.

    Raises:
        TargetError: the endpoint is not `host:port`, or not loopback and `live` is false.
    """

    endpoint: str | None
    access_key_id: str
    access_key_secret: str = field(repr=False)
    security_token: str | None = field(default=None, repr=False)
    live: bool = False

    def __post_init__(self) -> None:
        if self.endpoint is not None:
            _host(self.endpoint)
        if not self.live and not self.is_local:
            where = "the real Alibaba Cloud" if self.endpoint is None else f"`{self.endpoint}`"
            raise TargetError(
                f"refusing to call {where}: this engine is for trials on a loopback endpoint; start one with "
                "`crossaccount local`, use `pulumi up` for real accounts, or pass `--live` to insist"
            )

    @property
    def is_local(self) -> bool:
        """Whether the endpoint is on this machine's loopback interface."""
        return self.endpoint is not None and _is_loopback(_host(self.endpoint))

    @classmethod
    def from_environment(
        cls, endpoint: str | None, *, live: bool = False, environ: Mapping[str, str] | None = None
    ) -> Target:
        """Read the credentials from `environ` (default: the process's environment).

        Raises:
            TargetError: a variable is missing, or the endpoint is not allowed.
        """
        environ = os.environ if environ is None else environ
        return cls(
            endpoint=endpoint,
            access_key_id=_required(environ, ACCESS_KEY_ID),
            access_key_secret=_required(environ, ACCESS_KEY_SECRET),
            security_token=_first(environ, SECURITY_TOKEN),
            live=live,
        )


def _first(environ: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    return next((environ[name] for name in names if environ.get(name)), None)


def _required(environ: Mapping[str, str], names: tuple[str, ...]) -> str:
    value = _first(environ, names)
    if value is None:
        raise TargetError(f"no credentials: set {' or '.join(f'`{name}`' for name in names)}")
    return value


def _host(endpoint: str) -> str:
    host, separator, port = endpoint.rpartition(":")
    if not separator or not host or not port.isdigit() or "/" in endpoint:
        raise TargetError(f"endpoint `{endpoint}` is not `host:port`; leave out the scheme and the path")
    return host.strip("[]")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
