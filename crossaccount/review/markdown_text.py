"""Texts inside Markdown that stay texts: nothing in them is taken for Markdown, HTML, a cell or a mention."""

from __future__ import annotations

LONGEST = 160


def code(text: str, longest: int = LONGEST) -> str:
    """A text as code; of one that is longer than `longest` characters the beginning."""
    bare = _cell(text, longest).replace("`", "'")
    return f"`{bare}`"


def plain(text: str, longest: int = LONGEST) -> str:
    """A text outside of code, its own pairs of backticks kept; of a longer one the beginning."""
    parts = _cell(text, longest).split("`")
    if len(parts) % 2 == 0:
        return code(text, longest)
    return "".join(f"`{each}`" if at % 2 else _escaped(each) for at, each in enumerate(parts) if each)


def _escaped(text: str) -> str:
    for character in "\\*_[]<>#@~":
        text = text.replace(character, f"&#{ord(character)};")
    return text


def _cell(text: str, longest: int) -> str:
    text = " ".join(text.split()).replace("|", "\\|")
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
