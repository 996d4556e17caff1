"""Two roles that give the same principal the same right: revoking one of them takes nothing away."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from crossaccount.audit.model import Finding, Grade

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crossaccount.audit.inspected import Inspected
    from crossaccount.audit.model import Right

_Right = tuple[str, str, tuple[str, ...], tuple[str, ...], tuple[str, ...]]


class SameRight:
    """The rights of all delegations by who has them, in whose account."""

    def __init__(self, delegations: Iterable[Inspected]) -> None:
        self._roles: dict[_Right, list[Inspected]] = defaultdict(list)
        for each in delegations:
            for key in self._keys(each):
                self._roles[key].append(each)

    def of(self, each: Inspected) -> Iterator[Finding]:
        """A finding for each principal that has a right of this delegation through another one too."""
        told = set()
        for key in self._keys(each):
            others = [other for other in self._roles[key] if other is not each]
            if not others or (key[0], others[0].role.arn) in told:
                continue
            told.add((key[0], others[0].role.arn))
            more = f" and {len(others) - 1} more" if len(others) > 1 else ""
            yield Finding(
                "two-paths",
                Grade.LOW,
                "Two paths to the same right",
                f"`{key[0]}` has {', '.join(key[2])} on {', '.join(key[3])} through role `{each.role.name}` "
                f"and through role `{others[0].role.name}`{more}: revoking one takes nothing away",
                "let one of the roles give it",
                tuple(one.role.origin for one in (each, others[0]) if one.role.origin is not None),
            )

    def _keys(self, each: Inspected) -> Iterator[_Right]:
        for edge in each.edges:
            for right in each.rights:
                if right.certain and edge.assumer.certainty != "cannot tell":
                    yield self._key(edge.assumer.arn, each.role.account, right)

    def _key(self, arn: str, owner: str, right: Right) -> _Right:
        return arn, owner, right.actions, right.resources, right.conditions
