"""The changed paths as a mermaid picture: who, over which roles, to which actions."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from crossaccount.access.words import visible
from crossaccount.review.model import Kind
from crossaccount.review.words import short

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crossaccount.review.model import DiffRow

_MOST = 15
_LONGEST = 60
_ARROWS = {Kind.GAINED: "==>", Kind.LOST: "-.->", Kind.MAYBE_GAINED: "-->", Kind.MAYBE_LOST: "-->"}


def picture(rows: Iterable[DiffRow]) -> str:
    """The picture of at most fifteen rows, the widest, in a fence; empty for no row."""
    names: dict[str, str] = {}
    edges: dict[str, None] = {}
    shown = list(rows)
    for row in shown[:_MOST]:
        way = [row.principal_arn, *row.path]
        for start, end in pairwise(way):
            edges[f"  {_node(names, start)} --> {_node(names, end)}"] = None
        goal = f"{', '.join(row.actions[:3])}{' ...' if len(row.actions) > 3 else ''}"  # noqa: PLR2004
        edges[f"  {_node(names, way[-1])} {_ARROWS[row.kind]}|{row.kind.value}| {_node(names, goal)}"] = None
    if not edges:
        return ""
    nodes = [f'  {name}["{_label(text)}"]' for text, name in names.items()]
    rest = f"\n{len(shown) - _MOST} more rows are not drawn.\n" if len(shown) > _MOST else ""
    return "\n".join(["```mermaid", "flowchart LR", *nodes, *edges, "```", rest])


def _node(names: dict[str, str], text: str) -> str:
    return names.setdefault(text, f"n{len(names)}")


def _label(text: str) -> str:
    if text.endswith(":root"):
        text = f"whoever account {text.split(':')[3]} lets"
    text = short(visible(text))
    text = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    return "".join(each if each.isalnum() or each in " :/*.-_(),…" else f"#{ord(each)};" for each in text)
