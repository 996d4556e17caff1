"""The products served here, and how each writes its errors (sections 3.3 and 5.4 of the facts)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ErrorShape = Literal["rpc", "pop", "native"]


@dataclass(frozen=True, slots=True)
class Product:
    """One product in one version.

    Attributes:
        name: as Alibaba Cloud's troubleshooter spells it: `Ram`, `Sts`, `BssOpenApi`, `FC`, `FC-Open`.
        version: the API's date.
        shape: how errors are written: `rpc` (RequestId, HostId, Code, Message, Recommend), `pop` (RequestId,
            Code, Message), or `native` (ErrorCode, ErrorMessage).
        host_id: the central host, which `rpc` errors name.
        hosts: the kinds of host (see `Host.product`) that serve it.
        schemes: the signature schemes it takes. RPC V1 covers no path and ROA V1 no parameters of a form, so
            neither is taken where it would leave something unsigned that decides.
    """

    name: str
    version: str
    shape: ErrorShape
    host_id: str
    hosts: frozenset[str]
    schemes: frozenset[str]


_RPC = frozenset({"ACS3", "RPC1"})
_REST = frozenset({"ACS3", "ROA1"})

RAM = Product("Ram", "2015-05-01", "rpc", "ram.aliyuncs.com", frozenset({"ram"}), _RPC)
STS = Product("Sts", "2015-04-01", "rpc", "sts.aliyuncs.com", frozenset({"sts"}), _RPC)
IMS = Product("Ims", "2019-08-15", "rpc", "ims.aliyuncs.com", frozenset({"ims"}), _RPC)
BSS = Product("BssOpenApi", "2017-12-14", "rpc", "business.aliyuncs.com", frozenset({"bss"}), _RPC)
FC_3 = Product("FC", "2023-03-30", "pop", "fcv3.aliyuncs.com", frozenset({"fc", "fc3"}), _REST)
FC_OPEN = Product("FC-Open", "2021-04-06", "pop", "fc.aliyuncs.com", frozenset({"fc", "fc2"}), _REST)
FC_2 = Product("FC", "2016-08-15", "native", "fc.aliyuncs.com", frozenset({"fc", "fc2"}), _REST | {"FC"})

UNKNOWN = Product("", "", "rpc", "", frozenset(), frozenset())
