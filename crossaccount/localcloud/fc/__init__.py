"""Function Compute: functions of generation 3.0, services and functions of generation 2.0.

`ROUTES_3` lie below `/2023-03-30`, `ROUTES_2` below `/2021-04-06` and `/2016-08-15`. What is in neither is
not served here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crossaccount.localcloud.fc import functions, service_functions, services

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crossaccount.localcloud.call import Route

ROUTES_3: Sequence[Route] = functions.ROUTES
ROUTES_2: Sequence[Route] = (*services.ROUTES, *service_functions.ROUTES)

__all__ = ["ROUTES_2", "ROUTES_3"]
