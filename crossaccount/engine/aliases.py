"""What a resource was called before: the URNs under which the state may still hold it.

Source: Pulumi documentation, resource option `aliases`; Pulumi engine, `generateAliases` in
`pkg/resource/deploy/step_generator.go`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crossaccount.engine import urn as urns

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Alias:
    """One former name: a whole URN, or the parts that were different.

    Args:
        urn: the whole URN; empty when parts are given.
        name, type, project, stack: empty for the resource's own.
        parent: the former parent's URN; empty for the resource's own.
        no_parent: it had no parent but the stack.
    """

    urn: str = ""
    name: str = ""
    type: str = ""
    project: str = ""
    stack: str = ""
    parent: str = ""
    no_parent: bool = False

    @classmethod
    def from_message(cls, message: Any) -> Alias:  # noqa: ANN401  the SDK's Alias
        """Read the SDK's message."""
        if message.WhichOneof("alias") == "urn":
            return cls(urn=message.urn)
        spec = message.spec
        return cls(
            name=spec.name,
            type=spec.type,
            project=spec.project,
            stack=spec.stack,
            parent=spec.parentUrn,
            no_parent=spec.noParent,
        )


def former_urns(
    urn: str, parent: str, aliases: Sequence[Alias], renamed_parents: Mapping[str, str]
) -> Iterator[str]:
    """Yield the URNs that a resource may have had, most likely first; one may come twice.

    Args:
        urn: the resource's URN now.
        parent: its parent's URN now; empty for none.
        aliases: what the program says.
        renamed_parents: for each resource found by an alias, its former URN: a child had a name after it.
    """
    own = [_former(urn, parent, alias, renamed_parents) for alias in aliases]
    yield from own
    former_parent = renamed_parents.get(parent)
    if former_parent is not None:
        for each in (urn, *own):
            yield _inherited(each, urns.name(parent), former_parent)


def _former(urn: str, parent: str, alias: Alias, renamed_parents: Mapping[str, str]) -> str:
    if alias.urn:
        return alias.urn
    project, stack = urns.project_and_stack(urn)
    former_parent = renamed_parents.get(alias.parent, alias.parent) or parent
    return urns.make(
        alias.stack or stack,
        alias.project or project,
        "" if alias.no_parent else former_parent,
        alias.type or urns.type_of(urn),
        alias.name or urns.name(urn),
    )


def _inherited(urn: str, parent_name: str, former_parent: str) -> str:
    name = urns.name(urn)
    if name.startswith(parent_name):  # by convention a child is called after its parent
        name = urns.name(former_parent) + name.removeprefix(parent_name)
    project, stack = urns.project_and_stack(former_parent)
    return urns.make(stack, project, former_parent, urns.type_of(urn), name)
