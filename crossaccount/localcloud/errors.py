"""What the local cloud answers when it refuses, as values.

Every refusal is an `ApiError`: an HTTP status, the service's code and its message. How it is written on the
wire (RAM and STS, Function Compute 3.0, Function Compute 2.0 native) is decided by the product's renderer,
not here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


class ApiError(Exception):
    """A refusal of one call.

    Args:
        status: HTTP status; it carries meaning (a 404 on a read tells the provider that the resource is gone,
            section 7.6).
        code: the service's error code, e.g. `EntityNotExist.Role` (sections 3.4, 3.5, 4.3, 5.4 of the facts).
        message: the service's message.
        details: further top-level fields of the body, e.g. `AccessDeniedDetail`.
    """

    def __init__(
        self, status: int, code: str, message: str, details: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.details: Mapping[str, Any] = details or {}
