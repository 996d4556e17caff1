"""Three-valued decisions: policies and a partly known request in, a ruling out.

Where everything is known this agrees with `crossaccount.policy.decide`; a test holds the two together. A
policy that is not known may allow and may deny, a system policy only allow. Source: RAM, "Policy evaluation
process" (facts 1.5).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crossaccount.access.asking import TIME
from crossaccount.access.ruling import Outcome, Ruling, Said
from crossaccount.policy.rule import Subject

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crossaccount.access.asking import Asking
    from crossaccount.access.compiled import CompiledStatement
    from crossaccount.access.documents import Document
    from crossaccount.access.nodes import Grant
    from crossaccount.policy import Condition, Principal
    from crossaccount.policy.rule import ConditionTest

_ORDER = {"deny": 0, "deny if": 1, "allow": 2, "allow if": 3, "silent": 4}


@dataclass(slots=True)
class _Tally:
    """What the statements said so far."""

    denied: bool = False
    allowed: bool = False
    may_deny: bool = False
    may_allow: bool = False
    alternatives: dict[tuple[Condition, ...], None] = field(default_factory=dict)
    unless: dict[tuple[Condition, ...], None] = field(default_factory=dict)
    unknown: dict[str, None] = field(default_factory=dict)

    @property
    def outcome(self) -> Outcome:
        if self.denied:
            return Outcome.CLOSED
        if not self.allowed and not self.alternatives:
            return Outcome.UNKNOWN if self.may_allow else Outcome.CLOSED
        if self.may_deny:
            return Outcome.UNKNOWN
        return Outcome.OPEN if self.allowed and not self.unless else Outcome.IF


def decide_grants(grants: Iterable[Grant], action: str, resource: str, asking: Asking) -> Ruling:
    """What the identity policies of a user, group or role say about a request."""
    subject = Subject(action, resource, asking.given)
    tally, said = _Tally(), []
    for grant in grants:
        said += _look(grant.document, grant, subject, asking, tally, certain=grant.certain)
    return _ruling(tally, said)


def decide_trusted(
    trust: Document,
    principal: Principal,
    action: str,
    resource: str,
    asking: Asking,
    *,
    named: bool,
    denied_as: str = "",
) -> Ruling:
    """What a role's trust policy says about a principal that asks to assume the role.

    Args:
        trust: the trust policy.
        principal: who asks.
        action: `sts:AssumeRole`.
        resource: the role's ARN.
        asking: the context.
        named: of a policy that is not known, whether it may name the principal at all.
        denied_as: another action by which a Deny also counts, such as `sts:AssumeRoleWithSAML`.
    """
    if trust.compiled is None and not named:
        return Ruling(Outcome.CLOSED)
    subject = Subject(action, resource, asking.given, principal)
    also = None if denied_as in ("", action) else Subject(denied_as, resource, asking.given, principal)
    tally = _Tally()
    return _ruling(tally, _look(trust, None, subject, asking, tally, certain=True, denied_as=also))


def _ruling(tally: _Tally, said: list[Said]) -> Ruling:
    said.sort(key=lambda each: _ORDER[each.effect])
    return Ruling(
        tally.outcome, tuple(said), tuple(tally.alternatives), tuple(tally.unless), tuple(tally.unknown)
    )


def _look(
    document: Document,
    grant: Grant | None,
    subject: Subject,
    asking: Asking,
    tally: _Tally,
    *,
    certain: bool,
    denied_as: Subject | None = None,
) -> list[Said]:
    if document.compiled is None:
        tally.unknown[document.doubt] = None
        tally.may_allow = True
        tally.may_deny = tally.may_deny or not document.is_opaque
        return []
    said = []
    for each in document.compiled.statements:
        asked = subject
        applies, undecided = _applies(each, asked, asking)
        if not applies and denied_as is not None and each.bare.denies:
            asked = denied_as
            applies, undecided = _applies(each, asked, asking)
        effect = "silent"
        if applies:
            effect = "deny" if each.bare.denies else "allow"
            _count(effect, undecided, tally, certain=certain)
            effect += " if" if undecided else ""
            if not certain:
                tally.unknown[f"{document.label}: whether it is attached is known only after `up`"] = None
        said.append(Said(document, grant, each.number, effect, asked, undecided))
    return said


def _count(effect: str, undecided: tuple[Condition, ...], tally: _Tally, *, certain: bool) -> None:
    if not certain:
        tally.may_deny = tally.may_deny or effect == "deny"
        tally.may_allow = tally.may_allow or effect == "allow"
    elif undecided:
        (tally.unless if effect == "deny" else tally.alternatives)[undecided] = None
    elif effect == "deny":
        tally.denied = True
    else:
        tally.allowed = True


def _applies(each: CompiledStatement, subject: Subject, asking: Asking) -> tuple[bool, tuple[Condition, ...]]:
    """Whether a statement applies, and on which conditions still."""
    if not each.bare.applies(subject):
        return False, ()
    readable, undecided = True, []
    denies = each.bare.denies
    for condition, test in each.conditions:
        holds = test.holds(subject.context)
        if asking.is_open(condition.key):
            holds = _at(asking.now, test, denies=denies) if condition.key == TIME else None
            if holds is None:
                undecided.append(condition)
                continue
        if holds is False:
            return False, ()
        readable = readable and holds is True
    return readable or denies, tuple(undecided)


def _at(now: str | None, test: ConditionTest, *, denies: bool) -> bool | None:
    """Whether a condition on the time settles the statement now: an Allow by failing, a Deny by holding."""
    holds = None if now is None else test.holds({TIME: now})
    return holds if holds is denies else None
