"""The report as Markdown, whole: for a repository, a wiki or a ticket."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from crossaccount.audit.telling import (
    alike,
    assumer_words,
    count,
    end_of,
    facts_of,
    headline,
    parties,
    place_of,
    right_of,
)
from crossaccount.review.markdown_text import code, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crossaccount.audit.model import Report
    from crossaccount.audit.telling import Alike

_LONGEST, _MOST = 1_000, 20


def report_to_markdown(report: Report) -> str:
    """Summary and findings first, then every right of every principal in one table, then the delegations."""
    return "".join(f"{line}\n" for line in _lines(report))


def _lines(report: Report) -> Iterator[str]:
    yield f"# Who can reach what, as of {report.as_of}"
    yield ""
    yield f"**{headline(report)}**"
    yield ""
    for missing in report.left_out:
        yield f"- **left out**: {_text(missing.why)}"
    for what, origin in report.not_analysed:
        yield f"- **not analysed**: {_text(what)} ({code(str(origin), _LONGEST)})"
    yield from _findings(report)
    yield "## Rights"
    yield ""
    yield "| Owner | Principal | Role | May | Ends | Declared at |"
    yield "|---|---|---|---|---|---|"
    yield from _rights(report)
    yield ""
    yield "## Delegations"
    yield ""
    for each in report.delegations:
        yield f"- {code(each.role_arn)}: {_often(parties(each))}; {_text('; '.join(facts_of(each)))}"
        yield f"  - {_text(place_of(each))}"
    yield ""
    yield "## Read from"
    yield ""
    for source in report.sources:
        said = [f"stack {code(source.stack)}" if source.stack else "", f"account {source.account}"]
        said += [count(source.resources, "resource"), source.written and f"written {source.written}"]
        said += [
            source.version and f"version {source.version}",
            source.digest and f"SHA-256 {code(source.digest)}",
        ]
        yield f"- {code(source.where)}: {', '.join(filter(None, said))}"


def _findings(report: Report) -> Iterator[str]:
    yield ""
    yield "## Findings"
    yield ""
    found = alike(report)
    if not found:
        yield "None."
        yield ""
        return
    yield "| Grade | What | How often | How to mend it |"
    yield "|---|---|---|---|"
    for each in found:
        first = each.first
        yield f"| {first.grade.value} | {_text(first.title)} | {len(each.findings)} | {_text(first.mend)} |"
    yield ""
    for each in found:
        yield from _finding(each)


def _finding(each: Alike) -> Iterator[str]:
    first = each.first
    summary = f"{first.grade.value}: {plain(first.title)} ({count(len(each.findings), 'time')})"
    yield f"<details><summary>{summary}</summary>"
    yield ""
    for _, finding in each.findings[:_MOST]:
        places = ", ".join(dict.fromkeys(code(str(origin), _LONGEST) for origin in finding.origins))
        yield f"- {_text(finding.explanation)}{f' ({places})' if places else ''}"
    if len(each.findings) > _MOST:
        yield f"- and {len(each.findings) - _MOST:,} more; the JSON and the CSV have them all"
    yield ""
    yield "</details>"
    yield ""


def _rights(report: Report) -> Iterator[str]:
    of = None
    owner = role = ends = place = ""
    for row in report.rows():
        if row.delegation is not of:
            of = row.delegation
            owner, role, ends = (
                _often(of.owner_alias or of.owner),
                code(of.role),
                end_of(of),
            )
            place = "" if of.origin is None else code(str(of.origin), _LONGEST)
        who, right = _often(assumer_words(row.assumer)), _text(right_of(row))
        yield f"| {owner} | {who} | {role} | {right} | {ends} | {place} |"


@lru_cache(maxsize=1024)
def _often(text: str) -> str:
    return plain(text, _LONGEST)


def _text(text: str) -> str:
    return plain(text, _LONGEST)
