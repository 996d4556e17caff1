"""Two accounts and a delegation between them, for every test of the local cloud."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.localcloud.delegation import Delegation

if TYPE_CHECKING:
    from collections.abc import Callable

    from crossaccount.localcloud.account import Account
    from crossaccount.localcloud.cloud import Cloud


@pytest.fixture
def delegation(
    cloud: Cloud, account_a: Account, account_b: Account, assume: Callable[..., Any]
) -> Delegation:
    """Account A, account B, and the SDKs."""
    return Delegation(cloud, account_a, account_b, assume)
