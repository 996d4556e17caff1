"""Conditions and rulings in words, the same in every output."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crossaccount.access.ruling import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crossaccount.access.gates import Gate
    from crossaccount.access.paths import Path
    from crossaccount.access.ruling import Ruling
    from crossaccount.policy import Condition

_VERBS = {
    "StringEquals": "is",
    "StringNotEquals": "is not",
    "StringEqualsIgnoreCase": "is, in any letter case,",
    "StringNotEqualsIgnoreCase": "is not, in any letter case,",
    "StringLike": "is like",
    "StringNotLike": "is not like",
    "NumericEquals": "is",
    "NumericNotEquals": "is not",
    "NumericLessThan": "is less than",
    "NumericLessThanEquals": "is at most",
    "NumericGreaterThan": "is more than",
    "NumericGreaterThanEquals": "is at least",
    "DateEquals": "is",
    "DateNotEquals": "is not",
    "DateLessThan": "is before",
    "DateLessThanEquals": "is not after",
    "DateGreaterThan": "is after",
    "DateGreaterThanEquals": "is not before",
    "Bool": "is",
    "IpAddress": "is in",
    "NotIpAddress": "is not in",
}


def visible(text: str) -> str:
    """A text with every character that does not print, or turns the writing around, as its escape.

    Names come from states and programs that others wrote: none of them moves a terminal's cursor, starts a
    line of its own, or hides what stands beside it.
    """
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)


def condition_words(condition: Condition) -> str:
    """One condition, e.g. "`acs:SourceIp` is in `203.0.113.0/24`"."""
    values = " or ".join(f"`{value}`" for value in condition.values)
    return f"`{condition.key}` {_VERBS[condition.operator]} {values}"


def ruling_words(ruling: Ruling) -> str:
    """Under which conditions a ruling is open; empty where there is none."""
    wanted = _either(ruling.alternatives) if ruling.outcome is Outcome.IF or ruling.unknown else ""
    unless = _either(ruling.unless)
    return " ".join(part for part in (wanted, unless and f"unless {unless}") if part)


def gate_words(gate: Gate) -> str:
    """What a gate still depends on: conditions, somebody else, what cannot be told; empty for nothing."""
    if gate.outcome in (Outcome.OPEN, Outcome.CLOSED):
        return ""
    parts = [ruling_words(gate.ruling), gate.note]
    if not gate.sure:
        parts.append(f"{gate.holder.label} is there only if an operation that was cut off took effect")
    if gate.outcome is Outcome.UNKNOWN:
        parts += [f"cannot tell: {each}" for each in gate.ruling.unknown]
    return "; ".join(part for part in parts if part)


def path_words(path: Path) -> tuple[str, ...]:
    """What a path depends on: a line for each gate that is not simply open, and what the gate is for."""
    lines = []
    hops = iter(path.roles)
    role = None
    for gate in path.gates:
        if gate.number == 1:
            role = next(hops, None)
        words = gate_words(gate)
        if words:
            purpose = f"to assume {'it' if role is None else role.label}"
            if gate.name == "role policies" or len(path.gates) == 1:
                purpose = "to call"
            lines.append(f"{purpose}: {words}")
    return tuple(lines)


def _either(alternatives: Iterable[Iterable[Condition]]) -> str:
    sets = [" and ".join(condition_words(each) for each in conditions) for conditions in alternatives]
    return sets[0] if len(sets) == 1 else "; or ".join(f"({each})" for each in sets)
