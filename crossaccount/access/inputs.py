"""States and previews together: each preview on the state of its stack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crossaccount.access.errors import ForeignStackError, PreviewError
from crossaccount.access.json_file import read_json
from crossaccount.access.preview import preview_of, preview_owner
from crossaccount.access.state import read_state

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from crossaccount.access.records import StackRecords


def read_stacks(
    states: Iterable[Path], previews: Iterable[Path] = (), project: str | None = None
) -> list[StackRecords]:
    """The stacks of state files, those with a preview as the preview foresees them.

    Args:
        states: files that `pulumi stack export` wrote, of any number of stacks.
        previews: files that `pulumi preview --json` wrote; each goes with the state of its stack.
        project: the only project they may be of; None takes any.

    Raises:
        AccessError: as `read_state` and `read_preview`; and a state or preview of a stack is given twice.
    """
    found = [read_state(path, project) for path in states]
    return with_previews(found, previews, project)


def with_previews(
    stacks: list[StackRecords], previews: Iterable[Path], project: str | None = None
) -> list[StackRecords]:
    """The same, of states that were read already."""
    found = list(stacks)
    seen: dict[tuple[str, str], str] = {}
    for path in previews:
        where = str(path)
        document = read_json(path, PreviewError)
        owner = preview_owner(document, where)
        if project is not None and owner[0] and owner[0] != project:
            raise ForeignStackError(
                f"`{where}` is a preview of project `{owner[0]}`, and project `{project}` was asked for"
            )
        if owner in seen:
            raise ForeignStackError(
                f"stack `{'/'.join(owner)}` has two previews, `{seen[owner]}` and `{where}`: give one"
            )
        seen[owner] = where
        place = next((n for n, each in enumerate(found) if (each.project, each.stack) == owner), None)
        if place is None:
            found.append(preview_of(document, where))
        else:
            found[place] = preview_of(document, where, found[place])
    return found
