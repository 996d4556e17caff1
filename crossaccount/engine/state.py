"""A stack's state in memory: its resources, those waiting for deletion, and unfinished operations."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from crossaccount.engine import urn as urns

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crossaccount.engine.values import Properties


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource as the state holds it; secrets in memory are marked and readable.

    `delete` marks one that was replaced and still waits to be deleted; `external` one that was only read;
    `pending_replacement` one that was deleted already and still waits for its replacement. `extra` keeps the
    fields that the engine writes back unread.
    """

    urn: str
    type: str
    custom: bool = False
    delete: bool = False
    id: str = ""
    inputs: Properties = field(default_factory=dict)
    outputs: Properties = field(default_factory=dict)
    parent: str = ""
    protect: bool = False
    external: bool = False
    dependencies: tuple[str, ...] = ()
    provider: str = ""
    property_dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    pending_replacement: bool = False
    additional_secret_outputs: tuple[str, ...] = ()
    custom_timeouts: Mapping[str, float] = field(default_factory=dict)
    import_id: str = ""
    retain_on_delete: bool = False
    created: str = ""
    modified: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The logical name."""
        return urns.name(self.urn)

    @property
    def key(self) -> tuple[str, str]:
        """The URN and id, which tell apart a resource and its replacement."""
        return self.urn, self.id

    @property
    def needs_no_call(self) -> bool:
        """Whether dropping it from the state is all that its deletion takes."""
        return self.external or self.pending_replacement

    @property
    def requires(self) -> tuple[str, ...]:
        """The URNs that must exist for as long as this resource does."""
        provider = self.provider.rpartition("::")[0]
        return tuple(urn for urn in (self.parent, provider, *self.dependencies) if urn)


@dataclass(frozen=True, slots=True)
class PendingOperation:
    """An operation that began and whose end is not known: `creating`, `updating` or `deleting`."""

    type: str
    resource: Resource


@dataclass(slots=True)
class State:
    """A stack's resources: the live ones by URN, those waiting for deletion, and unfinished operations."""

    project: str
    stack: str
    live: dict[str, Resource] = field(default_factory=dict)
    retired: list[Resource] = field(default_factory=list)
    pending: dict[str, PendingOperation] = field(default_factory=dict)
    renames: dict[str, str] = field(default_factory=dict)

    @property
    def root(self) -> Resource | None:
        """The root stack resource, whose outputs are the stack's."""
        return next((r for r in self.live.values() if r.type == urns.STACK_TYPE), None)

    def put(self, resource: Resource) -> None:
        """Record that a resource exists thus; ends its pending operation."""
        self.pending.pop(resource.urn, None)
        self.live[resource.urn] = resource

    def rename(self, old: str, new: str) -> None:
        """Give a live resource another URN; what refers to it follows in `settle_renames` and `ordered`."""
        self.renames.pop(new, None)
        self.renames[old] = new
        resource = self.live.pop(old, None)
        if resource is not None:
            self.live[new] = replace(resource, urn=new, type=urns.type_of(new))
        self.retired = [replace(each, urn=new) if each.urn == old else each for each in self.retired]

    def settle_renames(self) -> None:
        """Bring every reference to a renamed resource up to date."""
        if self.renames:
            self.live = {urn: renamed(each, self.renames) for urn, each in self.live.items()}
            self.retired = [renamed(each, self.renames) for each in self.retired]
            self.renames.clear()

    def retire(self, resource: Resource) -> None:
        """Record that a live resource was replaced and waits to be deleted."""
        self.live.pop(resource.urn, None)
        if all(each.key != resource.key for each in self.retired):
            self.retired.append(replace(resource, delete=True))

    def drop(self, resource: Resource) -> None:
        """Record that a resource is gone; ends its pending operation."""
        self.pending.pop(resource.urn, None)
        if resource.delete:
            self.retired = [each for each in self.retired if each.key != resource.key]
        else:
            self.live.pop(resource.urn, None)

    def ordered(self) -> list[Resource]:
        """Return all resources so that each follows what it requires; otherwise as they came."""
        return in_order([renamed(each, self.renames) for each in (*self.live.values(), *self.retired)])


def renamed(resource: Resource, renames: Mapping[str, str]) -> Resource:
    """Return the resource with every reference to a URN in `renames` brought up to date."""
    if not renames:
        return resource
    provider, separator, id_ = resource.provider.rpartition("::")
    return replace(
        resource,
        parent=latest(resource.parent, renames),
        dependencies=tuple(latest(urn, renames) for urn in resource.dependencies),
        provider=f"{latest(provider, renames)}{separator}{id_}",
        property_dependencies={
            name: tuple(latest(urn, renames) for urn in found)
            for name, found in resource.property_dependencies.items()
        },
    )


def latest(urn: str, renames: Mapping[str, str]) -> str:
    """Return the URN that a resource has now, through every renaming."""
    while urn in renames:
        urn = renames[urn]
    return urn


def in_order(resources: Sequence[Resource]) -> list[Resource]:
    """Sort resources so that each follows what it requires; the order is otherwise kept."""
    waiting: dict[str, list[Resource]] = {}
    for resource in resources:
        waiting.setdefault(resource.urn, []).append(resource)
    result: list[Resource] = []
    for resource in resources:
        path = [resource.urn]
        while path:
            namesakes = waiting.get(path[-1], [])
            missing = [
                urn for each in namesakes for urn in each.requires if urn in waiting and urn not in path
            ]
            if missing:
                path.append(missing[0])
            else:
                result += waiting.pop(path.pop(), [])
    return result
