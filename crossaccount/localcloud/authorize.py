"""May this caller do that: the root may, anyone else needs every applicable set of policies to allow it.

The order is section 1.5 of the facts: for a session that was narrowed by a policy, the role's policies and
the session policy must both allow; an explicit deny wins everywhere. Every ruling is noted in the cloud's log
of decisions, with its reasons.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from crossaccount.localcloud.conditions import base_context
from crossaccount.policy import Decision, Request, Verdict, decide

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from crossaccount.localcloud.call import Call, Operation

Gate = Literal["AccountLevelIdentityBasedPolicy", "SessionPolicy", "AssumeRolePolicy"]


@dataclass(frozen=True, slots=True)
class Ruling:
    """The outcome of one question.

    Attributes:
        action: the RAM action asked for.
        resource: the resource's ARN.
        gate: which set of policies decided; named as `PolicyType` in AccessDeniedDetail.
        decision: the decision with its reasons, or None when the root was let through.
    """

    action: str
    resource: str
    gate: Gate
    decision: Decision | None

    @property
    def allowed(self) -> bool:
        """Whether the call may go on."""
        return self.decision is None or self.decision.allowed

    @property
    def explicit(self) -> bool:
        """Whether a deny statement said no."""
        return self.decision is not None and self.decision.verdict is Verdict.EXPLICIT_DENY


def rule(call: Call, action: str, resource: str, context: Mapping[str, str]) -> Ruling:
    """Asks the caller's policies.

    Args:
        call: the call.
        action: the RAM action, e.g. `fc:GetFunction`.
        resource: the resource's ARN.
        context: condition keys of the call, `base_context` included.
    """
    gate: Gate = "AccountLevelIdentityBasedPolicy"
    caller = call.caller
    decision: Decision | None = None
    if caller.kind != "root":
        request = Request(action, resource, context)
        ram = caller.account.ram
        session = caller.session
        if caller.role is not None:
            decision = decide(ram.sources_for_role(caller.role), request)
        else:
            decision = decide(ram.identity_sources_for_user(caller.name), request)
        if session is not None and session.policy is not None and decision.allowed:
            gate, decision = "SessionPolicy", decide((session.policy,), request)
    ruling = Ruling(action, resource, gate, decision)
    call.cloud.decisions.note(call, ruling)
    return ruling


def first_refusal(call: Call, operation: Operation) -> Ruling | None:
    """The first of an operation's permissions that the caller lacks, or None when it may go on.

    A cloud that only observes asks for all of them, so that its log is complete.
    """
    first: Ruling | None = None
    for ruling in _rulings(call, operation):
        if not ruling.allowed:
            first = first or ruling
            if not call.cloud.observe:
                break
    return first


def _rulings(call: Call, operation: Operation) -> Iterator[Ruling]:
    if operation.permission is None:
        return
    base = base_context(call)
    own = {**base, **operation.context(call)}
    for resource in operation.resources(call):
        yield rule(call, operation.permission, resource, own)
    for action, resource, extra in operation.further(call):
        yield rule(call, action, resource, {**base, **extra})
