"""The conditions of a row in words."""

from __future__ import annotations

import ipaddress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast

from crossaccount.policy.comparison.report import Limit
from crossaccount.policy.comparison.terms import patterns_of, terms_of
from crossaccount.policy.sets.dimensions import (
    EPOCH,
    IPV4_END,
    Dimension,
    Kind,
    Values,
    every_value,
)
from crossaccount.policy.sets.intervals import Intervals
from crossaccount.policy.sets.language import Language

_OF_ANYBODY = frozenset({"acs:CurrentTime", "acs:SecureTransport", "acs:UserAgent"})
_ADDRESS = Dimension(Kind.IP, key="acs:SourceIp")
_IPV4 = Intervals(((0, IPV4_END),))

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

    from crossaccount.policy.sets.box import Box
    from crossaccount.policy.sets.spelling import Spelling


def limits_of(box: Box, spellings: Sequence[Spelling]) -> tuple[Limit, ...]:
    """The conditions under which the requests of a box are meant, in the order of their keys."""
    conditions = [each for each in box.parts if each.key and each.kind is not Kind.OPAQUE]
    return tuple(
        _limit(dimension, box.parts[dimension], spellings)
        for dimension in sorted(conditions, key=lambda each: (each.step, each.key, each.kind.value))
    )


def _limit(dimension: Dimension, values: Values, spellings: Sequence[Spelling]) -> Limit:
    every = every_value(dimension)
    alternatives = []
    if not values.inside.is_empty:
        alternatives.append(_inside(dimension, values, every, spellings))
    if values.unreadable:
        alternatives.append(f"is no {dimension.kind.value}")
    if values.missing:
        alternatives.append("is missing")
    before = None
    if dimension.kind is Kind.DATE and not values.missing and not values.unreadable:
        spans, whole = _spans(values), _spans(every)
        before = date_text(cast("int", spans[-1][1])) if spans[-1][1] != whole[-1][1] else None
    binds = not values.missing and dimension.key not in _OF_ANYBODY and not _everything(values, every)
    return Limit(dimension.step, dimension.key, " or ".join(alternatives), values.missing, before, binds)


def _everything(values: Values, every: Values) -> bool:
    inside = values.inside
    if not isinstance(inside, Language) and every.inside == every_value(_ADDRESS).inside:
        return inside >= _IPV4
    return inside == every.inside


def _inside(dimension: Dimension, values: Values, every: Values, spellings: Sequence[Spelling]) -> str:
    if values.inside == every.inside:
        return "is anything" if dimension.kind is Kind.TEXT else f"is a {dimension.kind.value}"
    if isinstance(values.inside, Language):
        terms = terms_of(values.inside, patterns_of(spellings, dimension))
        return " or ".join(_text_term(each.patterns, each.exceptions) for each in terms)
    if dimension.kind is Kind.BOOLEAN:
        return "is true" if 1 in values.inside else "is false"
    if dimension.kind is Kind.IP:
        return _addresses(values.inside, cast("Intervals", every.inside))
    show = _number_span if dimension.kind is Kind.NUMBER else _date_span
    return " or ".join(show(span, _spans(every)[0]) for span in values.inside.spans)


def _text_term(patterns: Iterable[str], exceptions: Iterable[str]) -> str:
    named = " and ".join(f"`{each}`" for each in patterns if each != "*")
    excluded = " nor ".join(f"`{each}`" for each in exceptions)
    parts = [named] if named else []
    return "is " + " but ".join([*parts, f"not {excluded}"] if excluded else parts or ["anything"])


def _spans(values: Values) -> tuple[tuple[object, object], ...]:
    return cast("Intervals", values.inside).spans


def date_text(moment: int) -> str:
    """A moment, in microseconds since 1970, as documents write it; at most the calendar's last one."""
    last = datetime.max.replace(tzinfo=EPOCH.tzinfo)
    span = timedelta(microseconds=moment)
    return (EPOCH + span if span <= last - EPOCH else last).isoformat().replace("+00:00", "Z")


def _date_span(span: tuple[object, object], whole: tuple[object, object]) -> str:
    start, end = cast("tuple[int, int]", span)
    if end - start == 1:
        return f"is {date_text(start)}"
    since = [] if start == whole[0] else [f"from {date_text(start)}"]
    until = [] if end == whole[1] else [f"before {date_text(end)}"]
    return f"is {' to '.join([*since, *until])}"


def _number_span(span: tuple[object, object], whole: tuple[object, object]) -> str:
    (low, after), (high, past) = cast("tuple[tuple[Decimal, int], tuple[Decimal, int]]", span)
    if low == high:
        return f"is {low}"
    above = [] if span[0] == whole[0] else [f"{'above' if after else 'at least'} {low}"]
    below = [] if span[1] == whole[1] else [f"{'at most' if past else 'below'} {high}"]
    return f"is {' and '.join([*above, *below])}"


def _addresses(values: Intervals, every: Intervals) -> str:
    inside, outside = _networks(values), _networks(every - values)
    if len(outside) < len(inside):
        return f"is not in {', '.join(outside)}"
    return f"is in {', '.join(inside)}"


def _networks(values: Intervals) -> list[str]:
    found: list[str] = []
    for start, end in cast("tuple[tuple[int, int], ...]", values.spans):
        if start < IPV4_END:
            last = min(end, IPV4_END) - 1
            first4, last4 = ipaddress.IPv4Address(start), ipaddress.IPv4Address(last)
            found += map(str, ipaddress.summarize_address_range(first4, last4))
        if end > IPV4_END:
            first6 = ipaddress.IPv6Address(max(start, IPV4_END) - IPV4_END)
            last6 = ipaddress.IPv6Address(end - 1 - IPV4_END)
            found += map(str, ipaddress.summarize_address_range(first6, last6))
    return found
