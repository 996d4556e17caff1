"""The file that `pulumi import --file` reads, for delegations under the names of the components.

A name in it is the file's own; `logicalName` is the resource's where two have the same. Ids: facts 7.3.
Source: Pulumi documentation, "Importing resources, bulk import operations".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crossaccount.adopt.model import Adoption

_ROLE = "crossaccount:index:CrossAccountRole"
_PERMISSIONS = "crossaccount:index:RolePermissions"


def import_file(adoptions: Iterable[Adoption], version: str) -> dict[str, Any]:
    """What `pulumi import --file` is given.

    Args:
        adoptions: the roles.
        version: the alicloud provider's that the program uses; empty to leave it to Pulumi.
    """
    return {"resources": [entry for each in adoptions for entry in _entries(each, version)]}


def urns(document: dict[str, Any], project: str, stack: str) -> list[str]:
    """The URNs that the import gives to what is in a file."""
    by_name = {each["name"]: each for each in document["resources"]}

    def chain(entry: dict[str, Any]) -> str:
        above = f"{chain(by_name[entry['parent']])}$" if "parent" in entry else ""
        return above + str(entry["type"])

    return [
        f"urn:pulumi:{stack}::{project}::{chain(each)}::{each.get('logicalName', each['name'])}"
        for each in document["resources"]
    ]


def is_import_file(document: object) -> bool:
    """Whether a JSON document is such a file."""
    return isinstance(document, dict) and isinstance(document.get("resources"), list)


def _entries(adoption: Adoption, version: str) -> list[dict[str, Any]]:
    name = adoption.role.name
    given = {"version": version} if version else {}
    parent, permissions = f"{name}/CrossAccountRole", f"{name}/RolePermissions"

    def resource(kind: str, label: str, id_: str, above: str) -> dict[str, Any]:
        own = f"{label}/{kind}"
        type_ = f"alicloud:ram/{kind[0].lower()}{kind[1:]}:{kind}"
        return {"type": type_, "name": own, "logicalName": label, "id": id_, "parent": above, **given}

    entries: list[dict[str, Any]] = [
        {"type": _ROLE, "name": parent, "logicalName": name, "component": True},
        resource("Role", name, name, parent),
        {"type": _PERMISSIONS, "name": permissions, "logicalName": name, "component": True, "parent": parent},
    ]
    if adoption.custom:
        entries.append(resource("Policy", f"{name}-custom", adoption.custom, permissions))
    for each in adoption.taken():
        label = f"{name}-custom" if each.policy_kind == "Custom" else f"{name}-{each.policy}"
        id_ = f"role:{each.policy}:{each.policy_kind}:{name}"
        entries.append(resource("RolePolicyAttachment", label, id_, permissions))
    return entries
