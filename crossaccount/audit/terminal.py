"""The report as lines for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape

from crossaccount.audit.model import Grade
from crossaccount.audit.telling import alike, assumer_words, facts_of, headline, parties, place_of, right_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crossaccount.audit.model import Delegation, Report, Row

_COLOURS = {Grade.HIGH: "red", Grade.MEDIUM: "yellow", Grade.LOW: "cyan", Grade.NOTE: "dim"}
_MOST = 3


def terminal_lines(report: Report, *, rows: bool = True) -> Iterator[str]:
    """The headline, what was left out, the findings, then each delegation with a line for each right.

    Args:
        report: the report.
        rows: whether the delegations are told; else only the summary and the findings.
    """
    yield f"[bold]{_text(headline(report))}[/bold]  [dim]as of {report.as_of}[/dim]"
    for each in report.left_out:
        yield f"[red]left out[/red]: {_text(each.why)}"
    for what, origin in report.not_analysed:
        yield f"[magenta]not analysed[/magenta]: {_text(what)} [dim]({_text(str(origin))})[/dim]"
    yield from _findings(report)
    if not rows:
        return
    of = None
    for row in report.rows():
        if row.delegation is not of:
            of = row.delegation
            yield from _head(of)
        yield _line(row)


def _findings(report: Report) -> Iterator[str]:
    for each in alike(report):
        first, colour = each.first, _COLOURS[each.first.grade]
        times = f" [dim]({len(each.findings):,} times)[/dim]" if len(each.findings) > 1 else ""
        yield ""
        yield f"[{colour}]{first.grade.value}[/{colour}]  [bold]{_text(first.title)}[/bold]{times}"
        for _, finding in each.findings[:_MOST]:
            yield f"    {_text(finding.explanation)}"
        if len(each.findings) > _MOST:
            yield f"    and {len(each.findings) - _MOST:,} more"
        yield f"    [dim]mend:[/dim] {_text(first.mend)}"


def _head(each: Delegation) -> Iterator[str]:
    yield ""
    yield f"[bold]{_text(each.role)}[/bold]  {_text(parties(each))}"
    yield f"    [dim]{_text('; '.join(facts_of(each)))}[/dim]"
    yield f"    [dim]{_text(place_of(each))}[/dim]"


def _line(row: Row) -> str:
    may = "" if row.assumer is None else f" [dim]({row.assumer.certainty})[/dim]"
    if row.assumer is not None and row.assumer.certainty == "yes":
        may = ""
    return f"  - {_text(assumer_words(row.assumer))}{may}: {_text(right_of(row))}"


def _text(text: str) -> str:
    if not text.isprintable():
        text = "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)
    return escape(text)
