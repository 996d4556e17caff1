"""The smallest automaton of a language, its states numbered in one way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

Row = tuple[bool, int, Mapping[str, int]]
Table = Sequence[Row]


def minimal(table: Table) -> tuple[Table, object]:
    """The smallest automaton equal to one whose states can all be reached from the first, and its key.

    Equal languages have equal keys.
    """
    block = _blocks(table)
    chosen: dict[int, int] = {}
    for state, name in enumerate(block):
        chosen.setdefault(name, state)
    numbers = {block[0]: 0}
    order = [block[0]]
    rows: list[Row] = []
    for name in order:
        accepting, default, edges = table[chosen[name]]
        kept = {char: block[to] for char, to in sorted(edges.items()) if block[to] != block[default]}
        for to in (block[default], *kept.values()):
            if to not in numbers:
                numbers[to] = len(order)
                order.append(to)
        rows.append((accepting, numbers[block[default]], {char: numbers[to] for char, to in kept.items()}))
    return tuple(rows), tuple((accepting, default, *edges.items()) for accepting, default, edges in rows)


def _blocks(table: Table) -> list[int]:
    """For each state the number of its block: the states that accept the same texts from there on.

    Refinement that looks again only at the states before a split; a part nobody touched keeps its number.
    """
    block = [int(accepting) for accepting, _, _ in table]
    before: list[set[int]] = [set() for _ in table]
    members: dict[int, set[int]] = defaultdict(set)
    for state, (_, default, edges) in enumerate(table):
        members[block[state]].add(state)
        for to in (default, *edges.values()):
            before[to].add(state)
    names = 2
    touched = set(range(len(table)))
    while touched:
        by_block: dict[int, set[int]] = defaultdict(set)
        for state in touched:
            by_block[block[state]].add(state)
        parts = [
            part
            for name, states in by_block.items()
            if len(members[name]) > 1
            for part in _parts(table, block, members[name], states)
        ]
        touched = set()
        for part in parts:
            members[block[next(iter(part))]] -= part
            members[names] = part
            for state in part:
                block[state] = names
                touched |= before[state]
            names += 1
    return block


def _parts(table: Table, block: list[int], whole: set[int], touched: set[int]) -> list[set[int]]:
    """The parts of a block that differ from the part which keeps its number."""
    by_signature: dict[object, set[int]] = defaultdict(set)
    for state in touched:
        by_signature[_signature(table[state], block)].add(state)
    if len(touched) < len(whole):
        keeps = _signature(table[next(state for state in whole if state not in touched)], block)
    else:
        keeps = max(by_signature, key=lambda signature: len(by_signature[signature]))
    by_signature.pop(keeps, None)
    return list(by_signature.values())


def _signature(row: Row, block: list[int]) -> object:
    _, default, edges = row
    usual = block[default]
    return usual, frozenset((char, block[to]) for char, to in edges.items() if block[to] != usual)
