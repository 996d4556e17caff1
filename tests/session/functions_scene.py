"""A's functions and services in several regions, for a session that lists them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crossaccount.localcloud.fc.entities import Code, Function, Service
from tests.clients.scene import A

if TYPE_CHECKING:
    from crossaccount.localcloud.cloud import Cloud


def put_function(cloud: Cloud, region: str, name: str, **settings: object) -> None:
    """Puts a function into A's account."""
    given = {"runtime": "python3.10", "handler": "index.handler", "memorySize": 256} | settings
    now = cloud.clock.iso()
    functions = cloud.accounts[A].fc.region(region).functions
    functions[name] = Function(name, cloud.ids.uuid(), given, Code(), now, now)


def put_service(cloud: Cloud, region: str, name: str) -> None:
    """Puts a service of Function Compute 2.0 into A's account."""
    now = cloud.clock.iso()
    cloud.accounts[A].fc.region(region).services[name] = Service(name, cloud.ids.uuid(), {}, now, now)
