"""The edges of the graph: who may assume which role, each with its evidence and how sure it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crossaccount.access.asking import Asking
from crossaccount.access.gates import Gate, assume_gates
from crossaccount.access.ruling import Outcome, both
from crossaccount.access.words import gate_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crossaccount.access.graph import AccessGraph
    from crossaccount.access.nodes import Group, Outsider, Role, User
    from crossaccount.access.origin import Origin


@dataclass(frozen=True, slots=True)
class MayAssume:
    """A principal may assume a role: for sure, under conditions, or perhaps.

    Attributes:
        principal: who.
        role: which role; what it may do are its `grants`, each with a document, an origin and how sure it is.
        identity: gate 1, the principal's own policies.
        trust: gate 2, the role's trust policy.
    """

    principal: User | Role | Group | Outsider
    role: Role
    identity: Gate
    trust: Gate

    @property
    def outcome(self) -> Outcome:
        """Open, open if conditions hold, or not to be told; never closed."""
        return both(self.identity.outcome, self.trust.outcome)

    @property
    def certain(self) -> bool:
        """Whether nothing that it depends on is unknown; else it is at most so much."""
        return self.outcome is not Outcome.UNKNOWN

    @property
    def depends_on(self) -> tuple[str, ...]:
        """The conditions, or what cannot be told and at most how much it may be, in words."""
        return tuple(words for gate in (self.identity, self.trust) if (words := gate_words(gate)))

    @property
    def origins(self) -> tuple[Origin, ...]:
        """The resources that say so: the grants of the principal, then the role; each once."""
        found: dict[Origin, None] = {}
        for gate in (self.identity, self.trust):
            for said in gate.ruling.said:
                attached = None if said.grant is None else said.grant.origin
                for origin in (attached, said.document.origin):
                    if said.effect.startswith("allow") and origin is not None:
                        found[origin] = None
        return tuple(found)


def may_assume(graph: AccessGraph, asking: Asking | None = None) -> Iterator[MayAssume]:
    """Every edge between a principal and a role that is not closed, role by role.

    Args:
        graph: the graph.
        asking: what is known of the request; by default nothing, so that every condition is left open.
    """
    supposing = Asking(supposing=True) if asking is None else asking
    for role in graph.roles.values():
        for node in graph.trusted(role):
            edge = MayAssume(node, role, *assume_gates(graph, node, role, supposing))
            if edge.outcome is not Outcome.CLOSED:
                yield edge
