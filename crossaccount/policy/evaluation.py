"""Decisions: policies and a request in, a verdict out.

Any Deny that applies decides; else any Allow that applies; else nothing allows. Source: RAM, "Policy
evaluation process" (facts 1.5). How the gates of a delegated call go together: `crossaccount.policy.gates`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from crossaccount.policy.explanation import Reason, Source, reasons_of, subject_text
from crossaccount.policy.rule import Subject
from crossaccount.policy.statement import PolicyKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crossaccount.policy.principal import Principal


class Verdict(Enum):
    """What a set of policies says about a request."""

    ALLOW = "allow"
    EXPLICIT_DENY = "explicit deny"
    IMPLICIT_DENY = "implicit deny"


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked.

    Attributes:
        action: `<service>:<operation>`, any letter case.
        resource: the ARN acted on; a `*` in it is that character, as in ListFunctions' `functions/*`.
        context: the values of condition keys; a key that is absent or has no value is missing.
    """

    action: str
    resource: str
    context: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict, and what it was made from, so that it can be explained when somebody asks.

    Attributes:
        verdict: allow, explicit deny or implicit deny.
        sources: the policies that were looked at.
        request: what was asked.
        principal: who asked, where a trust policy was looked at.
    """

    verdict: Verdict
    sources: tuple[Source, ...]
    request: Request
    principal: Principal | None = None

    @property
    def allowed(self) -> bool:
        """Whether the verdict is allow."""
        return self.verdict is Verdict.ALLOW

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """One reason for each statement, in order; made anew at each call."""
        subject = Subject(self.request.action, self.request.resource, self.request.context, self.principal)
        return reasons_of(self.sources, subject)

    def explain(self) -> str:
        """The verdict and its reasons, a line each; those that decided come first."""
        asked = subject_text(self.request.action, self.request.resource, self.principal)
        reasons = self.reasons
        if not reasons:
            return f"{self.verdict.value}: {asked}\n  no policy is attached"
        order = {"deny": 0, "allow": 1, "silent": 2}
        lines = [f"  {reason}" for reason in sorted(reasons, key=lambda reason: order[reason.outcome.value])]
        return "\n".join([f"{self.verdict.value}: {asked}", *lines])


def decide(sources: Sequence[Source], request: Request) -> Decision:
    """What identity policies, or session policies, say about a request.

    Raises:
        ValueError: a trust policy among them (ask `decide_trust`), or identity and session policies together:
            a session policy narrows what the role's policies allow, a decision of its own (`call_gates`).
    """
    for source in sources:
        kind = source.policy.kind
        if kind is PolicyKind.TRUST:
            raise ValueError(f"{source.label} is a trust policy: it is decided together with a principal")
        if kind is not sources[0].policy.kind:
            raise ValueError(f"{source.label}: identity and session policies are separate decisions")
    subject = Subject(request.action, request.resource, request.context)
    return Decision(_verdict(sources, subject), tuple(sources), request)


def decide_trust(trust: Source, principal: Principal, request: Request) -> Decision:
    """What a role's trust policy says about a principal that asks to assume the role.

    Raises:
        ValueError: not a trust policy.
    """
    if trust.policy.kind is not PolicyKind.TRUST:
        raise ValueError(f"{trust.label} is not a trust policy")
    subject = Subject(request.action, request.resource, request.context, principal)
    return Decision(_verdict((trust,), subject), (trust,), request, principal)


def _verdict(sources: Sequence[Source], subject: Subject) -> Verdict:
    allowed = False
    for source in sources:
        for statement in source.policy.statements:
            rule = statement.rule
            if rule.denies:
                if rule.applies(subject):
                    return Verdict.EXPLICIT_DENY
            elif not allowed:
                allowed = rule.applies(subject)
    return Verdict.ALLOW if allowed else Verdict.IMPLICIT_DENY
