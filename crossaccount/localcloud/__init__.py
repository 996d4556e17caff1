"""Alibaba Cloud made local: RAM, STS and Function Compute for any number of accounts in one process.

`Cloud` is the way in. It is imported only when it is asked for, so that the pytest plugin costs nothing where
it is not used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crossaccount.localcloud.cloud import Cloud

__all__ = ["Cloud"]


def __getattr__(name: str) -> Any:  # noqa: ANN401  PEP 562
    if name != "Cloud":
        raise AttributeError(f"module `{__name__}` has no attribute `{name}`")
    from crossaccount.localcloud.cloud import Cloud  # noqa: PLC0415

    return Cloud
