"""Paths through the graph: from a principal, over roles, to a call."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crossaccount.access.build import undeclared_role
from crossaccount.access.gates import assume_gates, call_gate, direct_gate
from crossaccount.access.nodes import Outsider, Role
from crossaccount.access.ruling import Outcome, any_of, both
from crossaccount.policy import Arn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crossaccount.access.asking import Asking
    from crossaccount.access.gates import Gate
    from crossaccount.access.graph import AccessGraph
    from crossaccount.access.nodes import Node

LONGEST = 5
"""How many roles a path may lead over."""


@dataclass(frozen=True, slots=True)
class Path:
    """A way to make a call.

    Attributes:
        principal: who makes it.
        roles: the roles assumed, in order; empty for a call as oneself.
        gates: all that must be open, in order.
    """

    principal: Node
    roles: tuple[Role, ...]
    gates: tuple[Gate, ...]

    @property
    def outcome(self) -> Outcome:
        """How the path stands: as its worst gate."""
        return both(*(gate.outcome for gate in self.gates))

    @property
    def closed(self) -> tuple[Gate, ...]:
        """The gates that are closed."""
        return tuple(gate for gate in self.gates if gate.outcome is Outcome.CLOSED)


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether one principal may make one call, and through what.

    Attributes:
        principal: who asks.
        action: what is asked for.
        resource: on what, an ARN or `*`.
        paths: the ways that were looked at, the most open and shortest first.
    """

    principal: Node
    action: str
    resource: str
    paths: tuple[Path, ...]

    @property
    def outcome(self) -> Outcome:
        """How it stands: as the best path."""
        return any_of(*(path.outcome for path in self.paths))


def explain_access(graph: AccessGraph, principal: Node, action: str, resource: str, asking: Asking) -> Answer:
    """Whether a principal may make a call: as itself, and through each role it can assume.

    Roles are looked at that the principal reaches, that trust it, or that allow the call; all others leave
    more than one gate closed. A path leads over at most `LONGEST` roles.
    """
    paths = list(_paths(graph, principal, action, resource, asking))
    paths.sort(key=lambda path: (path.outcome.rank, len(path.closed), len(path.roles)))
    return Answer(principal, action, resource, tuple(paths))


def _paths(graph: AccessGraph, principal: Node, action: str, resource: str, asking: Asking) -> Iterator[Path]:
    account = resource_account(resource)
    reached = reach(graph, principal, asking)
    if action.lower() == "sts:assumerole":
        yield from _assuming(graph, principal, resource, asking, reached)
        return
    if account in (None, principal.account) and not _stands_outside(principal):
        yield Path(principal, (), (direct_gate(graph, principal, action, resource, asking),))
    trusting = {id(role) for role in graph.trusting(principal)}
    for role in graph.roles.values():
        if account not in (None, role.account) or role is principal:
            continue
        call = call_gate(role, action, resource, asking)
        way = reached.get(id(role))
        if way is None and call.outcome is Outcome.CLOSED and id(role) not in trusting:
            continue
        way = way or Path(principal, (role,), assume_gates(graph, principal, role, asking))
        yield Path(principal, way.roles, (*way.gates, call))


def _stands_outside(node: Node) -> bool:
    return isinstance(node, Outsider) and node.kind not in ("user", "role")


def _assuming(
    graph: AccessGraph, principal: Node, resource: str, asking: Asking, reached: dict[int, Path]
) -> Iterator[Path]:
    wanted = graph.role(resource) or undeclared_role(resource_account(resource) or "", _role_name(resource))
    yield Path(principal, (), assume_gates(graph, principal, wanted, asking))
    for way in reached.values():
        if way.roles[-1] is not wanted:
            gates = assume_gates(graph, way.roles[-1], wanted, asking)
            if both(*(gate.outcome for gate in gates)) is not Outcome.CLOSED:
                yield Path(principal, way.roles, (*way.gates, *gates))


def _role_name(resource: str) -> str:
    return resource.rpartition("/")[2]


def reach(graph: AccessGraph, principal: Node, asking: Asking) -> dict[int, Path]:
    """The roles that a principal can assume, directly or over other roles, each with its most open path.

    The result is by the role's identity (`id`), for two roles may have names that are not known yet.
    """
    best: dict[int, Path] = {}
    waiting = deque([Path(principal, (), ())])
    while waiting:
        way = waiting.popleft()
        if len(way.roles) == LONGEST:
            continue
        node = way.roles[-1] if way.roles else principal
        for role in graph.trusting(node):
            if role is principal:
                continue
            longer = Path(
                principal, (*way.roles, role), (*way.gates, *assume_gates(graph, node, role, asking))
            )
            known = best.get(id(role))
            if longer.outcome is not Outcome.CLOSED and (
                known is None or longer.outcome.rank < known.outcome.rank
            ):
                best[id(role)] = longer
                waiting.append(longer)
    return best


def resource_account(resource: str) -> str | None:
    """The account that an ARN is in; None where it names none or any."""
    if resource == "*":
        return None
    account = Arn.parse(resource).account
    return account if account.isdigit() else None
