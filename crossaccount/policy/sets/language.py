"""Languages: sets of texts, as the smallest deterministic automaton that accepts them.

The alphabet is all of Unicode, symbolically: a state names the characters that lead elsewhere, and one state
for every other character. Equal languages are one object, so that equality, emptiness and the reuse of
results cost nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Mapping
from functools import lru_cache
from typing import TypeVar
from weakref import WeakValueDictionary

from crossaccount.policy.sets.bounds import MAX_STATES, TooLargeError
from crossaccount.policy.sets.minimal import Table, minimal

S = TypeVar("S", bound=Hashable)
Step = Callable[[S], "tuple[S, Mapping[str, S]]"]
Truth = tuple[tuple[bool, bool], tuple[bool, bool]]

_AND: Truth = ((False, False), (False, True))
_OR: Truth = ((False, True), (True, True))
_LESS: Truth = ((False, False), (True, False))


class Language:
    """A set of texts.

    Attributes:
        table: the automaton: for each state whether it accepts, where every unnamed character leads, and
            where the named ones do. State 0 is the start.
    """

    __slots__ = ("__weakref__", "_constant", "table")

    def __init__(self, table: Table) -> None:
        self.table = table
        self._constant = tuple(
            accepting if default == state and not edges else None
            for state, (accepting, default, edges) in enumerate(table)
        )

    def step(self, state: int, character: str) -> int:
        """The state after one more character."""
        _, default, edges = self.table[state]
        return edges.get(character, default)

    def walk(self, text: str, state: int = 0) -> int:
        """The state after `text`."""
        for character in text:
            state = self.step(state, character)
        return state

    def __contains__(self, text: str) -> bool:
        return self.table[self.walk(text)][0]

    def dead(self, state: int) -> bool:
        """Whether nothing is accepted any more."""
        return self._constant[state] is False

    def constant(self, state: int) -> bool | None:
        """What is accepted from a state on: True everything, False nothing, None it depends."""
        return self._constant[state]

    @property
    def is_empty(self) -> bool:
        """Whether no text is in the language."""
        return self._constant[0] is False

    def __and__(self, other: Language) -> Language:
        if self is other or other is ANYTHING or self is NOTHING:
            return self
        if self is ANYTHING or other is NOTHING:
            return other
        return _combined(self, other, _AND)

    def meets(self, other: Language) -> bool:
        """Whether some text is in both; faster than to make the intersection."""
        if self is NOTHING or other is NOTHING:
            return False
        return self is other or self is ANYTHING or other is ANYTHING or _meet(self, other)

    def __or__(self, other: Language) -> Language:
        if self is other or other is NOTHING or self is ANYTHING:
            return self
        if self is NOTHING or other is ANYTHING:
            return other
        return _combined(self, other, _OR)

    def __sub__(self, other: Language) -> Language:
        if self is other or other is ANYTHING or self is NOTHING:
            return NOTHING
        return self if other is NOTHING else _combined(self, other, _LESS)

    def __le__(self, other: Language) -> bool:
        if self is other or other is ANYTHING or self is NOTHING:
            return True
        return (self - other) is NOTHING


_KNOWN: WeakValueDictionary[object, Language] = WeakValueDictionary()


def language(table: Table) -> Language:
    """The language of an automaton: one object for all automata that accept the same texts."""
    smallest, key = minimal(table)
    known = _KNOWN.get(key)
    if known is None:
        known = _KNOWN[key] = Language(smallest)
    return known


def explored(start: S, step: Step[S], accepts: Callable[[S], bool]) -> Language:
    """The language of an automaton given by its start and what follows each state.

    Raises:
        TooLargeError: more than `MAX_STATES` states.
    """
    numbers: dict[S, int] = {start: 0}
    waiting = deque([start])
    rows: list[tuple[bool, int, dict[str, int]]] = []

    def number(state: S) -> int:
        found = numbers.get(state)
        if found is None:
            found = numbers[state] = len(numbers)
            waiting.append(state)
        return found

    while waiting:
        state = waiting.popleft()
        default, edges = step(state)
        rows.append((accepts(state), number(default), {char: number(to) for char, to in edges.items()}))
        if len(rows) > MAX_STATES:
            raise TooLargeError(f"its wildcards need more than {MAX_STATES} states")
    return language(rows)


ANYTHING = language([(True, 0, {})])
NOTHING = language([(False, 0, {})])


@lru_cache(maxsize=1 << 16)
def _meet(left: Language, right: Language) -> bool:
    seen = {(0, 0)}
    waiting = [(0, 0)]
    while waiting:
        first, second = waiting.pop()
        accepting, default, edges = left.table[first]
        other_accepting, other_default, other_edges = right.table[second]
        if accepting and other_accepting:
            return True
        following = {
            (edges.get(char, default), other_edges.get(char, other_default))
            for char in {*edges, *other_edges}
        }
        for pair in (*following, (default, other_default)):
            if pair not in seen and not left.dead(pair[0]) and not right.dead(pair[1]):
                seen.add(pair)
                waiting.append(pair)
    return False


@lru_cache(maxsize=1 << 14)
def _combined(left: Language, right: Language, truth: Truth) -> Language:
    def settled(pair: tuple[int, int]) -> tuple[int, int]:
        first, second = left.constant(pair[0]), right.constant(pair[1])
        if first is not None and second is not None:
            return (-1, truth[first][second])
        if first is not None and truth[first][0] is truth[first][1]:
            return (-1, truth[first][0])
        if second is not None and truth[0][second] is truth[1][second]:
            return (-1, truth[0][second])
        return pair

    def step(pair: tuple[int, int]) -> tuple[tuple[int, int], dict[str, tuple[int, int]]]:
        if pair[0] < 0:
            return pair, {}
        _, first, first_edges = left.table[pair[0]]
        _, second, second_edges = right.table[pair[1]]
        edges = {
            char: settled((first_edges.get(char, first), second_edges.get(char, second)))
            for char in {*first_edges, *second_edges}
        }
        return settled((first, second)), edges

    def accepts(pair: tuple[int, int]) -> bool:
        if pair[0] < 0:
            return bool(pair[1])
        return truth[left.table[pair[0]][0]][right.table[pair[1]][0]]

    return explored(settled((0, 0)), step, accepts)
