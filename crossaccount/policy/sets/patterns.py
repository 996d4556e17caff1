"""From patterns and plain texts to languages.

Source: RAM, "Policy elements", "Condition operators" (facts 1.2, 1.3): exactly what `Wildcards`, string
equality and `str.casefold` accept.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

from crossaccount.policy.arn import folded
from crossaccount.policy.sets.language import Language, explored

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_WILDCARD = re.compile(r"[*?]")
_STARS = re.compile(r"\*+")
_LETTERS_END = 0x20000  # no character beyond has letter case
_Places = frozenset[tuple[int, int]]
_EVERYTHING: _Places = frozenset({(-1, -1)})


def matching(patterns: Iterable[str]) -> Language:
    """The texts that match any of the patterns.

    Raises:
        TooLargeError: the patterns' wildcards need too many states, as `*a??????????????` does.
    """
    return _matching(tuple(sorted({_STARS.sub("*", pattern) for pattern in patterns})))


def at_least(pattern: str) -> str:
    """A pattern that matches all that another one does, and is never too large: its text up to a wildcard."""
    return _WILDCARD.split(pattern)[0] + "*"


def equal_to(texts: Iterable[str]) -> Language:
    """The texts given, and no other."""
    return _equal_to(tuple(sorted(set(texts))))


def equal_in_any_case(texts: Iterable[str]) -> Language:
    """The texts whose `str.casefold` is that of one of the texts given: every spelling of them."""
    return _equal_in_any_case(tuple(sorted({text.casefold() for text in texts})))


def resources_matching(patterns: Iterable[str]) -> Language:
    """The resources that match any of the patterns, in the spelling that the evaluator compares.

    RAM and STS resources are compared in lower case and with an empty region, all others as they are
    (`crossaccount.policy.arn.folded_global`). Spellings that the evaluator never compares are not looked at.
    """
    return _resources_matching(tuple(sorted(set(patterns))))


@lru_cache(maxsize=4096)
def _resources_matching(patterns: tuple[str, ...]) -> Language:
    written = matching(patterns)
    lower = matching(folded(pattern) for pattern in patterns)
    if written is lower:
        return written
    compared_lower = matching(("acs:ram:*", "acs:sts:*"))
    return (lower & compared_lower) | (written - compared_lower)


@lru_cache(maxsize=4096)
def _matching(patterns: tuple[str, ...]) -> Language:
    def accepts(places: _Places) -> bool:
        return places is _EVERYTHING or any(place == len(patterns[which]) for which, place in places)

    start = _settled(patterns, [(which, 0) for which in range(len(patterns))])
    return explored(start, lambda places: _next(patterns, places), accepts)


def _settled(patterns: tuple[str, ...], places: Iterable[tuple[int, int]]) -> _Places:
    """The places in the patterns that a text may have come to, a star's end included."""
    found = set(places)
    for which, place in places:
        if patterns[which][place : place + 1] == "*":
            if len(patterns[which]) == place + 1:
                return _EVERYTHING
            found.add((which, place + 1))
    return frozenset(found)


def _next(patterns: tuple[str, ...], places: _Places) -> tuple[_Places, dict[str, _Places]]:
    if places is _EVERYTHING:
        return places, {}
    usual: set[tuple[int, int]] = set()
    named: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for which, place in places:
        expected = patterns[which][place : place + 1]
        if expected == "*":
            usual.add((which, place))
        elif expected == "?":
            usual.add((which, place + 1))
        elif expected:
            named[expected].add((which, place + 1))
    after = {char: _settled(patterns, usual | to) for char, to in named.items()}
    return _settled(patterns, usual), after


@lru_cache(maxsize=4096)
def _equal_to(texts: tuple[str, ...]) -> Language:
    def step(rests: frozenset[str]) -> tuple[frozenset[str], Mapping[str, frozenset[str]]]:
        named: dict[str, set[str]] = defaultdict(set)
        for rest in rests:
            if rest:
                named[rest[0]].add(rest[1:])
        return frozenset(), {char: frozenset(to) for char, to in named.items()}

    return explored(frozenset(texts), step, lambda rests: "" in rests)


@lru_cache(maxsize=4096)
def _equal_in_any_case(texts: tuple[str, ...]) -> Language:
    def step(rests: frozenset[str]) -> tuple[frozenset[str], Mapping[str, frozenset[str]]]:
        named: dict[str, set[str]] = defaultdict(set)
        for rest in filter(None, rests):
            named[rest[0]].add(rest[1:])
            for char, lower in _spellings().get(rest[0], ()):
                if rest.startswith(lower):
                    named[char].add(rest[len(lower) :])
        return frozenset(), {char: frozenset(to) for char, to in named.items()}

    return explored(frozenset(texts), step, lambda rests: "" in rests)


@lru_cache(maxsize=1)
def _spellings() -> Mapping[str, list[tuple[str, str]]]:
    """By its casefold's first character, each character that is not its own casefold, and that casefold."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for char in map(chr, range(_LETTERS_END)):
        lower = char.casefold()
        if lower != char:
            found[lower[0]].append((char, lower))
    return found
