"""Which known actions resources are for: a list of functions is asked of `functions/*`, never of a name."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from crossaccount.policy.catalogue import CATALOGUE
from crossaccount.policy.sets.bounds import TooLargeError
from crossaccount.policy.sets.forms import shapes_of
from crossaccount.policy.sets.patterns import resources_matching
from crossaccount.policy.sets.shape import shortest

if TYPE_CHECKING:
    from crossaccount.policy.sets.language import Language

_EVERY = frozenset(CATALOGUE)
_DIGITS = re.compile(r"(?<![0-9])[0-9]{16}(?![0-9])")
_NAMED = re.compile(r"[^/:*?]+")
_TAIL = 5
_SPELLED = frozenset(
    word
    for action in CATALOGUE.values()
    for form in action.resources
    for word in re.findall(r"[^/:*?<>]+", re.sub(r"<[^>]*>", "<>", form.split(":", _TAIL - 1)[-1]))
)
_ENDS = frozenset(end for word in _SPELLED for at in range(len(word)) for end in (word[: at + 1], word[at:]))
"""Every beginning and every end of a word that a form spells."""


def known_actions_on(pattern: str) -> frozenset[str]:
    """The names of the known actions that act on some resource which a pattern matches.

    Args:
        pattern: a pattern of `Resource`; of one that is too large to look into, every action is told.
    """
    return _acting_on(_generic(pattern))


@lru_cache(maxsize=4096)
def known_actions_left(patterns: tuple[str, ...], without: tuple[str, ...]) -> frozenset[str]:
    """The names of the known actions that act on some resource which the first patterns match and no other.

    Args:
        patterns: of `Resource`.
        without: the patterns whose resources are taken out; of what is too large to look into, every action
            is told.
    """
    try:
        left = resources_matching(patterns) - resources_matching(without)
    except TooLargeError:
        return _EVERY
    return _fitting(left)


def _generic(pattern: str) -> str:
    """The pattern with one account and one name for all: which they are decides nothing about actions."""
    parts = _DIGITS.sub("1234567890120000", pattern).split(":", _TAIL - 1)
    if len(parts) == _TAIL:
        parts[-1] = _NAMED.sub(_name, parts[-1])
    return ":".join(parts)


def _name(found: re.Match[str]) -> str:
    text = found[0].lower()
    return text if text in _ENDS else "n"


@lru_cache(maxsize=4096)
def _acting_on(pattern: str) -> frozenset[str]:
    try:
        resources = resources_matching([pattern])
    except TooLargeError:
        return _EVERY
    return _fitting(resources)


def _fitting(resources: Language) -> frozenset[str]:
    return frozenset(
        name
        for name, action in CATALOGUE.items()
        if any(
            shortest(resources, shape) is not None for form in action.resources for shape in shapes_of(form)
        )
    )
