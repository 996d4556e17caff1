"""Function Compute: functions of generation 3.0, services and functions of generation 2.0.

`ROUTES_3` lie below `/2023-03-30`, `ROUTES_2` below `/2021-04-06` and `/2016-08-15`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crossaccount.localcloud.call import Route

ROUTES_3: Sequence[Route] = ()
ROUTES_2: Sequence[Route] = ()

__all__ = ["ROUTES_2", "ROUTES_3"]
