"""Shapes: how names are formed, and the shortest name of a shape in a language."""

from __future__ import annotations

from collections import deque
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crossaccount.policy.sets.language import Language

LOWER = "abcdefghijklmnopqrstuvwxyz"
DIGITS = "1234567890"
WORD = LOWER + DIGITS + "-"
NAME = LOWER + LOWER.upper() + DIGITS + "-_."
PRINTABLE = NAME + "/:=+,@!#$%&'()*;<>?[]^`{|}~ \"\\" + "".join(map(chr, range(0xE0, 0x180)))


class Run(NamedTuple):
    """Characters of a shape.

    Attributes:
        characters: those that may stand here, the better looking first.
        many: whether any number of them may, none included; else it is exactly one.
        open: whether every other character may stand here as well.
    """

    characters: str
    many: bool = False
    open: bool = False


Shape = tuple[Run, ...]


def literal(text: str) -> Shape:
    """The shape of one text."""
    return tuple(Run(character) for character in text)


def some(characters: str, *, open_end: bool = False) -> Shape:
    """The shape of one or more characters."""
    return (Run(characters, open=open_end), Run(characters, many=True, open=open_end))


@lru_cache(maxsize=1 << 14)
def shortest(language: Language, shape: Shape, state: int = 0) -> str | None:
    """The shortest text of a shape that the language accepts from a state on; None where there is none."""
    start = (state, 0)
    came: dict[tuple[int, int], tuple[tuple[int, int], str] | None] = {start: None}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        state, place = here
        if place == len(shape):
            if language.table[state][0]:
                return _text(came, here)
            continue
        if language.dead(state):
            continue
        run = shape[place]
        moves = [("", (state, place + 1))] if run.many else []
        after = place if run.many else place + 1
        moves += [(char, (to, after)) for char, to in _steps(language, state, run)]
        for char, there in moves:
            if there not in came:
                came[there] = (here, char)
                (waiting.append if char else waiting.appendleft)(there)
    return None


def _steps(language: Language, state: int, run: Run) -> Iterator[tuple[str, int]]:
    """For each way to go on, one character: the usual way first, by the best looking character."""
    _, default, edges = language.table[state]
    usual = next((char for char in run.characters if char not in edges), None)
    if usual is not None:
        yield usual, default
    for char, to in edges.items():
        if run.open or char in run.characters:
            yield char, to


def _text(came: dict[tuple[int, int], tuple[tuple[int, int], str] | None], place: tuple[int, int]) -> str:
    characters: list[str] = []
    step = came[place]
    while step is not None:
        characters.append(step[1])
        step = came[step[0]]
    return "".join(reversed(characters))
