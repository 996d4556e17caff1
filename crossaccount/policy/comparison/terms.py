"""From a language back to the patterns of the policies it came from: `fc:* except fc:Get*, fc:List*`."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from crossaccount.policy.comparison.report import Term
from crossaccount.policy.sets.language import ANYTHING, NOTHING, Language
from crossaccount.policy.sets.shape import PRINTABLE, Run, shortest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from crossaccount.policy.sets.dimensions import Dimension
    from crossaccount.policy.sets.spelling import Spelling

_ANY_TEXT = (Run(PRINTABLE, many=True, open=True),)

Pattern = tuple[str, Language]
Part = TypeVar("Part")


def patterns_of(spellings: Iterable[Spelling], dimension: Dimension) -> tuple[Pattern, ...]:
    """The patterns in which one dimension was written, `*` included, the narrower first, no meaning twice."""
    found = {each.language: each.text for each in spellings if each.dimension == dimension and each.language}
    found[ANYTHING] = "*"
    by_width = sorted(found.items(), key=lambda each: (-len(each[1].replace("*", "")), each[1]))
    return tuple((text, language) for language, text in by_width)


def terms_of(language: Language, patterns: Sequence[Pattern]) -> tuple[Term, ...]:
    """Few terms that together mean the language, which must be made of the patterns."""
    found: list[tuple[Term, Language]] = []
    rest = language
    while rest is not NOTHING:
        text = shortest(rest, _ANY_TEXT)
        term, meaning = _term(text or "", language, patterns)
        found.append((term, meaning))
        rest = rest - meaning
    return tuple(
        term for term, _ in _fewer(found, lambda kept: _covered(language, [each for _, each in kept]))
    )


def _covered(meaning: Language, by: Iterable[Language]) -> bool:
    union = NOTHING
    for each in by:
        union = union | each
    return meaning <= union


def _term(text: str, whole: Language, patterns: Sequence[Pattern]) -> tuple[Term, Language]:
    """A term that holds one text and nothing outside the whole, with as few patterns as can be."""
    outside = [each for each in patterns if text not in each[1] and not each[1] <= whole]
    bounds = whole
    for _, language in outside:
        bounds = bounds | language
    within = [each for each in patterns if text in each[1]]
    within = _fewer(within, lambda kept: _common(kept) <= bounds)
    inside = _common(within)
    if not inside <= bounds:
        raise RuntimeError(f"`{text}` is in a language that the policies' patterns do not make up")
    excluded = _excluded(inside - whole, outside)
    for _, language in excluded:
        inside = inside - language
    return Term(
        tuple(each[0] for each in within) or ("*",), tuple(sorted(each[0] for each in excluded))
    ), inside


def _excluded(unwanted: Language, outside: Sequence[Pattern]) -> list[Pattern]:
    """Few patterns, the wider first, that together match all that is unwanted."""
    found: list[Pattern] = []
    rest = unwanted
    for each in reversed(outside):
        if rest is not NOTHING and (rest & each[1]) is not NOTHING:
            found.append(each)
            rest = rest - each[1]
    return _fewer(found[::-1], lambda kept: _covered(unwanted, [language for _, language in kept]))


def _fewer(parts: list[Part], enough: Callable[[list[Part]], bool]) -> list[Part]:
    """The parts without those that can go, one after the other, while the rest is enough."""
    kept = list(parts)
    for each in parts:
        fewer = [other for other in kept if other is not each]
        if enough(fewer):
            kept = fewer
    return kept


def _common(patterns: Sequence[Pattern]) -> Language:
    found = ANYTHING
    for _, language in patterns:
        found = found & language
    return found
