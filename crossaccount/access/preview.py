"""Previews: the state before, and what `pulumi preview --json` says is going to change.

A preview lists only what changes, so the state before it is needed, unless everything is new. The embedded
engine's plan has the same shape. Source: Pulumi documentation, "pulumi preview"; recordings of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from crossaccount.access.errors import ForeignStackError, PreviewError
from crossaccount.access.json_file import read_json
from crossaccount.access.records import STACK_TYPE, Record, StackRecords, is_urn, project_and_stack
from crossaccount.access.state import check_resource

_NEW = frozenset({"create", "replace", "create-replacement", "import", "import-replacement"})
_KEPT = frozenset({"same", "update", "refresh", "read", "read-replacement"})
_GONE = frozenset({"delete", "delete-replaced", "discard", "discard-replaced", "remove-pending-replace"})


def read_preview(path: Path, before: StackRecords | None = None) -> StackRecords:
    """The resources of a stack as a preview foresees them.

    Args:
        path: a file that `pulumi preview --json` wrote.
        before: the stack's state before it; None only where the stack is new.

    Raises:
        PreviewError: it is missing, truncated, no preview, of a run that failed, or needs the state before.
        ForeignStackError: it is of another stack than the state before.
        StateFileError: it holds a malformed resource.
    """
    return preview_of(read_json(Path(path), PreviewError), str(path), before)


def preview_of(document: object, where: str, before: StackRecords | None = None) -> StackRecords:
    """The same from the JSON itself; `where` names it in messages.

    Raises:
        PreviewError, ForeignStackError, StateFileError: as `read_preview`.
    """
    steps = _steps(document, where)
    owner = _owner(steps, where, before)
    foreseen: dict[str, Record] = {}
    if before is not None:
        foreseen = {record.urn: record for record in before.records if not record.retired}
    made: set[str] = set()
    for step in steps:
        _apply(step, foreseen, made, where, complete=before is not None)
    config = document.get("config") if isinstance(document, Mapping) else None
    place = where if before is None or not before.stack else f"{where} on {before.where}"
    return StackRecords(
        place, *owner, tuple(foreseen.values()), config if isinstance(config, Mapping) else {}
    )


def preview_owner(document: object, where: str) -> tuple[str, str]:
    """The project's and stack's name of a preview; empty where it has no step.

    Raises:
        PreviewError: it is no preview, or one of a run that failed.
        ForeignStackError: it is of two stacks.
    """
    return _owner(_steps(document, where), where, None)


def _steps(document: object, where: str) -> list[Mapping[str, Any]]:
    if not isinstance(document, Mapping) or not isinstance(document.get("steps"), list):
        hint = " (it is a state)" if isinstance(document, Mapping) and "deployment" in document else ""
        raise PreviewError(f"`{where}` is not what `pulumi preview --json` writes: no `steps`{hint}")
    _refuse_failure(document, where)
    steps: list[Mapping[str, Any]] = document["steps"]
    for number, step in enumerate(steps, 1):
        if not isinstance(step, Mapping) or not is_urn(step.get("urn")):
            raise PreviewError(f"`{where}`: step {number} has no URN: run the preview again")
    return steps


def _refuse_failure(document: Mapping[str, Any], where: str) -> None:
    diagnostics = document.get("diagnostics") or ()
    for each in diagnostics if isinstance(diagnostics, list) else ():
        if isinstance(each, Mapping) and each.get("severity") == "error":
            lines = [line.strip() for line in str(each.get("message", "")).splitlines() if line.strip()]
            last = lines[-1] if lines else "no message"
            raise PreviewError(
                f"`{where}` is of a preview that failed, so it does not say what `up` would do: {last}; "
                "mend that and run the preview again"
            )


def _owner(steps: list[Mapping[str, Any]], where: str, before: StackRecords | None) -> tuple[str, str]:
    owners = dict.fromkeys(project_and_stack(step["urn"]) for step in steps)
    if before is not None and before.stack:
        owners = {(before.project, before.stack): None, **owners}
    if len(owners) > 1:
        first, second = list(owners)[:2]
        raise ForeignStackError(
            f"`{where}` is a preview of `{'/'.join(second)}`, and the state before it is of "
            f"`{'/'.join(first)}`: give the state of the same stack"
        )
    return next(iter(owners), ("", ""))


def _apply(
    step: Mapping[str, Any], foreseen: dict[str, Record], made: set[str], where: str, *, complete: bool
) -> None:
    op, urn = step.get("op"), step["urn"]
    if op in _GONE:
        if urn not in made and not _is_retained(foreseen.get(urn)):
            foreseen.pop(urn, None)
        return
    if op not in _NEW and op not in _KEPT:
        raise PreviewError(f"`{where}`: `{urn}` has the operation `{op}`, which is not known here")
    if op in _KEPT and not complete and urn.split("::")[2] != STACK_TYPE:
        raise PreviewError(f"`{where}` changes what exists (`{urn}`): give the stack's state before it, too")
    if step.get("newState") is None:
        raise PreviewError(f"`{where}`: `{urn}` has no `newState`: run the preview again")
    new = check_resource(step["newState"], where)
    former = step.get("oldState") or {}
    old = foreseen.pop(former.get("urn", urn), None)  # under its former URN, where an alias names it
    if op in _KEPT:
        outputs = former.get("outputs") if old is None else old.outputs
        new = {**new, "outputs": {**(outputs or {}), **(new.get("outputs") or {})}}
    elif old is not None and _is_retained(old):
        foreseen[f"{urn} (retained)"] = replace(old, retired=True)
    made.add(urn)
    foreseen[urn] = Record(_dated(new, old), planned=op not in ("same", "refresh"))


def _is_retained(record: Record | None) -> bool:
    """Whether deleting the resource leaves what it stands for in the account (`retainOnDelete`)."""
    return record is not None and bool(record.resource.get("retainOnDelete"))


def _dated(new: Mapping[str, Any], old: Record | None) -> Mapping[str, Any]:
    if old is None:
        return new
    return {**new, "created": old.resource.get("created"), "modified": old.resource.get("modified")}
