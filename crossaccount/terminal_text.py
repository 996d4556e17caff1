"""Texts of others on a terminal."""

from __future__ import annotations

from rich.markup import escape as escape_markup

from crossaccount.access.words import visible


def escape(text: str) -> str:
    """A text as it is, for markup of `rich`, with nothing in it that a terminal would obey."""
    return escape_markup(visible(text))
