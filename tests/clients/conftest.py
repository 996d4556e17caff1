"""A served cloud with a delegation in it, and nothing patched."""

from __future__ import annotations

import pytest

from crossaccount.localcloud import Cloud
from tests.clients.scene import A, B, Scene, furnish


@pytest.fixture
def scene(monkeypatch):
    """A delegation on a served cloud; no proxy and no credentials of the environment."""
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    cloud = Cloud([A, B])
    key = furnish(cloud)
    root = cloud.accounts[A].root_key
    with cloud:
        yield Scene(cloud, (root.key_id, root.secret), key)
    assert not cloud.faults
    assert not cloud.unimplemented
