"""Pages of a list: `limit`, `nextToken`, `prefix`, `startKey`, `direction` (facts 5.2, 5.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from crossaccount.localcloud.fc import faults
from crossaccount.localcloud.ram.paging import cut, open_marker, write_marker

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.localcloud.call import Call

Item = TypeVar("Item")

_DEFAULT, _LARGEST = 20, 100
_BACKWARD, _FORWARD = "BACKWARD", "FORWARD"


def _limit(call: Call, name: str = "limit") -> int:
    text = call.params.get(name) or str(_DEFAULT)
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text[:9]) <= _LARGEST:
        raise faults.invalid(f"{name} is `{text[:32]}`; use 1 to {_LARGEST}")
    return int(text)


def _after(call: Call, action: str, name: str = "nextToken") -> str:
    token = call.params.get(name, "")
    if not token:
        return ""
    opened = open_marker(action, token)
    if opened is None:
        raise faults.invalid(f"{name} is none that {action} gave")
    return opened


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
    names = sorted(name for name in items if name.startswith(prefix) and name >= start)
    shown, last = cut(names, _after(call, action), _limit(call))
    more = {} if last is None else {"nextToken": write_marker(action, last)}
    return [items[name] for name in shown], more


def tag_page(call: Call, action: str, items: Mapping[str, Item]) -> tuple[list[Item], dict[str, Any]]:
    """The page of a list of tags: as `page`, with `Limit` and `NextToken` and no prefix.

    Raises:
        ApiError: 400 `InvalidArgument`.
    """
    shown, last = cut(sorted(items), _after(call, action, "NextToken"), _limit(call, "Limit"))
    more = {} if last is None else {"NextToken": write_marker(action, last)}
    return [items[name] for name in shown], more


def version_page(call: Call, action: str, items: Mapping[str, Item]) -> tuple[list[Item], dict[str, Any]]:
    """The page of a list of versions, by number: the newest first, or with `direction=FORWARD` the oldest.

    Args:
        call: carries `limit`, `nextToken`, `direction`, and in 2.0 `startKey` (the first version shown).
        action: the API's name, to which a token belongs.
        items: the whole list by version id.

    Returns:
        The page's items, and `direction` and, when more follow, `nextToken`.

    Raises:
        ApiError: 400 `InvalidArgument`.
    """
    direction = call.params.get("direction") or _BACKWARD
    if direction not in (_BACKWARD, _FORWARD):
        raise faults.invalid(f"direction is `{direction[:32]}`; use {_BACKWARD} or {_FORWARD}")
    backward = direction == _BACKWARD
    after, start = _after(call, action), call.params.get("startKey", "")
    ids = sorted(items, key=int, reverse=backward)
    if after:
        ids = [each for each in ids if (int(each) < int(after) if backward else int(each) > int(after))]
    if start.isdigit():
        ids = [each for each in ids if (int(each) <= int(start) if backward else int(each) >= int(start))]
    size = _limit(call)
    more = {"nextToken": write_marker(action, ids[size - 1])} if len(ids) > size else {}
    return [items[each] for each in ids[:size]], {"direction": direction} | more
