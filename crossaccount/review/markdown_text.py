"""Texts inside Markdown that stay texts: nothing in them is taken for Markdown, HTML, a cell or a mention."""

from __future__ import annotations

import re

from crossaccount.access.words import visible

LONGEST = 160
_SPECIAL = re.compile(r"[\\`*_\[\]<>#@~|&!]")


def code(text: str, longest: int = LONGEST) -> str:
    """A text as code; of one that is longer than `longest` characters the beginning.

    It is an element of HTML where one of its characters would end a span of code, or a cell of a table.
    """
    bare = _cell(text, longest)
    if not bare:
        return "*empty*"
    if "`" in bare or "|" in bare or "\\" in bare:
        return f"<code>{_escaped(bare)}</code>"
    return f"`{bare}`"


def plain(text: str, longest: int = LONGEST) -> str:
    """A text outside of code, its own pairs of backticks kept; of a longer one the beginning."""
    parts = _cell(text, longest).split("`")
    if len(parts) % 2 == 0:
        return code(text, longest)
    return "".join(code(each) if at % 2 else _escaped(each) for at, each in enumerate(parts) if each)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(_reference, text)


def _reference(found: re.Match[str]) -> str:
    return f"&#{ord(found[0])};"


def _cell(text: str, longest: int) -> str:
    text = visible(" ".join(text.split()))
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
