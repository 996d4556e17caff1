"""Wildcards: `*` is any number of characters, also none; `?` is exactly one; any other character is itself.

Source: RAM, "Policy elements" (facts 1.2). A `*` runs over `:` and `/` as over any other character.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_STARS = re.compile(r"\*+")


def _chunk(text: str) -> str:
    return "".join("." if character == "?" else re.escape(character) for character in text)


@lru_cache(maxsize=4096)
def compile_wildcard(pattern: str) -> re.Pattern[str]:
    """The regular expression of a pattern, for `fullmatch`.

    Each part between two stars is taken at its first place and never tried again (a lookahead with a back
    reference stands for an atomic group, which Python 3.10 lacks), so that no pattern makes matching slower
    than pattern times text.
    """
    first, *rest = _STARS.split(pattern)
    if not rest:
        return re.compile(_chunk(first), re.DOTALL)
    middle = "".join(f"(?=(?P<g{n}>.*?{_chunk(part)}))(?P=g{n})" for n, part in enumerate(rest[:-1]))
    return re.compile(f"{_chunk(first)}{middle}.*{_chunk(rest[-1])}", re.DOTALL)


class _InOrder:
    """A pattern of stars alone: its parts lie in the text in order, each at its first place."""

    __slots__ = ("_first", "_last", "_least", "_middle")

    def __init__(self, pattern: str) -> None:
        self._first, *middle, self._last = pattern.split("*")
        self._middle = [part for part in middle if part]
        self._least = len(self._first) + len(self._last)

    def match(self, text: str) -> bool:
        if len(text) < self._least or not text.startswith(self._first) or not text.endswith(self._last):
            return False
        at, end = len(self._first), len(text) - len(self._last)
        for part in self._middle:
            at = text.find(part, at, end)
            if at < 0:
                return False
            at += len(part)
        return True


class Wildcards:
    """Patterns of which one must match; only one with a `?` needs a regular expression."""

    __slots__ = ("_exact", "_others", "_prefixes")

    def __init__(self, patterns: Iterable[str]) -> None:
        exact, prefixes = [], []
        others: list[Callable[[str], object]] = []
        for pattern in patterns:
            if "?" in pattern:
                others.append(compile_wildcard(pattern).fullmatch)
            elif "*" not in pattern:
                exact.append(pattern)
            elif not pattern[pattern.index("*") :].strip("*"):
                prefixes.append(pattern[: pattern.index("*")])
            else:
                others.append(_InOrder(pattern).match)
        self._exact = frozenset(exact)
        self._prefixes = tuple(prefixes)
        self._others = tuple(others)

    def match(self, text: str) -> bool:
        """Whether any pattern matches the whole of `text`."""
        if text in self._exact or text.startswith(self._prefixes):
            return True
        return bool(self._others) and any(other(text) for other in self._others)
