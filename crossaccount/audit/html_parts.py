"""The parts of the HTML form that need no script: what is missing, counts, findings, sources."""

from __future__ import annotations

import html
import re
from collections import Counter
from typing import TYPE_CHECKING

from crossaccount.access.words import visible
from crossaccount.audit.model import Grade
from crossaccount.audit.telling import alike, count, every_finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from crossaccount.audit.model import Finding, Report, Source
    from crossaccount.audit.telling import Alike

_MOST = 20
_CODE = re.compile("`([^`]*)`")
_COLUMNS = ("Read from", "Stack", "Account", "Resources", "Written", "Version", "SHA-256")


def incomplete(report: Report) -> str:
    """What could not be read or analysed, at the top of the page; empty where there is nothing."""
    return "".join(_incomplete(report))


def _incomplete(report: Report) -> Iterator[str]:
    if report.left_out:
        yield '<section class="missing" aria-labelledby="left-out">'
        number = count(len(report.left_out), "state")
        said = f"{number} could not be read: this report is without {_them(report.left_out)}"
        yield f'<h2 id="left-out">{said}</h2>'
        yield from _bounded([prose(each.why) for each in report.left_out])
        yield "</section>\n"
    if report.not_analysed:
        yield '<section class="missing quiet" aria-labelledby="not-analysed">'
        number = count(len(report.not_analysed), "resource")
        yield f'<h2 id="not-analysed">{number} that may give access could not be analysed</h2>'
        told = (f"{prose(what)} {_place(str(origin))}" for what, origin in report.not_analysed)
        yield from _bounded(list(told))
        yield "</section>\n"


def _them(several: Sequence[object]) -> str:
    return "it" if len(several) == 1 else "them"


def _bounded(items: Sequence[str]) -> Iterator[str]:
    """A list; what is beyond the bound is folded, not gone."""
    yield _list(items[:_MOST])
    if len(items) > _MOST:
        yield f"<details><summary>and {len(items) - _MOST:,} more</summary>{_list(items[_MOST:])}</details>"


def _list(items: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{each}</li>' for each in items)}</ul>"


def summary(report: Report) -> str:
    """The counts of the band at the top."""
    delegations = report.delegations
    accounts = {each.owner for each in delegations}.union(*(each.partners for each in delegations))
    principals = {each.arn or each.label for one in delegations for each in one.assumers}
    grades = Counter(finding.grade for _, finding in every_finding(report))
    counted = (
        (len(accounts), "account"),
        (len(delegations), "delegation"),
        (len(principals), "principal"),
    )
    cards = [_card(number, count(number, word).partition(" ")[2], "") for number, word in counted]
    cards += [_card(grades[each], each.value, each.value) for each in Grade]
    return f"<dl>{''.join(cards)}</dl>"


def _card(number: int, word: str, grade: str) -> str:
    kind = f' class="grade {grade}{"" if number else " none"}"' if grade else ""
    more = '<span class="unseen"> findings</span>' if grade else ""
    return f"<div{kind}><dt>{word}{more}</dt><dd>{number:,}</dd></div>"


def findings(report: Report) -> str:
    """The findings, those that are alike together, the gravest first."""
    found = alike(report)
    return "".join(map(_alike, found)) if found else "<p>None.</p>"


def _alike(each: Alike) -> str:
    first = each.first
    times = count(len(each.findings), "time")
    shows = all(role for role, _ in each.findings)
    examples = [_example(finding) for _, finding in each.findings[: _MOST if shows else None]]
    rest = len(each.findings) - len(examples)
    if rest:
        examples.append(f"and {rest:,} more, each told with its role below")
    told = "".join(_bounded(examples) if not shows else [_list(examples)])
    code = _text(first.code)
    show = (
        f'<button type="button" class="show" data-search="{code}" hidden>Show in the table</button>'
        if shows
        else ""
    )
    return (
        f'<details class="finding {first.grade.value}"{" open" if first.grade is Grade.HIGH else ""}>'
        f'<summary><span class="grade {first.grade.value}">{first.grade.value}</span> '
        f'<span class="title">{prose(first.title)}</span> <span class="times">{times}</span></summary>'
        f'<div><p class="mend"><b>Mend:</b> {prose(first.mend)}</p>{told}{show}</div></details>\n'
    )


def _example(finding: Finding) -> str:
    places = " ".join(dict.fromkeys(_place(str(origin)) for origin in finding.origins))
    return f"{prose(finding.explanation)} {places}"


def sources(report: Report) -> str:
    """A table of what was read."""
    if not report.sources:
        return "<p>Nothing.</p>"
    head = "".join(f'<th scope="col">{each}</th>' for each in _COLUMNS)
    return (
        '<table class="sources"><caption class="unseen">What was read</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(map(_source, report.sources))}</tbody></table>"
    )


def _source(each: Source) -> str:
    values = (each.stack, each.account, f"{each.resources:,}", each.written, each.version, each.digest)
    cells = "".join(
        f'<td data-label="{label}">{_text(value)}</td>'
        for label, value in zip(_COLUMNS[1:], values, strict=True)
    )
    return f'<tr><th scope="row">{_text(each.where)}</th>{cells}</tr>'


def prose(text: str) -> str:
    """A sentence of the report as HTML; what it has between backticks is code."""
    return _CODE.sub(r"<code>\1</code>", _text(text))


def _place(text: str) -> str:
    return f'<code class="place">{_text(text)}</code>'


def _text(text: str) -> str:
    return html.escape(visible(text))
