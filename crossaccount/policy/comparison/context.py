"""Values for the condition keys of a witness: well formed, and as plain as the box allows."""

from __future__ import annotations

import ipaddress
from collections import defaultdict
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, cast

from crossaccount.policy.comparison.limits import date_text
from crossaccount.policy.sets.dimensions import (
    ALWAYS_PRESENT,
    IPV4_END,
    Dimension,
    Kind,
    Values,
    every_value,
)
from crossaccount.policy.sets.language import Language
from crossaccount.policy.sets.membership import value_held
from crossaccount.policy.sets.shape import NAME, PRINTABLE, Run, shortest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crossaccount.policy.sets.box import Box

_SHAPES = (
    (Run(NAME), Run(NAME), Run(NAME, many=True)),  # an external id has at least two characters
    (Run(PRINTABLE), Run(PRINTABLE, many=True)),
    (Run(PRINTABLE, many=True, open=True),),
)
_USUAL_TIME = 1_767_225_600_000_000  # 2026-01-01T00:00:00Z
_SECOND = 1_000_000
_USUAL_ADDRESSES = ("203.0.113.7", "10.0.0.1", "2001:db8::1")


def contexts_of(box: Box, asked: Iterable[Dimension]) -> dict[str, dict[str, str]] | None:
    """For each step, empty for the call itself, the context of a request in the box.

    Args:
        box: the values to choose from; keys that may be missing are.
        asked: the dimensions that the policies ask, of which those that are never missing get a value.

    Returns:
        None where a key is asked in several ways and no value was found that meets them all.
    """
    by_key: dict[tuple[str, str], list[tuple[Dimension, Values]]] = defaultdict(list)
    needed = [each for each in asked if each.key in ALWAYS_PRESENT]
    for dimension in dict.fromkeys([*box.parts, *needed]):
        if dimension.key and dimension.kind is not Kind.OPAQUE:
            by_key[dimension.step, dimension.key].append((dimension, box.values(dimension)))
    contexts: dict[str, dict[str, str]] = defaultdict(dict)
    for (step, key), held in sorted(by_key.items()):
        if not all(values.missing for _, values in held):
            value = _value(held)
            if value is None:
                return None
            contexts[step][key] = value
    return contexts


def _value(held: list[tuple[Dimension, Values]]) -> str | None:
    for dimension, values in held:
        for text in _candidates(dimension, values):
            if all(value_held(other, theirs, text) for other, theirs in held):
                return text
    return None


def _candidates(dimension: Dimension, values: Values) -> Iterator[str]:
    inside = values.inside
    if isinstance(inside, Language):
        yield from (text for shape in _SHAPES if (text := shortest(inside, shape)) is not None)
    elif dimension.kind is Kind.BOOLEAN:
        yield from ("true" if start == end - 1 == 1 else "false" for start, end in inside.spans)  # type: ignore[operator]
    elif dimension.kind is Kind.IP:
        yield from (text for text in _USUAL_ADDRESSES if value_held(dimension, values, text))
        yield from (_address(cast("int", start)) for start, _ in inside.spans)
    elif dimension.kind is Kind.DATE:
        yield from _dates(cast("Iterable[tuple[int, int]]", inside.spans))
    else:
        for span in inside.spans:
            yield _number(cast("tuple[tuple[Decimal, int], tuple[Decimal, int]]", span))
    if values.unreadable and every_value(dimension).unreadable:
        yield "none"


def _address(place: int) -> str:
    if place < IPV4_END:
        return str(ipaddress.IPv4Address(place))
    return str(ipaddress.IPv6Address(place - IPV4_END))


def _dates(spans: Iterable[tuple[int, int]]) -> Iterator[str]:
    for start, end in spans:
        if start <= _USUAL_TIME < end:
            yield date_text(_USUAL_TIME)
        if start <= end - _SECOND:
            yield date_text(end - _SECOND if end < _USUAL_TIME else start)
        yield date_text(start)


def _number(span: tuple[tuple[Decimal, int], tuple[Decimal, int]]) -> str:
    (low, after), (high, past) = span
    if low.is_infinite() and high.is_infinite():
        found = Decimal(0)
    elif low.is_infinite():
        found = high if past else high - 1
    elif not after:
        found = low
    elif past:
        found = high
    elif high.is_infinite() or low + 1 < high:
        found = low + 1
    else:
        with localcontext() as precise:
            precise.prec = 10_000
            found = (low + high) / 2
    return format(found, "f")
