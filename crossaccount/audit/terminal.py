"""The report as lines for a terminal."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from crossaccount.access.words import visible
from crossaccount.audit.model import Grade
from crossaccount.audit.telling import (
    alike,
    assumer_words,
    count,
    facts_of,
    headline,
    parties,
    place_of,
    right_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crossaccount.audit.model import Delegation, Report, Row

_Item = TypeVar("_Item")
_CODES = {"bold": 1, "dim": 2, "red": 31, "yellow": 33, "magenta": 35, "cyan": 36}
_COLOURS = {Grade.HIGH: "red", Grade.MEDIUM: "yellow", Grade.LOW: "cyan", Grade.NOTE: "dim"}


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much of each kind is shown; None for all.

    Attributes:
        delegations: the most delegations.
        rows: of each, the most rights of principals.
        examples: the most findings of one kind.
    """

    delegations: int | None = 25
    rows: int | None = 12
    examples: int | None = 3


EVERYTHING = Bounds(None, None, None)


def terminal_lines(report: Report, bounds: Bounds, *, colour: bool = False) -> Iterator[str]:
    """The headline, what was left out, the findings, then the delegations with a line for each right.

    Where not all delegations are shown, those with the gravest findings are.

    Args:
        report: the report.
        bounds: how much of it.
        colour: whether the terminal has colours.
    """
    return _Terminal(report, bounds, colour).lines()


class _Terminal:
    def __init__(self, report: Report, bounds: Bounds, colour: bool) -> None:
        self._report = report
        self._bounds = bounds
        self._colour = colour

    def lines(self) -> Iterator[str]:
        report = self._report
        as_of = self._styled(f"as of {report.as_of}", "dim")
        yield f"{self._styled(headline(report), 'bold')}  {as_of}"
        for missing in report.left_out:
            yield f"{self._styled('left out', 'red')}: {visible(missing.why)}"
        shown, rest = _first(report.not_analysed, self._bounds.rows)
        for what, origin in shown:
            where = self._styled(f"({origin})", "dim")
            yield f"{self._styled('not analysed', 'magenta')}: {visible(what)} {where}"
        if rest:
            yield f"and {rest:,} more that were not analysed"
        yield from self._findings()
        delegations, rest = _first(self._in_order(), self._bounds.delegations)
        for delegation in delegations:
            yield from self._delegation(delegation)
        if rest:
            yield ""
            more = count(rest, "more delegation") if delegations else count(rest, "delegation")
            yield f"{'and ' if delegations else ''}{more}: `--all` shows them, `--csv FILE` writes them"

    def _in_order(self) -> Sequence[Delegation]:
        every = self._report.delegations
        most = self._bounds.delegations
        if most is None or len(every) <= most:
            return every
        return sorted(every, key=lambda each: min((one.grade.rank for one in each.findings), default=9))

    def _findings(self) -> Iterator[str]:
        for each in alike(self._report):
            first = each.first
            times = f"({len(each.findings):,} times)" if len(each.findings) > 1 else ""
            yield ""
            grade = self._styled(first.grade.value, _COLOURS[first.grade])
            said = f"{grade}  {self._styled(first.title, 'bold')} {self._styled(times, 'dim')}"
            yield said.rstrip()
            examples, rest = _first(each.findings, self._bounds.examples)
            for _, finding in examples:
                yield f"    {visible(finding.explanation)}"
            if rest:
                yield f"    and {rest:,} more"
            yield f"    {self._styled('mend:', 'dim')} {visible(first.mend)}"

    def _delegation(self, each: Delegation) -> Iterator[str]:
        yield ""
        yield f"{self._styled(each.role, 'bold')}  {visible(parties(each))}"
        yield f"    {self._styled('; '.join(facts_of(each)), 'dim')}"
        yield f"    {self._styled(place_of(each), 'dim')}"
        if each.findings:
            found = ", ".join(f"{finding.grade.value}: {finding.code}" for finding in each.findings)
            yield f"    findings: {visible(found)}"
        rows = each.rows()
        for row in islice(rows, self._bounds.rows):
            yield self._row(row)
        rest = sum(1 for _ in rows)
        if rest:
            yield f"  - and {rest:,} more"

    def _row(self, row: Row) -> str:
        return f"  - {visible(assumer_words(row.assumer))}: {visible(right_of(row))}"

    def _styled(self, text: str, style: str) -> str:
        text = visible(text)
        return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if self._colour and text else text


def _first(items: Sequence[_Item], most: int | None) -> tuple[Sequence[_Item], int]:
    """The first of them, and how many more there are."""
    shown = items if most is None else items[:most]
    return shown, len(items) - len(shown)
