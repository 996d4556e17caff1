"""The Node packages that the Node example and the client tests share."""

from __future__ import annotations

from tests.clients.test_node import modules

__all__ = ["modules"]
