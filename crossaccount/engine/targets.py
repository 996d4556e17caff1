"""`--target`: a run that touches only some resources, and leaves the others as the state has them.

Source: Pulumi documentation, "Target specific resources"; Pulumi engine, `isTargetedForUpdate` in
`pkg/resource/deploy/step_generator.go`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crossaccount.engine import urn as urns
from crossaccount.engine.errors import UnsupportedError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from crossaccount.engine.state import Resource


@dataclass(frozen=True, slots=True)
class Targets:
    """Which resources a run may touch.

    Args:
        patterns: URNs, in which `*` stands for a part of a name and `**` for anything; empty is every one.
        dependents: what depends on a target is one too.
    """

    patterns: tuple[str, ...] = ()
    dependents: bool = False

    def names(self, urn: str) -> bool:
        """Whether the run was asked to touch that resource; the stack itself always is."""
        return (
            not self.patterns
            or urns.type_of(urn) == urns.STACK_TYPE
            or any(_expression(pattern).fullmatch(urn) for pattern in self.patterns)
        )

    def touches(self, resource: Resource, touched: Collection[str]) -> bool:
        """Whether the run may touch a resource, given what it touched before."""
        return self.names(resource.urn) or (
            self.dependents and any(urn in touched and not _is_stack(urn) for urn in resource.requires)
        )

    def chosen(self, resources: Sequence[Resource], gone: Iterable[Resource]) -> list[Resource]:
        """Return which of the resources that are not wanted any more the run may delete.

        Args:
            resources: everything in the state, dependencies first.
            gone: what is not wanted any more.

        Raises:
            UnsupportedError: something that is no target depends on one.
        """
        gone = list(gone)
        if not self.patterns:
            return gone
        touched: set[str] = set()
        for resource in resources:
            depends = any(urn in touched for urn in resource.requires)
            if depends or (self.names(resource.urn) and not _is_stack(resource.urn)):
                touched.add(resource.urn)
        chosen = [resource for resource in gone if resource.urn in touched]
        bystanders = [resource for resource in chosen if not self.names(resource.urn)]
        if bystanders and not self.dependents:
            raise UnsupportedError(
                f"`{bystanders[0].name}` ({bystanders[0].type}) depends on a target and would be deleted, "
                "and is no target; name it with `--target` too, or give `--target-dependents`"
            )
        return chosen

    def check_found(self, known: Iterable[str]) -> None:
        """Check that each pattern names something.

        Raises:
            UnsupportedError: one names nothing; names it.
        """
        urns_known = list(known)
        for pattern in self.patterns:
            if not any(_expression(pattern).fullmatch(urn) for urn in urns_known):
                raise UnsupportedError(
                    f"target `{pattern}` is neither in the stack nor in the program; give a URN as `preview "
                    "--json` shows it; nothing was changed"
                )


ALL = Targets()


def _is_stack(urn: str) -> bool:
    return urns.type_of(urn) == urns.STACK_TYPE


def _expression(pattern: str) -> re.Pattern[str]:
    parts = re.split(r"(\*\*|\*)", pattern)
    wild = {"**": ".*", "*": "[^:]*"}
    return re.compile("".join(wild.get(part) or re.escape(part) for part in parts), re.DOTALL)
