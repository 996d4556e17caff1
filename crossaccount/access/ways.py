"""Ways through one graph: who comes to which role, over which others.

Every edge is found from the roles that a caller's policies name, not by asking each caller about each role,
so that the time grows with what there is. An edge here is at least every edge there is: the sets decide.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from crossaccount.access.asking import Asking
from crossaccount.access.followed import Followed, opens_for_all
from crossaccount.access.gates import assume_gates
from crossaccount.access.nodes import Outsider, Role
from crossaccount.access.paths import LONGEST
from crossaccount.access.ruling import Outcome, both
from crossaccount.access.trusted import trusted_names
from crossaccount.policy import Effect
from crossaccount.policy.wildcard import Wildcards

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crossaccount.access.compiled import CompiledPolicy
    from crossaccount.access.followed import Steps
    from crossaccount.access.graph import AccessGraph
    from crossaccount.access.nodes import Group, Node, User

_ASSUME = "sts:assumerole"
_ANY = None
_WHOEVER = Asking(supposing=True)


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
        self._outcomes: dict[tuple[int, int], Outcome] = {}
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
        """By role the paths that end there, the shortest first; and whether some were not followed.

        A path is left out where a shorter one to the same role depends on nothing more (`Followed`): together
        those that are kept allow what all paths allow.
        """
        found: dict[str, list[tuple[Role, ...]]] = defaultdict(list)
        followed = Followed()
        waiting: list[tuple[tuple[Role, ...], Steps]] = [((), frozenset())]
        for way, depends in waiting:
            if len(way) == LONGEST:
                continue
            caller = way[-1] if way else principal
            for role in self.leading_on(caller):
                if role is principal or any(role is each for each in way):
                    continue
                opened = self._opened(caller, role)
                if opened is Outcome.CLOSED:
                    continue
                step = (key_of(caller), key_of(role))
                steps = depends if opened is Outcome.OPEN else depends | {step}
                if not followed.spares(step[1], steps):
                    found[step[1]].append((*way, role))
                    waiting.append(((*way, role), steps))
        return found, bool(followed.cut)

    def _opened(self, caller: Node, role: Role) -> Outcome:
        """Whether a caller may assume a role: open, whatever else the request says; closed; or neither."""
        known = self._outcomes.get((id(caller), id(role)))
        if known is None:
            gates = assume_gates(self.graph, caller, role, _WHOEVER)
            known = both(*(gate.outcome for gate in gates))
            if known is not Outcome.CLOSED:
                is_open = role.name is not None and opens_for_all(caller, *gates)
                known = Outcome.OPEN if is_open else Outcome.IF
            self._outcomes[id(caller), id(role)] = known
        return known

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
