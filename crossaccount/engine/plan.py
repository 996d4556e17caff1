"""What a run will do: the decision for each resource, the deletions, and their plan. Pure.

Source: Pulumi documentation, "How Pulumi works" and "Resource options"; recordings of `pulumi preview`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from crossaccount.engine import urn as urns
from crossaccount.engine.difference import differing
from crossaccount.engine.events import Diagnostic, Op

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from crossaccount.engine.registration import Registration
    from crossaccount.engine.resource_type import ResourceType
    from crossaccount.engine.state import Resource


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do with one registered resource.

    Args:
        op: same, create, update or replace.
        diffs: the top-level inputs that differ.
        replace_reasons: those among them that force the replacement.
        detailed: the changed paths and their kinds; None when nothing was compared.
        delete_first: the old one is deleted before the new one is made.
    """

    op: Op
    diffs: tuple[str, ...] = ()
    replace_reasons: tuple[str, ...] = ()
    detailed: Mapping[str, str] | None = None
    delete_first: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a plan: an operation on a resource, its old and new state, and why."""

    op: Op
    urn: str
    old: Resource | None = None
    new: Resource | None = None
    decision: Decision | None = None

    @property
    def is_counted(self) -> bool:
        """Whether the step counts as a change of the stack: parts of a replacement and providers do not."""
        resource = self.new or self.old
        if self.op in (Op.CREATE_REPLACEMENT, Op.DELETE_REPLACED):
            return False
        if self.op is Op.READ:
            return self.old is not None and self.new is not None and self.old.outputs != self.new.outputs
        return resource is None or not is_default_provider(resource)


@dataclass(frozen=True, slots=True)
class Plan:
    """What `up` would do.

    Args:
        steps: in an order in which they can be done, unchanged resources included.
        config: the stack's configuration, secrets masked.
        diagnostics: what the program and the engine said.
        duration: seconds that planning took.
    """

    steps: tuple[Step, ...]
    config: Mapping[str, str] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()
    duration: float = 0.0

    @property
    def changes(self) -> dict[str, int]:
        """The number of resources for each operation, Pulumi's `changeSummary`."""
        return count(self.steps)

    def to_json(self) -> dict[str, Any]:
        """Return the plan in the shape of `pulumi preview --json`; secrets are masked."""
        from crossaccount.engine.preview_json import plan_to_json  # noqa: PLC0415  it imports this module

        return plan_to_json(self)


def count(steps: Iterable[Step]) -> dict[str, int]:
    """Count steps by operation, as Pulumi's `changeSummary` does."""
    return dict(sorted(Counter(step.op.value for step in steps if step.is_counted).items()))


def decide(old: Resource | None, goal: Registration, resource_type: ResourceType | None) -> Decision:
    """Decide what a registered resource needs.

    Args:
        old: the resource in the state; None when there is none.
        goal: the resource in the program, ignored changes put back already.
        resource_type: its type; None for components and providers, which are only recorded.
    """
    if old is None or old.external:
        return Decision(Op.CREATE)
    ignores = resource_type.diff_ignores if resource_type else _never
    differences = differing(old.inputs, goal.inputs, ignores)
    if not differences:
        return Decision(Op.SAME)
    replacing = resource_type.replace_on & differences.keys() if resource_type else frozenset()
    detailed = {
        path: f"{kind}-replace" if name in replacing else kind
        for name, paths in differences.items()
        for path, kind in paths.items()
    }
    if not replacing:
        return Decision(Op.UPDATE, tuple(differences), (), detailed if resource_type else None)
    return Decision(
        Op.REPLACE, tuple(differences), tuple(sorted(replacing)), detailed, bool(goal.delete_before_replace)
    )


def decide_again(deleted: Resource, goal: Registration, resource_type: ResourceType | None) -> Decision:
    """Decide for a resource that was deleted so that what it depends on could be replaced."""
    decision = decide(deleted, goal, resource_type)
    reasons = decision.replace_reasons or tuple(sorted(goal.property_dependencies))
    return Decision(Op.REPLACE, decision.diffs, reasons, decision.detailed, delete_first=True)


def dependents_to_replace(
    urn: str, live: Mapping[str, Resource], types: Mapping[str, ResourceType]
) -> list[Resource]:
    """Return what must be deleted before `urn` can be: each follows what depends on it.

    A resource must go when an input that depends on `urn`, or on another that must go, forces its
    replacement. Source: Pulumi documentation, resource option `deleteBeforeReplace`.
    """
    found: dict[str, Resource] = {}
    resources = list(live.values())
    gone = {urn}
    for resource in _dependencies_first(resources):
        replace_on = types[resource.type].replace_on if resource.type in types else frozenset()
        if any(gone.intersection(resource.property_dependencies.get(name, ())) for name in replace_on):
            gone.add(resource.urn)
            found[resource.urn] = resource
    return list(reversed(found.values()))


def deletions(live: Iterable[Resource], retired: Iterable[Resource], keep: set[str]) -> list[Resource]:
    """Return what is not in `keep`, dependents before what they depend on."""
    unwanted = [*(resource for resource in live if resource.urn not in keep), *retired]
    return list(reversed(_dependencies_first(unwanted)))


def is_default_provider(resource: Resource) -> bool:
    """Whether the resource is a provider that the engine made itself."""
    return urns.is_provider(resource.type) and resource.name.startswith("default")


def _dependencies_first(resources: Sequence[Resource]) -> list[Resource]:
    from crossaccount.engine.state import in_order  # noqa: PLC0415  only its type is needed elsewhere

    return in_order(resources)


def _never(name: str, old: object, new: object) -> bool:
    del name, old, new
    return False
