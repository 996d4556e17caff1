"""Whether a state is whole: what each resource refers to is there, and comes before it.

Source: Pulumi engine, `VerifyIntegrity` in `pkg/resource/deploy/snapshot.go`: a state that fails this is
refused by `pulumi stack import`, and by every other command.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crossaccount.engine import urn as urns

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crossaccount.engine.state import Resource


def problems(resources: Iterable[Resource]) -> Iterator[str]:
    """Yield what is wrong with a state's resources, in the order in which the file lists them."""
    seen: set[str] = set()
    live: set[str] = set()
    providers: set[str] = set()
    for resource in resources:
        yield from _own_problems(resource, live)
        if resource.provider and resource.provider not in providers and not resource.pending_replacement:
            yield f"`{resource.urn}` refers to the provider `{resource.provider}`, which is not before it"
        for kind, urn in _references(resource):
            if urn not in seen:
                yield f"`{resource.urn}` has the {kind} `{urn}`, which is not before it"
        seen.add(resource.urn)
        if not resource.delete:
            live.add(resource.urn)
        if urns.is_provider(resource.type):
            providers.add(f"{resource.urn}::{resource.id}")


def _own_problems(resource: Resource, live: set[str]) -> Iterator[str]:
    if not resource.type:
        yield f"`{resource.urn}` has no type"
    if not resource.custom and resource.id:
        yield f"`{resource.urn}` is a component and has an id"
    if not resource.delete and resource.urn in live:
        yield f"`{resource.urn}` is there twice"


def _references(resource: Resource) -> Iterator[tuple[str, str]]:
    if resource.parent:
        yield "parent", resource.parent
    for urn in resource.dependencies:
        yield "dependency", urn
    for found in resource.property_dependencies.values():
        for urn in found:
            yield "dependency", urn
