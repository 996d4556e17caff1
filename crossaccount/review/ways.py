"""Ways through one graph: who comes to which role, over which others.

Every edge is found from the roles that a caller's policies name, not by asking each caller about each role,
so that the time grows with what there is. An edge here is at least every edge there is: the sets decide.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from crossaccount.access import Outsider, Role
from crossaccount.access.paths import LONGEST
from crossaccount.access.trusted import trusted_names
from crossaccount.policy import Effect
from crossaccount.policy.wildcard import Wildcards

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crossaccount.access import AccessGraph, Group, Node, User
    from crossaccount.access.compiled import CompiledPolicy

MOST_WAYS = 64
_ASSUME = "sts:assumerole"
_ANY = None


def key_of(node: Node) -> str:
    """What names a node on both sides: its ARN, or the URN of a role whose name is not known yet."""
    if isinstance(node, Role) and node.name is None and node.origin is not None:
        return node.origin.urn
    return node.arn


class Ways:
    """The ways through one graph.

    Attributes:
        graph: the graph.
        nodes: everybody in it, by `key_of`.
        outsiders: whoever trust policies name that is not in it, by ARN.
    """

    def __init__(self, graph: AccessGraph) -> None:
        self.graph = graph
        self.nodes: dict[str, Node] = {}
        self._named: dict[str, frozenset[str]] = {}
        self._assumable: dict[CompiledPolicy, tuple[str, ...] | None] = {}
        self._exact: dict[str, list[Node]] = defaultdict(list)
        self._wide: list[Node] = []
        memberless = (group for group in graph.groups.values() if not group.members)
        everybody: list[User | Group | Role] = [*graph.users.values(), *memberless, *graph.roles.values()]
        for each in everybody:
            self.nodes[key_of(each)] = each
            self._index(each)
        self.outsiders = {
            named.arn: named
            for role in graph.roles.values()
            for named in trusted_names(role.trust)
            if self._stands_outside(named)
        }

    def callers(self, role: Role) -> Iterator[Node]:
        """Whoever may come to a role, as far as names tell."""
        names = self.names(role)
        for node in (*self._exact.get(key_of(role), ()), *self._wide):
            if node is not role and self._is_named(node, names):
                yield node
        for outsider in trusted_names(role.trust):
            if self._stands_outside(outsider):
                yield outsider

    def leading_on(self, node: Node) -> Iterator[Role]:
        """The roles that a node may come to, as far as names tell."""
        if isinstance(node, Outsider):
            yield from self.graph.trusting(node)
            return
        wanted = self._wanted(node)
        if wanted is _ANY:
            yield from (role for role in self.graph.trusting(node) if role is not node)
            return
        for arn in wanted:
            role = self.graph.role(arn)
            if role is not None and role is not node and self._is_named(node, self.names(role)):
                yield role

    def to_roles(self, principal: Node) -> tuple[dict[str, list[tuple[Role, ...]]], bool]:
        """By role every path that ends there, the shortest first; and whether there are still more."""
        found: dict[str, list[tuple[Role, ...]]] = defaultdict(list)
        waiting: list[tuple[Role, ...]] = [()]
        cut = False
        for way in waiting:
            if len(way) == LONGEST:
                continue
            for role in self.leading_on(way[-1] if way else principal):
                if role is principal or any(role is each for each in way):
                    continue
                held = found[key_of(role)]
                if len(held) == MOST_WAYS:
                    cut = True
                    continue
                held.append((*way, role))
                waiting.append((*way, role))
        return found, cut

    def names(self, role: Role) -> frozenset[str]:
        """The ARNs that a role's trust policy names."""
        key = key_of(role)
        if key not in self._named:
            self._named[key] = frozenset(each.arn for each in trusted_names(role.trust))
        return self._named[key]

    def _stands_outside(self, named: Outsider) -> bool:
        if named.kind == "account":
            return named.account not in self.graph.complete
        return named.kind not in ("user", "role") or named.arn not in self.nodes

    def _is_named(self, node: Node, names: frozenset[str]) -> bool:
        return node.arn in names or f"acs:ram::{node.account}:root" in names or "?" in names

    def _index(self, node: User | Group | Role) -> None:
        wanted = self._wanted(node)
        if wanted is _ANY:
            self._wide.append(node)
            return
        for arn in wanted:
            role = self.graph.role(arn)
            if role is not None:
                self._exact[key_of(role)].append(node)

    def _wanted(self, node: User | Group | Role | Node) -> tuple[str, ...] | None:
        """The roles that a node's policies name; None where they match more than names."""
        found: dict[str, None] = {}
        for grant in getattr(node, "grants", ()):
            compiled = grant.document.compiled
            names = _ANY if compiled is None else self._of_policy(compiled)
            if names is _ANY:
                return _ANY
            found.update(dict.fromkeys(names))
        return tuple(found)

    def _of_policy(self, compiled: CompiledPolicy) -> tuple[str, ...] | None:
        if compiled not in self._assumable:
            self._assumable[compiled] = _assumable(compiled)
        return self._assumable[compiled]


def _assumable(compiled: CompiledPolicy) -> tuple[str, ...] | None:
    found: list[str] = []
    for statement in compiled.policy.statements:
        if statement.effect is not Effect.ALLOW:
            continue
        patterns = [each.lower() for each in statement.actions or statement.not_actions]
        if Wildcards(patterns).match(_ASSUME) is not bool(statement.actions):
            continue
        for resource in statement.resources:
            relative = resource.split(":", 3)[-1]
            if resource == "*" or "*" in relative or "?" in relative or not resource.startswith("acs:ram:"):
                return _ANY
            found.append(resource)
    return tuple(found)
