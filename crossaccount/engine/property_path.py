"""Property paths, as `ignore_changes` and `replace_on_changes` name them: `tags`, `tags.team`, `a["b.c"][0]`.

Source: Pulumi SDK, `sdk/go/common/resource/properties_path.go`; Pulumi documentation, resource option
`ignoreChanges`.
"""

from __future__ import annotations

from typing import Any

from crossaccount.engine.values import is_secret, secret

Path = tuple["str | int", ...]

ANY = "*"
_Value = Any  # JSON


def parse(text: str) -> Path:
    """Read a property path.

    Raises:
        ValueError: it begins with a dot, ends with one, or a bracket or quote is not closed.
    """
    elements: list[str | int] = []
    if text.startswith("."):
        raise ValueError(f"property path `{text}` begins with a dot")
    rest = text
    while rest:
        if rest.startswith("["):
            element, rest = _bracketed(rest, text)
        elif rest.startswith("."):
            rest = rest[1:]
            if not rest:
                raise ValueError(f"property path `{text}` ends with a dot")
            continue
        else:
            end = min((at for at in (rest.find("."), rest.find("[")) if at >= 0), default=len(rest))
            element, rest = rest[:end], rest[end:]
        elements.append(element)
    return tuple(elements)


def contains(path: Path, other: Path) -> bool:
    """Whether `other` is the place that `path` names, or lies in it; `*` stands for any name or index."""
    return len(other) >= len(path) and all(
        mine in (ANY, theirs) for mine, theirs in zip(path, other, strict=False)
    )


def reset(path: Path, old: _Value, new: _Value, *, hidden: bool = False) -> bool:
    """Put what `path` names in `new` back to what it is in `old`; changes `new` in place.

    Args:
        path: not empty.
        old: the values to keep.
        new: the values to change; nothing is created on the way, and no list changes its length.
        hidden: `old` is a part of a secret and `new` is not, so what is put back is marked secret.

    Returns:
        False when a part of the path is on one side only, so that nothing could be put back.
    """
    if is_secret(old):
        old, hidden = old["value"], not is_secret(new)
    if is_secret(new):
        new, hidden = new["value"], False
    first, rest = path[0], path[1:]
    if first == ANY:
        return _reset_all(rest, old, new, hidden)
    kind = list if isinstance(first, int) else dict
    if rest and not (isinstance(old, kind) and isinstance(new, kind)):
        return not isinstance(old, kind) and not isinstance(new, kind)
    if isinstance(first, int):
        return _reset_index(first, rest, old, new, hidden)
    return _reset_name(first, rest, old, new, hidden)


def _bracketed(rest: str, text: str) -> tuple[str | int, str]:
    if rest.startswith('["'):
        end = 2
        while end < len(rest) and rest[end] != '"':
            end += 2 if rest[end : end + 2] == '\\"' else 1
        if rest[end : end + 2] != '"]':
            raise ValueError(f"property path `{text}` has a quote or bracket that is not closed")
        return rest[2:end].replace('\\"', '"'), rest[end + 2 :]
    index, closed, rest = rest[1:].partition("]")
    if not closed or not (index == ANY or index.isdigit()):
        raise ValueError(f"property path `{text}` has `[{index}`, which is no index")
    return (ANY if index == ANY else int(index)), rest


def _reset_name(name: str, rest: Path, old: _Value, new: _Value, hidden: bool) -> bool:
    has = isinstance(old, dict) and name in old
    if rest:
        if name not in new:
            return not has
        return reset(rest, old.get(name), new[name], hidden=hidden)
    if not isinstance(new, dict):
        return not has
    if has:
        new[name] = _kept(old[name], hidden)
    else:
        new.pop(name, None)
    return True


def _reset_index(index: int, rest: Path, old: _Value, new: _Value, hidden: bool) -> bool:
    if not isinstance(old, list) or not isinstance(new, list):
        return not isinstance(old, list) and not isinstance(new, list)
    inside = index < len(old), index < len(new)
    if rest:
        return all(inside) and reset(rest, old[index], new[index], hidden=hidden)
    if all(inside):
        new[index] = _kept(old[index], hidden)
    return inside[0] == inside[1]


def _reset_all(rest: Path, old: _Value, new: _Value, hidden: bool) -> bool:
    if isinstance(new, dict) and (not rest or isinstance(old, dict)):
        if rest:
            return all(name in new and reset(rest, old[name], new[name], hidden=hidden) for name in old)
        for name in [*old, *(name for name in new if name not in old)] if isinstance(old, dict) else ():
            _reset_name(name, rest, old, new, hidden)
        return True
    if isinstance(new, list) and (not rest or isinstance(old, list)):
        if not isinstance(old, list):
            return True
        common = range(min(len(old), len(new)))
        done = [_reset_index(index, rest, old, new, hidden) for index in common]
        return all(done) and len(old) == len(new)
    return False


def _kept(value: _Value, hidden: bool) -> _Value:
    return secret(value) if hidden else value
