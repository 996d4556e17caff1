"""What is wrong with a document: every problem at once, each with its place.

PolicyError is a ValueError. Nothing of a document is shown beyond the short value a problem is about.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST_SHOWN = 80
_LONGEST_PLACE = 200


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, and where.

    Attributes:
        place: where in the document, in the document's words, e.g. `statement 2, Condition.StringLikee`.
        message: what is wrong and what to write instead, lower case.
    """

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class PolicyError(ValueError):
    """A document that is not a policy of the language, with all its problems.

    Attributes:
        problems: at least one, in the order of the document.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(str(problem) for problem in self.problems))


@dataclass(slots=True)
class Problems:
    """The problems found so far while a document is read."""

    found: list[Problem] = field(default_factory=list)

    def add(self, place: str, message: str) -> None:
        """Notes one problem at `place`."""
        self.found.append(Problem(_printable(place, _LONGEST_PLACE), message))


def shown(value: object) -> str:
    """A value as messages show it: text in backticks, cut after 80 characters, all else by its JSON type."""
    if isinstance(value, str):
        return f"`{_printable(value, _LONGEST_SHOWN)}`"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, (int, float)):
        return "a number"
    return "a list" if isinstance(value, (list, tuple)) else "an object"


def _printable(text: str, longest: int) -> str:
    start = text[:longest]
    safe = start if start.isprintable() else start.encode("unicode_escape").decode("ascii")
    return safe if len(text) <= longest else f"{safe}..."


def nearest(name: str, known: Iterable[str]) -> str:
    """The end of a message about an unknown name: `; did you mean ...?` if a known one is near."""
    if len(name) > _LONGEST_SHOWN:
        return ""
    by_folded = {each.lower(): each for each in known}
    found = difflib.get_close_matches(name.lower(), by_folded, n=1, cutoff=0.75)
    return f"; did you mean `{by_folded[found[0]]}`?" if found else ""
