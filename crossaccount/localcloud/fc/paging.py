"""Pages of a list: `limit`, `nextToken`, `prefix`, `startKey` (facts 5.2, 5.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from crossaccount.localcloud.fc import faults
from crossaccount.localcloud.ram.paging import cut, open_marker, write_marker

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.localcloud.call import Call

Item = TypeVar("Item")

_DEFAULT, _LARGEST = 20, 100


def _limit(call: Call) -> int:
    text = call.params.get("limit") or str(_DEFAULT)
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text[:9]) <= _LARGEST:
        raise faults.invalid(f"limit is `{text[:32]}`; use 1 to {_LARGEST}")
    return int(text)


def page(call: Call, action: str, items: Mapping[str, Item]) -> tuple[list[Item], dict[str, Any]]:
    """The page of a list that the call asks for, in the order of names.

    Args:
        call: carries `limit` (1 to 100, default 20), `nextToken`, `prefix`, and in 2.0 `startKey` (the first
            name that may be shown).
        action: the API's name, to which a token belongs.
        items: the whole list by name.

    Returns:
        The page's items, and `nextToken` when more follow.

    Raises:
        ApiError: 400 `InvalidArgument`.
    """
    prefix, start = call.params.get("prefix", ""), call.params.get("startKey", "")
    token, after = call.params.get("nextToken", ""), ""
    if token:
        opened = open_marker(action, token)
        if opened is None:
            raise faults.invalid(f"nextToken is none that {action} gave")
        after = opened
    names = sorted(name for name in items if name.startswith(prefix) and name >= start)
    shown, last = cut(names, after, _limit(call))
    more = {} if last is None else {"nextToken": write_marker(action, last)}
    return [items[name] for name in shown], more
