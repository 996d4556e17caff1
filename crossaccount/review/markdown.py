"""The diff as a comment of a pull request.

One comment, never split: what does not fit is counted, the widest rows are kept. It starts with a hidden
line by which it is found again. Source: GitHub REST API, a comment's body has at most 65,536 characters.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from crossaccount.review.markdown_text import code, plain
from crossaccount.review.mermaid import picture
from crossaccount.review.model import Kind
from crossaccount.review.words import (
    VERDICT_WORDS,
    RowGroup,
    end_words,
    grouped,
    headline,
    known_actions,
    short,
    who,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crossaccount.review.model import Cause, DiffRow, PermissionDiff

LIMIT = 65_536
"""Characters in a comment; held in bytes of UTF-8, which are at least as many."""

MARKER = "<!-- crossaccount permission diff "
_TABLE_SHARE = 30_000
_MOST_PATTERNS, _MOST_WHO = 6, 6
_SIGNS = {Kind.GAINED: "**+**", Kind.MAYBE_GAINED: "**?+**", Kind.LOST: "**-**", Kind.MAYBE_LOST: "**?-**"}
_HEAD = "| | Who | Action | Resource | Condition | Through | Because of |\n|---|---|---|---|---|---|---|\n"


def to_markdown(diff: PermissionDiff, *, key: str = "", digest: str = "", limit: int = LIMIT) -> str:
    """The comment.

    Args:
        diff: the diff.
        key: tells several comments on one pull request apart, e.g. a project's name.
        digest: what an approval binds; see `crossaccount.review.approval`.
        limit: the most bytes.
    """
    marker = f"{marker_of(key)}\n"
    hidden = f"<!-- {json.dumps({'digest': digest})} -->\n" if digest else ""
    top = f"{marker}{hidden}### {headline(diff)}\n\n"
    bottom = "".join([_verdicts(diff), _not_read(diff), _footer(digest)])
    groups = grouped(diff.rows)
    if not groups:
        return _within(top, [], "", bottom, limit)
    rows = [_table_row(number, group) for number, group in enumerate(groups, 1)]
    kept = _fitting(rows, min(_TABLE_SHARE, max(0, limit - _bytes(top + _HEAD + bottom) - 600)))
    table = _HEAD + "".join(rows[:kept]) + _rest(groups[kept:])
    drawn = picture(group.first for group in groups[:kept])
    details = [_detail(number, group) for number, group in enumerate(groups[:kept], 1)]
    return _within(top + table + "\n", details, drawn, bottom, limit)


def marker_of(key: str) -> str:
    """The hidden first line by which a comment is found again.

    Raises:
        ValueError: a key that would end the hidden line.
    """
    if not re.fullmatch(r"[A-Za-z0-9._/ -]*", key) or "--" in key:
        raise ValueError(f"`{key}` is no key of a comment: use letters, digits, `.`, `_`, `/` and `-`")
    return f"{MARKER}{key} -->" if key else f"{MARKER}-->"


def _within(top: str, details: list[str], drawn: str, bottom: str, limit: int) -> str:
    """All parts as far as they fit: first the table, then the picture, then details in their order."""
    left = limit - _bytes(top)
    if _bytes(bottom) > left:
        return f"{top}The rest is in the artifact.\n"
    left -= _bytes(bottom)
    picture_part = _folded("Picture of the changed paths", drawn) if drawn else ""
    if _bytes(picture_part) > left:
        picture_part = ""
    left -= _bytes(picture_part)
    head, foot = "<details><summary>Details, row by row</summary>\n\n", "\n</details>\n\n"
    kept = _fitting(details, left - _bytes(head + foot) - 100)
    folded = ""
    if kept:
        more = f"\nDetails of {len(details) - kept} more rows are in the artifact.\n"
        folded = head + "".join(details[:kept]) + (more if kept < len(details) else "") + foot
    return top + picture_part + folded + bottom


def _fitting(parts: Iterable[str], room: int) -> int:
    count = 0
    for part in parts:
        room -= _bytes(part)
        if room < 0:
            break
        count += 1
    return count


def _bytes(text: str) -> int:
    return len(text.encode())


def _rest(groups: list[RowGroup]) -> str:
    if not groups:
        return ""
    counts = {kind: sum(len(group.rows) for group in groups if group.first.kind is kind) for kind in Kind}
    said = ", ".join(f"{count} {kind.value}" for kind, count in counts.items() if count)
    return f"\n**{sum(counts.values())} more rows, none wider, are in the artifact: {said}.**\n"


def _table_row(number: int, group: RowGroup) -> str:
    row = group.first
    people = [_who(each) for each in group.rows[:_MOST_WHO]]
    if len(group.rows) > _MOST_WHO:
        people.append(f"and {len(group.rows) - _MOST_WHO} more")
    cells = (
        f"{_SIGNS[row.kind]} {number}",
        "<br>".join(people),
        ("at most " if not row.kind.sure else "") + _codes(row.actions),
        _codes(row.resources),
        _conditions(row),
        " → ".join(code(short(each)) for each in row.path) or "itself",
        "<br>".join(_cause(each) for each in row.causes[:_MOST_PATTERNS]) or "what no given stack declares",
    )
    return f"| {' | '.join(cells)} |\n"


def _who(row: DiffRow) -> str:
    return plain(who(row))


def _conditions(row: DiffRow) -> str:
    said = [plain(each) for each in row.conditions[:_MOST_PATTERNS]]
    if len(row.conditions) > _MOST_PATTERNS:
        said.append(f"and {len(row.conditions) - _MOST_PATTERNS} more")
    if row.ends_after:
        said.append(f"*{end_words(row)}*")
    if row.why:
        said.append(f"*cannot tell: {plain(row.why)}*")
    return "<br>".join(said) or "none"


def _cause(cause: Cause) -> str:
    place = f" ({code(cause.line)})" if cause.line else ""
    return f"{code(cause.resource)} {plain(cause.what)}{place}"


def _detail(number: int, group: RowGroup) -> str:
    return "\n".join([f"**{number}.** {group.first.kind.value}", "", *_detail_lines(group), "", ""])


def _detail_lines(group: RowGroup) -> Iterator[str]:
    row = group.first
    yield f"- who: {'; '.join(_who(each) for each in group.rows[:50])}"
    if len(group.rows) > 50:  # noqa: PLR2004  as in the line before
        yield f"- and {len(group.rows) - 50} more"
    yield f"- reaches: {known_actions(row)}"
    if row.witness is not None:
        request = row.witness.request
        context = "".join(f", {key}={value}" for key, value in request.context.items())
        yield f"- for example: {code(f'{request.action} on {request.resource}{context}')}"
        for step, earlier in row.witness.steps.items():
            given = ", ".join(f"{key}={value}" for key, value in earlier.context.items()) or "no context"
            yield f"- having assumed {code(step)} with {code(given)}"
    for cause in row.causes:
        yield f"- {_cause(cause)}{''.join(f' ← {code(each)}' for each in cause.trace)}"
        if cause.changed and cause.position:
            yield f"  - declared at {code(cause.position)}"
    if row.ends_after is not None:
        yield f"- gone: {end_words(row)}"


def _verdicts(diff: PermissionDiff) -> str:
    if not diff.principals:
        return ""
    shown = diff.principals[:100]
    lines = [
        f"- {plain(each.principal)} {code(each.principal_arn)}: {VERDICT_WORDS[each.verdict]}\n"
        for each in shown
    ]
    if len(diff.principals) > len(shown):
        lines.append(f"- and {len(diff.principals) - len(shown)} more\n")
    return _folded("Verdict for each principal", "".join(lines))


def _not_read(diff: PermissionDiff) -> str:
    shown = diff.not_read[:50]
    signs = {True: "**changed** ", False: ""}
    lines = [f"- {signs[each.new]}{plain(each.what)} ({code(each.place)})\n" for each in shown]
    if len(diff.not_read) > len(shown):
        lines.append(f"- and {len(diff.not_read) - len(shown)} more\n")
    return f"**Not analysed, may give more:**\n\n{''.join(lines)}\n" if lines else ""


def _folded(summary: str, text: str) -> str:
    return f"<details><summary>{summary}</summary>\n\n{text}\n</details>\n\n"


def _footer(digest: str) -> str:
    checked = (
        "Each gain and loss was confirmed by a request that the evaluator decides differently on both sides."
    )
    return f"{checked}\n" + (
        f"To approve exactly this: `crossaccount diff --approved {digest}`\n" if digest else ""
    )


def _codes(patterns: tuple[str, ...]) -> str:
    shown = [code(each) for each in patterns[:_MOST_PATTERNS]]
    if len(patterns) > _MOST_PATTERNS:
        shown.append(f"and {len(patterns) - _MOST_PATTERNS} more")
    return "<br>".join(shown)
