"""What differs between a resource's old and new inputs, property by property. Pure.

Paths and kinds are those of `detailedDiff` in `pulumi preview --json`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from crossaccount.engine.values import has_unknown, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_SIMPLE_KEY = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")


def differing(
    old: Mapping[str, Any], new: Mapping[str, Any], same_meaning: Callable[[str, object, object], bool]
) -> dict[str, dict[str, str]]:
    """Compare inputs; return for each property that differs its changed paths and their kinds.

    Args:
        old: the inputs in the state.
        new: the inputs of the program; an unknown differs from everything.
        same_meaning: says of a property's name, old and new value whether they mean the same; an absent
            value is None.
    """
    result = {}
    for name in sorted(old.keys() | new.keys()):
        before, after = plain(old.get(name)), plain(new.get(name))
        if before == after and not has_unknown(after):
            continue
        if has_unknown(after) or not same_meaning(name, before, after):
            result[name] = dict(_paths(name, before, after))
    return result


def _paths(path: str, before: Any, after: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401  JSON
    if all(value is None or isinstance(value, dict) for value in (before, after)):
        yield from _map_paths(path, before or {}, after or {})
    elif before is None or after is None:
        yield path, "add" if before is None else "delete"
    elif isinstance(before, list) and isinstance(after, list):
        for index in range(max(len(before), len(after))):
            was = before[index] if index < len(before) else None
            will = after[index] if index < len(after) else None
            if was != will:
                yield from _paths(f"{path}[{index}]", was, will)
    else:
        yield path, "update"


def _map_paths(path: str, before: dict[str, Any], after: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if len(before) != len(after):
        yield path, "update"  # the provider counts the entries
    for key in sorted(before.keys() | after.keys()):
        if before.get(key) != after.get(key):
            yield from _paths(_join(path, key), before.get(key), after.get(key))


def _join(path: str, key: str) -> str:
    if _SIMPLE_KEY.fullmatch(key):
        return f"{path}.{key}"
    escaped = key.replace('"', '\\"')
    return f'{path}.["{escaped}"]'
