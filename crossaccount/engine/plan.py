"""What a run will do: the decision for each resource, the deletions, and their plan. Pure.

Source: Pulumi documentation, "How Pulumi works" and "Resource options"; recordings of `pulumi preview`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from crossaccount.engine import property_path
from crossaccount.engine import urn as urns
from crossaccount.engine.difference import differing
from crossaccount.engine.events import Diagnostic, Op
from crossaccount.engine.targets import ALL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from crossaccount.engine.registration import Registration
    from crossaccount.engine.resource_type import ResourceType
    from crossaccount.engine.state import Resource
    from crossaccount.engine.targets import Targets


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
    """One step of a plan: an operation on a resource, its old and new state, and why.

    `former` is the URN of the old state where an alias gave it another one, else empty.
    """

    op: Op
    urn: str
    old: Resource | None = None
    new: Resource | None = None
    decision: Decision | None = None
    former: str = ""

    @property
    def is_counted(self) -> bool:
        """Whether the step counts as a change of the stack: parts of a replacement and providers do not."""
        resource = self.new or self.old
        if self.op in (Op.CREATE_REPLACEMENT, Op.DELETE_REPLACED, Op.REFRESH):
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


def decide(
    old: Resource | None, goal: Registration, resource_type: ResourceType | None, *, condemned: bool = False
) -> Decision:
    """Decide what a registered resource needs.

    Args:
        old: the resource in the state; None when there is none.
        goal: the resource in the program, ignored changes put back already.
        resource_type: its type; None for components and providers, which are only recorded.
        condemned: it was deleted a moment ago, so that what it depends on could be replaced.
    """
    if old is None or old.external or condemned:
        return Decision(Op.REPLACE, delete_first=True) if condemned else Decision(Op.CREATE)
    ignores = resource_type.diff_ignores if resource_type else _never
    before = known_inputs(old, goal.inputs, resource_type)
    differences = differing(before, goal.inputs, ignores)
    names = tuple(differences)
    if resource_type is None:
        return Decision(Op.UPDATE, names) if differences else Decision(Op.SAME)
    replacing, detailed = _replacing(differences, goal, resource_type)
    if old.pending_replacement or any(kind.endswith("-replace") for kind in detailed.values()):
        delete_first = old.pending_replacement or bool(goal.delete_before_replace)
        return Decision(Op.REPLACE, names, replacing, detailed or None, delete_first)
    return Decision(Op.UPDATE, names, (), detailed) if differences else Decision(Op.SAME)


def known_inputs(
    old: Resource, new_inputs: Mapping[str, Any], resource_type: ResourceType | None
) -> Mapping[str, Any]:
    """Return the inputs that a change starts from: what RAM is known to have, where the outputs say it.

    An input that the program newly writes down, and that RAM has already, is thus no change.
    """
    if resource_type is None:
        return old.inputs
    told = {name for name in (*old.inputs, *new_inputs) if name in resource_type.inputs}
    return {**old.inputs, **{name: old.outputs[name] for name in sorted(told) if name in old.outputs}}


def _replacing(
    differences: Mapping[str, Mapping[str, str]], goal: Registration, resource_type: ResourceType
) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return the inputs that force a replacement, and each changed path with its kind."""
    on_changes = [property_path.parse(text) for text in goal.replace_on_changes]

    def asked(path: property_path.Path) -> bool:
        return any(property_path.contains(each, path) for each in on_changes)

    by_type = resource_type.replace_on & differences.keys()
    reasons = sorted(by_type | {name for name in differences if asked((name,))})
    detailed = {
        path: f"{kind}-replace" if name in by_type or asked(property_path.parse(path)) else kind
        for name, paths in differences.items()
        for path, kind in paths.items()
    }
    return tuple(reasons), detailed


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
        if resource.urn != urn and any(
            gone.intersection(resource.property_dependencies.get(name, ())) for name in replace_on
        ):
            gone.add(resource.urn)
            found[resource.urn] = resource
    return list(reversed(found.values()))


def with_dependents(urn: str, retired: Sequence[Resource]) -> list[Resource]:
    """Return which replaced resources are of `urn` or depend on it, dependents first; empty when none is."""
    if not any(resource.urn == urn for resource in retired):
        return []
    found, touched = [], {urn}
    for resource in _dependencies_first(retired):
        if resource.urn in touched or touched.intersection(resource.requires):
            touched.add(resource.urn)
            found.append(resource)
    return list(reversed(found))


def deletions(
    live: Iterable[Resource], retired: Iterable[Resource], keep: set[str], targets: Targets = ALL
) -> list[Resource]:
    """Return what is not in `keep`, dependents before what they depend on.

    Raises:
        UnsupportedError: something that is no target would go, because it depends on one.
    """
    known = _dependencies_first([*live, *retired])
    gone = [resource for resource in known if resource.delete or resource.urn not in keep]
    return list(reversed(targets.chosen(known, gone)))


def is_default_provider(resource: Resource) -> bool:
    """Whether the resource is a provider that the engine made itself."""
    return urns.is_provider(resource.type) and resource.name.startswith("default")


def _dependencies_first(resources: Sequence[Resource]) -> list[Resource]:
    from crossaccount.engine.state import in_order  # noqa: PLC0415  only its type is needed elsewhere

    return in_order(resources)


def _never(name: str, old: object, new: object) -> bool:
    del name, old, new
    return False
