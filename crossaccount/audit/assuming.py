"""Who may assume a role, as an audit tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crossaccount.access import Asking, Group, MayAssume, Outcome, Outsider, User, assume_gates
from crossaccount.access.asking import TIME
from crossaccount.access.ways import Ways
from crossaccount.audit.model import Assumer, Certainty
from crossaccount.audit.words import gate_limits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crossaccount.access import AccessGraph, Node, Role

_CERTAINTY: dict[Outcome, Certainty] = {
    Outcome.OPEN: "yes",
    Outcome.IF: "under conditions",
    Outcome.UNKNOWN: "cannot tell",
}


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge of the graph, and how the report tells it."""

    edge: MayAssume
    assumer: Assumer


class Edges:
    """The edges to the roles of one graph, at one moment."""

    def __init__(self, graph: AccessGraph, now: str) -> None:
        self._graph = graph
        self._ways = Ways(graph)
        self._asking = Asking({TIME: now}, supposing=True, now=now)

    def to(self, role: Role) -> list[Edge]:
        """Everybody who may assume a role at that moment, whatever else a request says; by name."""
        found = self.one_by_one(role)
        return sorted(found, key=lambda each: (each.assumer.account, each.assumer.kind, each.assumer.label))

    def one_by_one(self, role: Role) -> Iterator[Edge]:
        """The same in no order, each worked out when it is asked for."""
        for each in self._may_assume(role):
            yield Edge(each, _assumer(each))

    def _may_assume(self, role: Role) -> Iterator[MayAssume]:
        for node in self._ways.callers(role):
            if isinstance(node, (User, Group, Outsider)) or node.arn != role.arn:
                edge = MayAssume(node, role, *assume_gates(self._graph, node, role, self._asking))  # type: ignore[arg-type]
                if edge.outcome is not Outcome.CLOSED:
                    yield edge


def _assumer(edge: MayAssume) -> Assumer:
    node = edge.principal
    said = [each for each in edge.identity.ruling.said if each.effect.startswith("allow")]
    groups = dict.fromkeys(each.grant.group for each in said if each.grant is not None and each.grant.group)
    return Assumer(
        node.label,
        kind_of(node),
        node.account,
        node.arn,
        _CERTAINTY[edge.outcome],
        (*gate_limits(edge.identity), *gate_limits(edge.trust)),
        tuple(groups),
        edge.origins,
    )


def kind_of(node: Node) -> str:
    """What a node is, in a word."""
    return node.kind if isinstance(node, Outsider) else type(node).__name__.lower()
