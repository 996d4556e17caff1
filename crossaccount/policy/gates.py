"""The gates of a delegation: each must be open.

To assume a role: the caller's own policies allow it, and the role's trust policy names the caller; this
holds within one account as well. To call as the role: the role's policies allow it, and so does the session
policy if the session has one. Source: RAM, "Policy evaluation process" and "Assume a RAM role" (facts 0 and
1.5).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crossaccount.policy.evaluation import Decision, Request, decide, decide_trust

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crossaccount.policy.explanation import Source
    from crossaccount.policy.principal import Principal


@dataclass(frozen=True, slots=True)
class Gate:
    """One decision among those that must all allow.

    Attributes:
        name: `identity policy`, `trust policy`, `role policies` or `session policy`.
        decision: the decision.
    """

    name: str
    decision: Decision


class Gates(tuple[Gate, ...]):
    """All the gates of one request, in the order in which they are looked at."""

    __slots__ = ()

    @property
    def allowed(self) -> bool:
        """Whether every gate is open."""
        return all(gate.decision.allowed for gate in self)

    @property
    def closed(self) -> tuple[Gate, ...]:
        """The gates that do not allow the request."""
        return tuple(gate for gate in self if not gate.decision.allowed)

    def explain(self) -> str:
        """Each gate, open or closed; with the reasons of the closed ones, or of all where all are open."""
        lines = []
        for gate in self:
            lines.append(f"{gate.name}: {'open' if gate.decision.allowed else 'closed'}")
            if self.allowed or not gate.decision.allowed:
                lines += [f"  {line}" for line in gate.decision.explain().splitlines()]
        return "\n".join(lines)


def assume_gates(identity: Sequence[Source], trust: Source, caller: Principal, request: Request) -> Gates:
    """The two gates of assuming a role: the caller's identity policies and the role's trust policy.

    Args:
        identity: the policies of the caller; for a role session, those of its role.
        trust: the trust policy of the role that is asked for.
        caller: the user or role session that asks. A root closes the second gate: it may never assume a role.
        request: `sts:AssumeRole` on the role's ARN.
    """
    return Gates(
        (
            Gate("identity policy", decide(identity, request)),
            Gate("trust policy", decide_trust(trust, caller, request)),
        )
    )


def call_gates(role: Sequence[Source], session_policy: Source | None, request: Request) -> Gates:
    """The gates of a call made as a role: its policies and, if given, the session policy.

    Args:
        role: the policies attached to the role now.
        session_policy: the `Policy` the role was assumed with, if any.
        request: the call.
    """
    gates = [Gate("role policies", decide(role, request))]
    if session_policy is not None:
        gates.append(Gate("session policy", decide([session_policy], request)))
    return Gates(gates)
