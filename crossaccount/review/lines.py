"""From the changed lines of two revisions to the line that each cause comes from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.review.model import Cause, PermissionDiff


def located(
    diff: PermissionDiff, changed: Mapping[str, tuple[int, ...]], texts: Mapping[str, tuple[str, ...]]
) -> PermissionDiff:
    """The diff with the changed line of each cause, where one can be told.

    Args:
        diff: the diff.
        changed: by file the lines that differ between the revisions.
        texts: by stack file its lines, to find the changed one nearest to what a cause is called.
    """
    rows = tuple(
        replace(row, causes=tuple(_located(cause, changed, texts) for cause in row.causes))
        for row in diff.rows
    )
    return replace(diff, rows=rows)


def _located(
    cause: Cause, changed: Mapping[str, tuple[int, ...]], texts: Mapping[str, tuple[str, ...]]
) -> Cause:
    for place in (cause.position, *cause.trace):
        path, _, line = place.rpartition(":")
        if line.isdigit() and int(line) in changed.get(path, ()):
            return replace(cause, changed=place)
    path = f"Pulumi.{cause.stack.rpartition('/')[2]}.yaml"
    lines = changed.get(path, ())
    return replace(cause, changed=f"{path}:{_nearest(cause, lines, texts.get(path, ()))}") if lines else cause


def _nearest(cause: Cause, lines: tuple[int, ...], text: tuple[str, ...]) -> int:
    """The first changed line below the setting that the resource is named after; else the first one."""
    name = cause.urn.rpartition("::")[2]
    starts = [
        number
        for number, line in enumerate(text, 1)
        if (key := line.strip().removesuffix(":")) and line.strip().endswith(":") and key in name
    ]
    for start in sorted(starts, key=lambda number: -len(text[number - 1].strip())):
        below = [line for line in lines if line >= start]
        if below:
            return below[0]
    return lines[0]
