"""What was listed, as a table, JSON or CSV."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict, fields
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from crossaccount.session.functions.listing import Listed

if TYPE_CHECKING:
    from crossaccount.session.functions.listing import Listing

_COLUMNS = tuple(each.name for each in fields(Listed))
_SHOWN = ("region", "kind", "name", "runtime", "memory", "changed", "description")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_json(listing: Listing) -> str:
    """Everything, and the errors of regions that failed."""
    failed = {region: error.to_json()["error"] for region, error in sorted(listing.failed.items())}
    return json.dumps({"found": [asdict(each) for each in listing.found], "failed": failed}, indent=2)


def as_csv(listing: Listing) -> str:
    """One line for each, after a line of names; text that a spreadsheet would calculate is made harmless."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    for each in listing.found:
        writer.writerow([_harmless(getattr(each, name)) for name in _COLUMNS])
    return text.getvalue()


def show_table(listing: Listing) -> None:
    """A table on standard output, nothing where all failed; colours on a terminal only, not with NO_COLOR."""
    console = Console(highlight=False, emoji=False)
    table = Table(box=None, pad_edge=False)
    for name in _SHOWN:
        table.add_column(name, justify="right" if name == "memory" else "left", overflow="fold")
    for each in listing.found:
        table.add_row(*(escape(_text(getattr(each, name))) for name in _SHOWN))
    if not console.is_terminal:
        console.width = 10_000
    if not listing.found and listing.failed:
        return  # nobody knows whether there are any
    with console.capture() as captured:
        console.print(table if listing.found else "no functions and no services")
    # Not rich's own writing: it would end a broken pipe with code 1.
    click.echo(captured.get(), nl=False)


def _text(value: object) -> str:
    return "" if value is None else " ".join(str(value).split())


def _harmless(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
