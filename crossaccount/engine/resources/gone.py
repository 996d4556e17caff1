"""A call about something that may be gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from crossaccount.engine.api_errors import ApiCallError

if TYPE_CHECKING:
    from collections.abc import Callable

Answer = TypeVar("Answer")


def unless_gone(call: Callable[[], Answer]) -> Answer | None:
    """What a call answers; None where RAM says that there is no such thing.

    Raises:
        ApiCallError: it fails for another reason.
    """
    try:
        return call()
    except ApiCallError as error:
        if error.gone:
            return None
        raise
