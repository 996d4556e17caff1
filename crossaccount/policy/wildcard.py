"""Wildcards: `*` is any number of characters, also none; `?` is exactly one; any other character is itself.

Source: RAM, "Policy elements" (facts 1.2). A `*` runs over `:` and `/` as over any other character.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_STARS = re.compile(r"\*+")
_SPECIAL = re.compile(r"[*?]")


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


class Wildcards:
    """Patterns of which one must match; `exact`, `prefix*` and `*` need no regular expression."""

    __slots__ = ("_exact", "_expressions", "_prefixes")

    def __init__(self, patterns: Iterable[str]) -> None:
        exact, prefixes, expressions = [], [], []
        for pattern in patterns:
            first = _SPECIAL.search(pattern)
            if first is None:
                exact.append(pattern)
            elif not pattern[first.start() :].strip("*"):
                prefixes.append(pattern[: first.start()])
            else:
                expressions.append(compile_wildcard(pattern).fullmatch)
        self._exact = frozenset(exact)
        self._prefixes = tuple(prefixes)
        self._expressions = tuple(expressions)

    def match(self, text: str) -> bool:
        """Whether any pattern matches the whole of `text`."""
        if text in self._exact or text.startswith(self._prefixes):
            return True
        return any(expression(text) is not None for expression in self._expressions)
