"""RAM's own kinds of parameters, beside those every product has (`crossaccount.localcloud.parameters`)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crossaccount.localcloud.parameters import integer, json_list
from crossaccount.localcloud.ram import faults

if TYPE_CHECKING:
    from crossaccount.localcloud.call import Call

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def text(call: Call, name: str, longest: int) -> str | None:
    """Free text of at most `longest` characters, or None when it was not sent.

    Raises:
        ApiError: `InvalidParameter.<name>.Length`, or `.InvalidChars` for control characters.
    """
    value = call.params.get(name)
    if value is None:
        return None
    if len(value) > longest:
        raise faults.too_long(name)
    if _UNPRINTABLE.search(value):
        raise faults.bad_chars(name)
    return value


def choice(call: Call, name: str, allowed: tuple[str, ...]) -> str | None:
    """One of some words, in their exact letter case, or None when it was not sent.

    Raises:
        ApiError: `InvalidParameter.<name>`.
    """
    value = call.params.get(name)
    if not value:
        return None
    if value not in allowed:
        raise faults.incorrect(name, f"`{value}` is none of {', '.join(allowed)}.")
    return value


def bounded(call: Call, name: str, default: int, low: int, high: int) -> int:
    """A whole number between two bounds, both included, or its default when it was not sent.

    Raises:
        ApiError: `InvalidParameter.<name>.Range`, or `InvalidParameter.<name>` when it is no whole number.
    """
    value = integer(call.params, name, default, low=-(10**9), high=10**9)
    if not low <= value <= high:
        raise faults.out_of_range(name, low, high)
    return value


def text_list(call: Call, plural: str, singular: str) -> list[str]:
    """A list of texts, sent as JSON under its plural name or numbered under either name (facts 3.1).

    Returns:
        The texts; empty when none was sent.

    Raises:
        ApiError: `InvalidParameter.<plural>`.
    """
    items = json_list(call.params, plural) or json_list(call.params, singular) or []
    if not all(isinstance(item, str) and item for item in items):
        raise faults.incorrect(plural, "It is a list of texts.")
    return items
