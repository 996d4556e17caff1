"""The report as one HTML file that needs no network: to search, sort, print and follow paths in.

The findings and all that counts are in the text of the page; the rows are drawn by its script from the data
in it. A policy in the page's head lets nothing run or load but the style and the script that it names.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from crossaccount.access.words import visible
from crossaccount.audit.html_data import data_of
from crossaccount.audit.html_parts import findings, incomplete, sources, summary
from crossaccount.audit.telling import headline

if TYPE_CHECKING:
    from crossaccount.audit.model import Report

_PAGE = Path(__file__).with_name("page")
_STYLES = ("colours.css", "page.css", "table.css", "picture.css", "print.css")
_SCRIPTS = (
    "elements.js",
    "data.js",
    "search.js",
    "table.js",
    "neighbourhood.js",
    "picture.js",
    "path.js",
    "page.js",
)
_PLACE = re.compile(r"\{\{(\w+)\}\}")


def report_to_html(report: Report) -> str:
    """The whole report as one HTML file."""
    style, script = _style(), _script()
    parts = {
        "policy": f"default-src 'none'; style-src {_digest(style)}; script-src {_digest(script)}; "
        "base-uri 'none'; form-action 'none'",
        "style": style,
        "script": script,
        "as_of": html.escape(visible(report.as_of)),
        "headline": html.escape(headline(report)),
        "incomplete": incomplete(report),
        "summary": summary(report),
        "findings": findings(report),
        "sources": sources(report),
        "data": data_of(report).decode(),
    }
    fixed = _template()
    return "".join(parts[each] if number % 2 else each for number, each in enumerate(fixed))


@cache
def _template() -> tuple[str, ...]:
    """The page's text, and in every second place the name of a part."""
    return tuple(_PLACE.split((_PAGE / "page.html").read_text("utf-8")))


@cache
def _style() -> str:
    return "".join((_PAGE / name).read_text("utf-8") for name in _STYLES)


@cache
def _script() -> str:
    text = "".join((_PAGE / name).read_text("utf-8") for name in _SCRIPTS)
    return f'(() => {{\n"use strict";\n{text}}})();\n'


def _digest(text: str) -> str:
    """The source expression of a content security policy that allows this text alone."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
