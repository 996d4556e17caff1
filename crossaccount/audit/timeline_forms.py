"""The timeline for a terminal, and as CSV, JSON and Markdown; each form holds every span."""

from __future__ import annotations

import csv
import io
from dataclasses import astuple, fields
from typing import TYPE_CHECKING

import orjson
from rich.markup import escape

from crossaccount.access.words import visible
from crossaccount.audit.csv_form import safe
from crossaccount.audit.timeline import Span
from crossaccount.review.markdown_text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crossaccount.audit.timeline import Timeline

VERSION = 1
_LONGEST = 1_000


def timeline_to_json(timeline: Timeline) -> str:
    """Every span, and what was left out, as JSON text."""
    document = {
        "version": VERSION,
        "spans": [{name: getattr(each, name) for name in _NAMES} for each in timeline.spans],
        "leftOut": [{"where": each.where, "why": each.why} for each in timeline.left_out],
    }
    return orjson.dumps(document, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_INDENT_2).decode()


def timeline_to_csv(timeline: Timeline) -> str:
    """One span a line; what a spreadsheet would take for a formula begins with an apostrophe."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(_NAMES)
    writer.writerows([safe(text) for text in astuple(each)] for each in timeline.spans)
    return target.getvalue()


def timeline_to_markdown(timeline: Timeline) -> str:
    """A table with a span a row."""
    lines = ["# Who could reach what, and when", ""]
    lines += [f"- **left out**: {plain(each.why, _LONGEST)}" for each in timeline.left_out]
    lines += ["", "| From | To | Who | Role | What | Begun by | Ended by |", "|---|---|---|---|---|---|---|"]
    for each in timeline.spans:
        cells = (each.principal, each.role, each.right, each.opened, each.closed)
        told = " | ".join(plain(text, _LONGEST) if text else "" for text in cells)
        lines.append(f"| {each.since} | {each.until or 'still'} | {told} |")
    return "".join(f"{line}\n" for line in lines)


def timeline_lines(timeline: Timeline) -> Iterator[str]:
    """Lines for a terminal, in `rich`'s markup."""
    for missing in timeline.left_out:
        yield f"[red]left out[/red]: {escape(visible(missing.why))}"
    if not timeline.spans and not timeline.left_out:
        yield "nobody could reach anything through a delegation"
    for each in timeline.spans:
        until = f"to [bold]{each.until}[/bold]" if each.until else "[bold]and still[/bold]"
        yield ""
        yield f"[bold]{each.since}[/bold] {until}  {escape(visible(each.principal))}"
        yield f"    as {escape(visible(each.role))}: {escape(visible(each.right))}"
        yield f"    [green]begun[/green] {escape(visible(each.opened))}"
        if each.closed:
            yield f"    [red]ended[/red] {escape(visible(each.closed))}"


_NAMES = tuple(each.name for each in fields(Span))
