"""Why a statement applied or stayed silent: which element matched or failed.

Asked for after the decision, never before. It asks the compiled rules the same questions that the decision
asked, element by element.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from crossaccount.policy.arn import folded
from crossaccount.policy.operators import OPERATORS
from crossaccount.policy.principal import Principal, TrustedNames
from crossaccount.policy.problems import shown
from crossaccount.policy.rule import ConditionTest, Subject
from crossaccount.policy.wildcard import Wildcards

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from crossaccount.policy.statement import Condition, Policy, Principals, Statement


class Outcome(Enum):
    """What one statement says about a request."""

    ALLOW = "allow"
    DENY = "deny"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Source:
    """A policy and where it comes from.

    Attributes:
        label: for people, e.g. "role `fc-reader`: system policy `AliyunFCReadOnlyAccess`".
        policy: the policy.
    """

    label: str
    policy: Policy


@dataclass(frozen=True, slots=True)
class Reason:
    """What one statement said.

    Attributes:
        source: the label of the policy's source.
        statement: the statement's number in its policy, from 1.
        outcome: allow, deny or silent.
        element: the element that matched or failed, and on what.
    """

    source: str
    statement: int
    outcome: Outcome
    element: str

    def __str__(self) -> str:
        return f"{self.source}, statement {self.statement}: {self.outcome.value}: {self.element}"


def reasons_of(sources: Sequence[Source], subject: Subject) -> tuple[Reason, ...]:
    """One reason for each statement of each policy, in order."""
    return tuple(
        _reason(source.label, number, statement, subject)
        for source in sources
        for number, statement in enumerate(source.policy.statements, 1)
    )


def subject_text(action: str, resource: str, principal: Principal | None) -> str:
    """What is asked, in one phrase."""
    who = "" if principal is None else f"{shown(principal.arn)} asks "
    return f"{who}{shown(action)} on {shown(resource)}"


def _reason(label: str, number: int, statement: Statement, subject: Subject) -> Reason:
    outcome = Outcome.SILENT
    if statement.rule.applies(subject):
        outcome = Outcome.DENY if statement.rule.denies else Outcome.ALLOW
    said = [*_targets(statement, subject), *(_condition(each, subject) for each in statement.conditions)]
    failed = [text for holds, text in said if holds is False]
    unread = [text for holds, text in said if holds is None]
    if failed:
        return Reason(label, number, outcome, failed[0])
    if unread:
        return Reason(label, number, outcome, unread[0])
    return Reason(label, number, outcome, "; ".join(text for _, text in said))


def _targets(statement: Statement, subject: Subject) -> list[tuple[bool | None, str]]:
    action = _pattern("Action", statement.actions, folded, subject.action, subject.asked_action)
    if statement.not_actions:
        named, text = _pattern(
            "NotAction", statement.not_actions, folded, subject.action, subject.asked_action
        )
        action = (not named, text)
    if statement.principals is not None:
        return [action, _principal(statement.principals, subject.principal)]
    spelling = folded if subject.folded else str
    return [
        action,
        _pattern("Resource", statement.resources, spelling, subject.resource, subject.asked_resource),
    ]


def _pattern(
    name: str, patterns: tuple[str, ...], spelling: Callable[[str], str], text: str, asked: str
) -> tuple[bool, str]:
    for pattern in patterns:
        if Wildcards([spelling(pattern)]).match(text):
            return True, f"{name} {shown(pattern)} matches {shown(asked)}"
    return False, f"{name}: {_listed(patterns)} does not match {shown(asked)}"


def _principal(named: Principals, principal: Principal | None) -> tuple[bool, str]:
    if principal is None:
        return False, "Principal: the request has none"
    if principal.kind == "root":
        return False, "Principal: an account's root may never assume a role"
    everyone = (*named.ram, *named.service, *named.federated)
    for kind, value in (
        *(("RAM", value) for value in named.ram),
        *(("Service", value) for value in named.service),
        *(("Federated", value) for value in named.federated),
    ):
        asked: dict[str, list[str]] = {"RAM": [], "Service": [], "Federated": [], kind: [value]}
        if TrustedNames(asked["RAM"], asked["Service"], asked["Federated"]).hold(principal):
            return True, f"Principal.{kind} {shown(value)} names {shown(principal.arn)}"
    return False, f"Principal: {_listed(everyone)} does not name {shown(principal.arn)}"


def _condition(condition: Condition, subject: Subject) -> tuple[bool | None, str]:
    holds = ConditionTest(condition.operator, condition.key, condition.values).holds(subject.context)
    given = subject.context.get(condition.key, ())
    values = (given,) if isinstance(given, str) else given
    has = "request has none" if not values else f"request has {_listed(values)}"
    kind = OPERATORS[condition.operator].type.value
    unread = (
        f", of which one is not of type {kind}: an Allow stays silent and a Deny applies"
        if holds is None
        else ""
    )
    place = f"Condition.{condition.operator}.{condition.key}"
    return holds, f"{place}: {has}{unread}, policy asks {_listed(condition.values)}"


def _listed(values: tuple[str, ...]) -> str:
    return ", ".join(shown(value) for value in values)
