"""The gates of a delegated call, on the graph.

Gate 1: the caller's identity policies allow `sts:AssumeRole`. Gate 2: the role's trust policy names the
caller. Gate 3: the role's policies allow the call. Source: RAM, "Assume a RAM role" (facts 0 and 1.5).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from crossaccount.access.asking import EXTERNAL_ID, SOURCE_IDENTITY
from crossaccount.access.deciding import decide_grants, decide_trusted
from crossaccount.access.nodes import Group, Outsider, Role, Root, User
from crossaccount.access.ruling import Outcome, Ruling, both

if TYPE_CHECKING:
    from crossaccount.access.asking import Asking
    from crossaccount.access.graph import AccessGraph
    from crossaccount.access.nodes import Node

ASSUME_ROLE = "sts:AssumeRole"
GateName = Literal["identity policy", "trust policy", "role policies"]
_BY_PROVIDER = {"saml-provider": "sts:AssumeRoleWithSAML", "oidc-provider": "sts:AssumeRoleWithOIDC"}
_CLAIMS = {
    "sts:AssumeRoleWithSAML": frozenset({"saml:recipient"}),
    "sts:AssumeRoleWithOIDC": frozenset({"oidc:aud", "oidc:iss", "oidc:sub"}),
    ASSUME_ROLE: frozenset({EXTERNAL_ID, SOURCE_IDENTITY}),
}
"""By API: the condition keys that its requests alone can have; those of the others are missing."""

_ANY_NAME = "\ufffd" * 64


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate of one path.

    Attributes:
        number: 1, 2 or 3.
        name: `identity policy`, `trust policy` or `role policies`.
        holder: whose policies they are.
        ruling: what they say.
        note: what else decides, in words; empty where only policies do.
        sure: whether holder and role are there for sure.
    """

    number: int
    name: GateName
    holder: Node
    ruling: Ruling
    note: str = ""
    sure: bool = True

    @property
    def outcome(self) -> Outcome:
        """How the gate stands."""
        return self.ruling.outcome if self.sure else both(self.ruling.outcome, Outcome.UNKNOWN)


def assume_gates(graph: AccessGraph, node: Node, role: Role, asking: Asking) -> tuple[Gate, Gate]:
    """Gates 1 and 2: whether a principal may assume a role."""
    return identity_gate(graph, node, role, asking), trust_gate(graph, node, role, asking)


def identity_gate(graph: AccessGraph, node: Node, role: Role, asking: Asking) -> Gate:
    """Gate 1: the principal's own policies on assuming a role."""
    if isinstance(node, Root):
        return Gate(1, "identity policy", node, Ruling(Outcome.CLOSED), "an account may never assume a role")
    if isinstance(node, Outsider):
        return Gate(1, "identity policy", node, *_outside(graph, node))
    asked = asking.of_caller(known_arn(node), missing_keys(node, identity=True))
    if role.name is not None:
        ruling = decide_grants(node.grants, ASSUME_ROLE, role.arn, asked)
    else:
        ruling = _any_name(node, role, asked)
    return Gate(1, "identity policy", node, ruling, _undeclared(node, ruling), node.certain)


def trust_gate(graph: AccessGraph, node: Node, role: Role, asking: Asking) -> Gate:
    """Gate 2: what the role's trust policy says about the principal.

    Whoever an identity provider vouches for needs an Allow of `sts:AssumeRole`, as any trust policy writes
    it, and no Deny of the API's own action (facts 1.7, 4.6).
    """
    asked = asking.of_caller(known_arn(node), missing_keys(node, identity=False))
    trust = role.trust
    bounded = trust.policy is None and trust.at_most is not None
    named = not bounded or any(each is role for each in graph.trusting(node))
    note = "" if named else f"{trust.label} does not name it, whatever it asks for"
    ruling = decide_trusted(
        trust, node.principal, ASSUME_ROLE, role.arn, asked, named=named, denied_as=assuming(node)
    )
    return Gate(2, "trust policy", role, ruling, note, role.certain)


def call_gate(role: Role, action: str, resource: str, asking: Asking) -> Gate:
    """Gate 3: what the role's policies say about the call."""
    ruling = decide_grants(role.grants, action, resource, asking.for_call(known_arn(role)))
    return Gate(3, "role policies", role, ruling, _undeclared(role, ruling), role.certain)


def direct_gate(graph: AccessGraph, node: Node, action: str, resource: str, asking: Asking) -> Gate:
    """A call as oneself, in one's own account."""
    if isinstance(node, Root):
        note = "an account passes every check of its own"
        return Gate(1, "identity policy", node, Ruling(Outcome.OPEN), note)
    if isinstance(node, Outsider):
        return Gate(1, "identity policy", node, *_outside(graph, node))
    ruling = decide_grants(node.grants, action, resource, asking.for_call(known_arn(node)))
    note = _undeclared(node, ruling)
    if isinstance(node, Role):
        return Gate(3, "role policies", node, ruling, note, node.certain)
    return Gate(1, "identity policy", node, ruling, note, node.certain)


def assuming(node: Node) -> str:
    """The action of the API by which somebody assumes a role."""
    if isinstance(node, Outsider) and node.kind == "provider":
        return _BY_PROVIDER[node.name.partition("/")[0]]
    return ASSUME_ROLE


def missing_keys(node: Node, *, identity: bool) -> frozenset[str]:
    """The condition keys that are missing where somebody assumes a role.

    Args:
        node: who.
        identity: whether its own policies are asked, which the external id never reaches; else the role's.
    """
    return _missing_keys(assuming(node), identity)


@lru_cache
def _missing_keys(own: str, identity: bool) -> frozenset[str]:
    found = frozenset(key for action, keys in _CLAIMS.items() if action != own for key in keys)
    return found | {EXTERNAL_ID} if identity else found


def known_arn(node: Node) -> str | None:
    """The ARN of whoever makes a node's requests; None where that is not one, or its name is not known."""
    if isinstance(node, Outsider):
        return node.arn if node.kind in ("user", "role", "provider") else None
    known = isinstance(node, (User, Root)) or (isinstance(node, Role) and node.name is not None)
    return node.arn if known else None


def _any_name(node: User | Group | Role, role: Role, asking: Asking) -> Ruling:
    """The ruling on a role whose name is not known: sure only where it holds for every name."""
    ruling = decide_grants(node.grants, ASSUME_ROLE, role.arn.replace("?", _ANY_NAME), asking)
    if ruling.outcome is not Outcome.CLOSED or not node.grants:
        return ruling
    return Ruling(Outcome.UNKNOWN, unknown=("the role's name is known only after `up`",))


def _outside(graph: AccessGraph, node: Outsider) -> tuple[Ruling, str]:
    if node.kind == "service":
        return Ruling(Outcome.OPEN), "a service needs no identity policy"
    if node.kind == "provider":
        return Ruling(Outcome.OPEN), "who signs in through an identity provider needs no identity policy"
    if node.kind == "unknown":
        return Ruling(Outcome.UNKNOWN), "whom the role trusts cannot be told"
    if node.account in graph.accounts:
        return Ruling(Outcome.IF), f"account `{node.account}` may let those that no given stack declares"
    return Ruling(Outcome.IF), f"account `{node.account}` decides that, and it was not given"


def _undeclared(node: User | Group | Role, ruling: Ruling) -> str:
    if node.origin is None and ruling.outcome is Outcome.CLOSED:
        return "no given stack declares it: it may hold more than is known here"
    return ""
