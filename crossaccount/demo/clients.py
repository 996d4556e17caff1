"""The unmodified Alibaba Cloud SDK clients, pointed at the local cloud.

RAM and STS have one endpoint. Function Compute has one for each region: its clients keep their real host name
and use the local cloud as their HTTP proxy, so that the host tells the region (facts 5.1).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from alibabacloud_fc20230330.client import Client as FunctionComputeClient
from alibabacloud_fc_open20210406.client import Client as ServiceClient
from alibabacloud_ram20150501.client import Client as RamClient
from alibabacloud_sts20150401.client import Client as StsClient
from alibabacloud_tea_openapi.models import Config


@dataclass(frozen=True, slots=True)
class Key:
    """What signs a call: an access key, or a session's temporary key with its token.

    Attributes:
        key_id: the access key id.
        secret: never shown.
        token: the session's token, None for a long-term key; never shown.
    """

    key_id: str
    secret: str = field(repr=False)
    token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Clients:
    """Makes clients of one local cloud for any key.

    Args:
        endpoint: the local cloud's `127.0.0.1:PORT`.
    """

    endpoint: str

    def ram(self, key: Key) -> RamClient:
        """A RAM client."""
        return RamClient(self._config(key, endpoint=self.endpoint))

    def sts(self, key: Key) -> StsClient:
        """An STS client."""
        return StsClient(self._config(key, endpoint=self.endpoint))

    def functions(self, key: Key, region: str) -> FunctionComputeClient:
        """A Function Compute 3.0 client of one region."""
        return FunctionComputeClient(self._config(key, host=f"fcv3.{region}.aliyuncs.com", region=region))

    def services(self, key: Key, region: str) -> ServiceClient:
        """A Function Compute 2.0 client of one region."""
        return ServiceClient(self._config(key, host=f"fc.{region}.aliyuncs.com", region=region))

    def _config(self, key: Key, *, endpoint: str = "", host: str = "", region: str = "cn-hangzhou") -> Config:
        through: dict[str, Any] = {"http_proxy": f"http://{self.endpoint}"} if host else {}
        return Config(
            endpoint=endpoint or host,
            protocol="HTTP",
            region_id=region,
            access_key_id=key.key_id,
            access_key_secret=key.secret,
            security_token=key.token,
            **through,
        )
