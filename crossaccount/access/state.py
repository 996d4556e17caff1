"""States: what `pulumi stack export` writes; the embedded engine's state files have the same shape.

Source: Pulumi SDK, `sdk/go/common/apitype/core.go`, deployment version 3.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crossaccount.access.errors import ForeignStackError, StateFileError
from crossaccount.access.json_file import read_json
from crossaccount.access.records import Record, StackRecords, is_urn, project_and_stack

VERSION = 3
_PARTS = (("inputs", Mapping), ("outputs", Mapping), ("propertyDependencies", Mapping), ("type", str))


def read_state(path: Path, project: str | None = None) -> StackRecords:
    """The resources of a state file.

    Args:
        path: a file that `pulumi stack export` wrote.
        project: the only project it may be of; None takes any.

    Raises:
        StateFileError: it is missing, truncated, of another version, or malformed.
        ForeignStackError: it is another project's, or holds resources of two stacks.
    """
    return state_of(read_json(Path(path)), str(path), project)


def state_of(document: object, where: str, project: str | None = None) -> StackRecords:
    """The resources of a deployment JSON; `where` names it in messages.

    Raises:
        StateFileError, ForeignStackError: as `read_state`.
    """
    deployment = _deployment(document, where)
    listed = _list(deployment, "resources", where)
    pending = _list(deployment, "pending_operations", where)
    operations: dict[str, str] = {}
    creating: list[Record] = []
    for operation in pending:
        resource = check_resource(operation.get("resource"), where)
        operations[resource["urn"]] = str(operation.get("type"))
        if operation.get("type") == "creating":
            creating.append(Record(resource, planned=True, certain=False))
    records = [
        Record(
            check_resource(each, where),
            certain=each["urn"] not in operations,
            retired=bool(each.get("delete")),
        )
        for each in listed
        if not each.get("pendingReplacement")  # it was deleted, and its replacement is not made yet
    ]
    known = {record.urn for record in records}
    records += [each for each in creating if each.urn not in known]
    names = _owner(records, where, project)
    return StackRecords(where, *names, tuple(records))


def check_resource(resource: object, where: str) -> Mapping[str, Any]:
    """The JSON of a resource, if it is one.

    Raises:
        StateFileError: it is malformed; names the resource as far as it has a name.
    """
    if not isinstance(resource, Mapping) or not is_urn(resource.get("urn")):
        raise StateFileError(f"`{where}` holds a resource without a URN: it is damaged; export it again")
    for name, kind in _PARTS:
        if resource.get(name) is not None and not isinstance(resource[name], kind):
            raise StateFileError(f"`{where}`: `{resource['urn']}`: `{name}` is malformed; export it again")
    if not resource.get("type"):
        raise StateFileError(f"`{where}`: `{resource['urn']}` has no `type`; export it again")
    return resource


def _deployment(document: object, where: str) -> Mapping[str, Any]:
    if not isinstance(document, Mapping) or not isinstance(document.get("deployment"), Mapping):
        hint = "; it is a preview: give it as one, with the state before it" if _is_preview(document) else ""
        raise StateFileError(f"`{where}` is not what `pulumi stack export` writes: no `deployment`{hint}")
    if document.get("version") != VERSION:
        raise StateFileError(
            f"`{where}` is a deployment of version `{_number(document.get('version'))}`; version {VERSION} "
            "is read: export it with a current Pulumi"
        )
    deployment: Mapping[str, Any] = document["deployment"]
    return deployment


def _number(version: object) -> object:
    return version if isinstance(version, int) else "?"


def _is_preview(document: object) -> bool:
    return isinstance(document, Mapping) and "steps" in document


def _list(deployment: Mapping[str, Any], name: str, where: str) -> list[Any]:
    listed = deployment.get(name) or []
    if not isinstance(listed, list) or not all(isinstance(each, Mapping) for each in listed):
        raise StateFileError(f"`{where}`: `deployment.{name}` is not a list of objects; export it again")
    return listed


def _owner(records: list[Record], where: str, project: str | None) -> tuple[str, str]:
    owner = ("", "")
    prefix = ""
    for record in records:
        if prefix and record.urn.startswith(prefix):
            continue
        found = project_and_stack(record.urn)
        if prefix:
            raise ForeignStackError(
                f"`{where}` holds resources of two stacks, `{'/'.join(owner)}` and `{'/'.join(found)}`"
            )
        owner = found
        prefix = record.urn[: -len(record.urn.split("::", 2)[2])]
        if project is not None and owner[0] != project:
            raise ForeignStackError(
                f"`{where}` is the state of project `{owner[0]}`, stack `{owner[1]}`, and project "
                f"`{project}` was asked for"
            )
    return owner
