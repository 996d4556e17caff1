"""Which changed resources a row comes from: the gates that answer its witness differently on both sides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crossaccount.access import Outsider, Role
from crossaccount.access.gates import assuming
from crossaccount.access.ways import key_of
from crossaccount.policy.evaluation import Request
from crossaccount.policy.sets import Witness, permission_set
from crossaccount.review.changes import holdings_changed, trust_changed
from crossaccount.review.permissions import role_resource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crossaccount.access import Grant, Node
    from crossaccount.review.model import Cause
    from crossaccount.review.rows import Side


@dataclass(frozen=True, slots=True)
class Hop:
    """One thing that must be allowed on a way.

    Attributes:
        number: the place in the way, from 0; the call itself comes with the last role.
        gate: whose policies are asked: the caller's own, the role's trust policy, or the last one's own.
        caller: who asks.
        role: the role that is asked for; None for the call itself.
    """

    number: int
    gate: str
    caller: Node
    role: Role | None

    @staticmethod
    def along(principal: Node, way: tuple[Role, ...]) -> list[Hop]:
        """All that must be allowed on a way, in order."""
        found: list[Hop] = []
        caller = principal
        for number, role in enumerate(way):
            found.append(Hop(number, "identity", caller, role))
            found.append(Hop(number, "trust", caller, role))
            caller = role
        return [*found, Hop(len(way) - 1, "call", caller, None)]


def causes_of(
    hops: list[Hop], witness: Witness | None, side: Side, other: Side
) -> tuple[tuple[Cause, ...], int]:
    """The changed resources, those of the closed gates; and the place of the first closed hop in the way.

    Args:
        hops: of the way on the side that allows.
        witness: the request; None where it cannot be told, and every change on the way counts.
        side: the side that allows.
        other: the side that refuses.
    """
    closed = [hop for hop in hops if witness is None or not _allows(hop, witness, other)]
    found: dict[Cause, None] = {}
    first = -1
    for hop in closed:
        causes = list(_of_hop(hop, witness, side, other))
        if causes and first < 0:
            first = hop.number
        found.update(dict.fromkeys(causes))
    if not found:
        for hop in hops:
            found.update(dict.fromkeys(_of_hop(hop, None, side, other)))
    return tuple(found), first


def _allows(hop: Hop, witness: Witness, side: Side) -> bool:
    caller = _there(hop.caller, side)
    if caller is None:
        return False
    if hop.role is None:
        return side.permissions.held(caller).allows(Witness(witness.request)) is True
    role = _there(hop.role, side)
    if not isinstance(role, Role):
        return hop.gate == "identity" and _asks(hop, witness, side, caller, hop.role)
    return _asks(hop, witness, side, caller, role)


def _asks(hop: Hop, witness: Witness, side: Side, caller: Node, role: Role) -> bool:
    step = witness.steps.get(role_resource(role))
    context = {} if step is None else step.context
    asked = Witness(Request(assuming(caller), role_resource(role), context))
    if hop.gate == "identity":
        return side.permissions.identity(caller).allows(asked) is True
    return side.permissions.trusts(role, caller).allows(asked) is True


def _there(node: Node, side: Side) -> Node | None:
    return node if isinstance(node, Outsider) else side.ways.nodes.get(key_of(node))


def _of_hop(hop: Hop, witness: Witness | None, side: Side, other: Side) -> Iterator[Cause]:
    before, after = (other, side) if _is_after(side) else (side, other)
    if hop.gate == "trust" and hop.role is not None:
        old, new = before.ways.nodes.get(key_of(hop.role)), after.ways.nodes.get(key_of(hop.role))
        yield from trust_changed(
            old if isinstance(old, Role) else None, new if isinstance(new, Role) else None
        )
        return
    key = key_of(hop.caller)
    changes = list(holdings_changed(before.ways.nodes.get(key), after.ways.nodes.get(key)))
    if witness is not None:
        request = witness.request if hop.role is None else Request("sts:AssumeRole", role_resource(hop.role))
        speaking = [(cause, grant) for cause, grant in changes if grant is None or _speaks(grant, request)]
        changes = speaking or changes
    yield from (cause for cause, _ in changes)


def _is_after(side: Side) -> bool:
    return side.permissions.side == "after"


def _speaks(grant: Grant, request: Request) -> bool:
    """Whether a policy says something about a request: allows it, or denies what `*` would allow."""
    source = grant.document.source()
    if source is None:
        return True
    if permission_set([source]).allows(request):
        return True
    return any(statement.effect.value == "Deny" for statement in source.policy.statements)
