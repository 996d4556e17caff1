"""What `crossaccount diff` compares: files, or two git revisions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crossaccount.access import (
    ForeignStackError,
    QuestionError,
    StackRecords,
    preview_of,
    read_state,
    state_of,
)
from crossaccount.access.json_file import read_json
from crossaccount.access.preview import preview_owner

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Inputs:
    """Both sides.

    Attributes:
        before: the stacks before.
        after: the stacks after.
        changed: between revisions, the changed lines by file.
        texts: between revisions, the lines of the stack files.
    """

    before: tuple[StackRecords, ...]
    after: tuple[StackRecords, ...]
    changed: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def read_inputs(
    before: tuple[Path, ...],
    after: tuple[Path, ...],
    base: str | None,
    head: str | None,
    stacks: tuple[str, ...],
    project: Path,
    only_project: str | None,
) -> Inputs:
    """Both sides, as the options say.

    Raises:
        AccessError: something cannot be read, or the options do not go together.
    """
    if base is not None and (before or after):
        raise QuestionError("`--base` compares revisions, `--before` and `--after` compare files: give one")
    if base is None and (head is not None or stacks):
        raise QuestionError("`--head` and `--stack` go with `--base REVISION`")
    if base is not None:
        from crossaccount.review.revisions import read_revisions  # noqa: PLC0415  loads the engine

        found = read_revisions(project, base, head, stacks)
        texts = {
            path: tuple((project / path).read_text("utf-8", "replace").splitlines())
            for path in found.changed
            if path.startswith("Pulumi.") and (project / path).is_file()
        }
        return Inputs(found.before, found.after, found.changed, texts)
    if not after:
        raise QuestionError(
            "there is nothing to compare: give `--before STATE --after PREVIEW`, or `--base REVISION`"
        )
    return _files(before, after, only_project)


def _files(before: tuple[Path, ...], after: tuple[Path, ...], project: str | None) -> Inputs:
    old = [read_state(path, project) for path in before]
    new: list[StackRecords] = []
    replaced: set[int] = set()
    for path in after:
        document = read_json(path)
        is_preview = isinstance(document, dict) and "steps" in document
        if is_preview:
            owner = preview_owner(document, str(path))
            if project is not None and owner[0] and owner[0] != project:
                raise ForeignStackError(
                    f"`{path}` is a preview of project `{owner[0]}`, and project `{project}` was asked for"
                )
            place = _place(old, owner, str(path), replaced)
            new.append(preview_of(document, str(path), None if place is None else old[place]))
        else:
            found = state_of(document, str(path), project)
            place = _place(old, (found.project, found.stack), str(path), replaced)
            new.append(found)
        if place is not None:
            replaced.add(place)
    new += [each for place, each in enumerate(old) if place not in replaced]
    return Inputs(tuple(old), tuple(new))


def _place(old: list[StackRecords], owner: tuple[str, str], where: str, replaced: set[int]) -> int | None:
    """The stack before that a file of after goes with; None for a new stack.

    Raises:
        ForeignStackError: a file without resources says no stack's name, and several could be meant.
    """
    if owner[1]:
        return next((at for at, each in enumerate(old) if (each.project, each.stack) == owner), None)
    left = [at for at in range(len(old)) if at not in replaced]
    if len(left) != 1:
        raise ForeignStackError(
            f"`{where}` holds no resource, so it does not say which stack it is of: compare that stack alone"
        )
    return left[0]
