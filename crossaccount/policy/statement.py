"""What a policy is: statements, each with an effect, actions, resources or principals, and conditions.

Source: RAM, "Policy structure and syntax" (facts 1.1).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from crossaccount.policy.rule import Rule


class PolicyKind(Enum):
    """Where a policy stands, which decides its grammar."""

    IDENTITY = "identity"
    TRUST = "trust"
    SESSION = "session"


class Effect(Enum):
    """What a statement that applies says."""

    ALLOW = "Allow"
    DENY = "Deny"


@dataclass(frozen=True, slots=True)
class Condition:
    """One operator on one key.

    Attributes:
        operator: one of `OPERATORS`.
        key: one of `CONDITION_KEYS`.
        values: at least one; they are alternatives.
    """

    operator: str
    key: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Principals:
    """Whom a trust statement names.

    Attributes:
        ram: ARNs of accounts (`...:root`), users and roles.
        service: services, e.g. `fc.aliyuncs.com`.
        federated: ARNs of identity providers.
    """

    ram: tuple[str, ...] = ()
    service: tuple[str, ...] = ()
    federated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement, as written and ready to be evaluated.

    Attributes:
        effect: Allow or Deny.
        actions: the patterns of `Action`; empty where the statement has `NotAction`.
        not_actions: the patterns of `NotAction`; empty where it has `Action`.
        resources: the patterns of `Resource`; empty in a trust policy.
        principals: in a trust policy, whom it names; None elsewhere.
        conditions: all of them must hold.
        rule: the statement's test of requests, made from the other attributes.

    Raises:
        ValueError: a condition's operator is unknown or one of its values cannot be read. `parse` says where.
    """

    effect: Effect
    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    principals: Principals | None = None
    conditions: tuple[Condition, ...] = ()
    rule: Rule = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        named = self.principals
        rule = Rule(
            denies=self.effect is Effect.DENY,
            actions=self.not_actions or self.actions,
            negated=bool(self.not_actions),
            resources=self.resources,
            ram=None if named is None else named.ram,
            services=() if named is None else named.service,
            federated=() if named is None else named.federated,
            conditions=[(each.operator, each.key, each.values) for each in self.conditions],
        )
        object.__setattr__(self, "rule", rule)


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy of the language.

    Attributes:
        kind: identity, trust or session.
        statements: at least one, in the document's order.
    """

    kind: PolicyKind
    statements: tuple[Statement, ...]
