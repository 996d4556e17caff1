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
_MOST = 3


class SameRight:
    """The rights of all delegations by who has them, in whose account."""

    def __init__(self, delegations: Iterable[Inspected]) -> None:
        self._roles: dict[_Right, list[Inspected]] = defaultdict(list)
        for each in delegations:
            for _, key in self._keys(each):
                roles = self._roles[key]
                if not roles or roles[-1] is not each:
                    roles.append(each)

    def of(self, each: Inspected) -> Iterator[Finding]:
        """A finding for each other role that gives somebody a right which this delegation gives too.

        Where many roles give the same right, the first of them stands for all.
        """
        found: dict[int, tuple[Inspected, int, _Right, dict[str, None]]] = {}
        for who, key in self._keys(each):
            roles = self._roles[key]
            if len(roles) > 1:
                other = roles[1] if roles[0] is each else roles[0]
                found.setdefault(id(other), (other, len(roles) - 2, key, {}))[-1][who] = None
        for other, more, key, principals in found.values():
            yield _finding(each, other, more, key, list(principals))

    def _keys(self, each: Inspected) -> Iterator[tuple[str, _Right]]:
        certain = [right for right in each.rights if right.certain]
        for edge in each.edges:
            if edge.assumer.certainty != "cannot tell":
                for right in certain:
                    yield edge.assumer.label, self._key(edge.assumer.arn, each.role.account, right)

    def _key(self, arn: str, owner: str, right: Right) -> _Right:
        return arn, owner, right.actions, right.resources, right.conditions


def _finding(each: Inspected, other: Inspected, more: int, key: _Right, principals: list[str]) -> Finding:
    who = ", ".join(principals[:_MOST])
    if len(principals) > _MOST:
        who += f" and {len(principals) - _MOST:,} more"
    roles = f"{other.role.label}{f' and {more:,} more' if more else ''}"
    return Finding(
        "two-paths",
        Grade.LOW,
        "Two paths to the same right",
        f"{who}: {', '.join(key[2])} on {', '.join(key[3])} comes through {each.role.label} and through "
        f"{roles}: revoking one takes nothing away",
        "let one of the roles give it",
        tuple(one.role.origin for one in (each, other) if one.role.origin is not None),
    )
