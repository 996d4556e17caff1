"""Pages of a list: `Marker`, `MaxItems` and `IsTruncated` (facts 3.2).

A marker names the last entity shown, so pages neither repeat nor skip an entity that stays while others
come and go. It is opaque to clients and belongs to the action that gave it.
"""

from __future__ import annotations

import base64
import binascii
from bisect import bisect_right
from typing import TYPE_CHECKING, Any, TypeVar

from crossaccount.localcloud.parameters import integer
from crossaccount.localcloud.ram import faults, limits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.localcloud.call import Call

Item = TypeVar("Item")


def write_marker(action: str, last: str) -> str:
    """The marker of the page that ends with the entity named `last`."""
    return base64.urlsafe_b64encode(f"{action}:{last}".encode()).decode().rstrip("=")


def open_marker(action: str, marker: str) -> str | None:
    """The name after which the next page begins; None when the action never gave that marker."""
    try:
        text = base64.b64decode(marker + "=" * (-len(marker) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        return None
    given_by, _, last = text.partition(":")
    return last if given_by == action and last else None


def read_marker(parameter: str, action: str, marker: str) -> str:
    """`open_marker` for RAM.

    Raises:
        ApiError: `InvalidParameter.<parameter>`.
    """
    last = open_marker(action, marker)
    if last is None:
        raise faults.incorrect(parameter, f"It is none that {action} gave.")
    return last


def page(call: Call, action: str, items: Mapping[str, Item]) -> tuple[list[Item], dict[str, Any]]:
    """The page of a list that the call asks for, in the order of names.

    Args:
        call: carries `Marker` (absent or empty: the first page) and `MaxItems` (1 to 1000, default 100).
        action: the API's name.
        items: the whole list by name.

    Returns:
        The page's items, and the fields of the answer: `IsTruncated`, and `Marker` only when it is true.

    Raises:
        ApiError: `InvalidParameter.MaxItems` or `InvalidParameter.Marker`.
    """
    low, high = limits.PAGE_ITEMS
    size = integer(call.params, "MaxItems", limits.PAGE_ITEMS_DEFAULT, low=low, high=high)
    marker = call.params.get("Marker", "")
    shown, last = cut(sorted(items), read_marker("Marker", action, marker) if marker else "", size)
    fields: dict[str, Any] = {"IsTruncated": last is not None}
    if last is not None:
        fields["Marker"] = write_marker(action, last)
    return [items[name] for name in shown], fields


def cut(ordered: list[str], after: str, size: int) -> tuple[list[str], str | None]:
    """The next `size` names after one, and the last of them when more follow."""
    start = bisect_right(ordered, after)
    shown = ordered[start : start + size]
    return shown, shown[-1] if start + size < len(ordered) else None
