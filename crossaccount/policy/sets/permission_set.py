"""Permission sets as values: how they are made and put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crossaccount.policy.evaluation import Request
from crossaccount.policy.explanation import Source
from crossaccount.policy.sets.bounds import TooLargeError
from crossaccount.policy.sets.expression import (
    Behind,
    Difference,
    Expression,
    Intersection,
    Opaque,
    Policies,
    Trust,
    Union,
    region_of,
)
from crossaccount.policy.sets.membership import region_holds
from crossaccount.policy.sets.universe import possible_call
from crossaccount.policy.sets.witness import Witness
from crossaccount.policy.statement import Effect, Policy, PolicyKind, Statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crossaccount.policy.principal import Principal
    from crossaccount.policy.statement import Condition


class PermissionSet:
    """A set of requests. Immutable; made alike from policies of equal meaning in order and spelling, equal.

    `a | b`, `a & b`, `a - b`, `~a` (within the universe) make new sets. `a <= b`, `a.equals(b)` and
    `a.is_empty()` are True only where that is proven: where it cannot be told, `compare` says what. `a == b`
    asks only whether both were made alike, which costs nothing.

    Attributes:
        expression: how the set was made.
    """

    __slots__ = ("expression",)

    def __init__(self, expression: Expression) -> None:
        self.expression = expression

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PermissionSet) and self.expression == other.expression

    def __hash__(self) -> int:
        return hash(self.expression)

    @classmethod
    def nothing(cls) -> PermissionSet:
        """The empty set."""
        return cls(Policies(()))

    @classmethod
    def everything(cls) -> PermissionSet:
        """All requests that could be made: what an account's root may do."""
        return cls.of(["*"], ["*"])

    @classmethod
    def of(
        cls, actions: Iterable[str], resources: Iterable[str], conditions: Iterable[Condition] = ()
    ) -> PermissionSet:
        """The requests that one Allow statement with these patterns and conditions would allow.

        Raises:
            ValueError: a condition that is not of the language.
        """
        statement = Statement(Effect.ALLOW, tuple(actions), (), tuple(resources), None, tuple(conditions))
        return cls(Policies((Source("patterns", Policy(PolicyKind.IDENTITY, (statement,))),)))

    @classmethod
    def opaque(cls, label: str, why: str) -> PermissionSet:
        """A set nobody knows: a system policy that does not ship, a value unknown until `up`.

        It compares only with itself, i.e. with an opaque set of the same label. Whatever depends on it
        becomes a `CannotTell` with this label and reason. `opaque & known` is "at most `known`".
        """
        return cls(Opaque(label, why))

    def with_conditions(self, conditions: Iterable[Condition]) -> PermissionSet:
        """The requests of the set whose own context meets all the conditions.

        What binds the request that assumed the role belongs to `behind`: a key that an action's own requests
        never carry, such as `sts:ExternalId` in a call of Function Compute, leaves nothing.
        """
        return self & PermissionSet.of(["*"], ["*"], conditions)

    def behind(self, gate: PermissionSet, action: str, resource: str, step: str = "") -> PermissionSet:
        """The requests of the set that can be made after another one was allowed.

        Args:
            gate: what must allow the earlier request; e.g. the caller's identity policies & the trust policy.
            action: the earlier request's action, e.g. `sts:AssumeRole`.
            resource: the earlier request's resource, e.g. the role's ARN.
            step: the name under which conditions and witnesses speak of the earlier request; by default the
                resource. Conditions of the gate bind the earlier request, not the call.
        """
        earlier = Request(action, resource)
        return PermissionSet(Behind(self.expression, gate.expression, earlier, step or resource))

    def is_empty(self) -> bool:
        """Whether it is proven that no request that could be made is in the set."""
        try:
            return all(possible_call(each) is None for each in region_of(self.expression).boxes)
        except TooLargeError:
            return False

    def equals(self, other: PermissionSet) -> bool:
        """Whether it is proven that both hold the same requests of those that could be made."""
        return self == other or ((self - other).is_empty() and (other - self).is_empty())

    def allows(self, asked: Request | Witness) -> bool | None:
        """What the evaluator (not the set algebra) says; None where it depends on an opaque set."""
        witness = asked if isinstance(asked, Witness) else Witness(asked)
        answers = {self.expression.allows(witness, opaque=opaque) for opaque in (True, False)}
        return answers.pop() if len(answers) == 1 else None

    def contains(self, asked: Request | Witness) -> bool | None:
        """What the set algebra (not the evaluator) says; None where it depends on an opaque set.

        Raises:
            ValueError: a key with several values, or one whose value Alibaba Cloud would not set.
            TooLargeError: beyond the bounds of the algebra.
        """
        witness = asked if isinstance(asked, Witness) else Witness(asked)
        return region_holds(region_of(self.expression).boxes, witness)

    def __or__(self, other: PermissionSet) -> PermissionSet:
        return PermissionSet(Union(self.expression, other.expression))

    def __and__(self, other: PermissionSet) -> PermissionSet:
        return PermissionSet(Intersection(self.expression, other.expression))

    def __sub__(self, other: PermissionSet) -> PermissionSet:
        return PermissionSet(Difference(self.expression, other.expression))

    def __invert__(self) -> PermissionSet:
        return PermissionSet.everything() - self

    def __le__(self, other: PermissionSet) -> bool:
        return self == other or (self - other).is_empty()


def permission_set(sources: Sequence[Source]) -> PermissionSet:
    """What identity policies allow together: their Allows without their Denies; nothing for no policies.

    Raises:
        ValueError: a policy of another kind among them.
    """
    _check_kind(sources, PolicyKind.IDENTITY)
    return PermissionSet(Policies(tuple(sources)))


def session_set(session_policy: Source) -> PermissionSet:
    """What a session policy allows. A session may do what its role's set and this one have in common.

    Raises:
        ValueError: not a session policy.
    """
    _check_kind([session_policy], PolicyKind.SESSION)
    return PermissionSet(Policies((session_policy,)))


def trust_set(trust: Source, principal: Principal) -> PermissionSet:
    """What a trust policy lets a principal ask: its actions on every resource, under its conditions.

    Raises:
        ValueError: not a trust policy.
    """
    _check_kind([trust], PolicyKind.TRUST)
    return PermissionSet(Trust(trust, principal))


def _check_kind(sources: Sequence[Source], kind: PolicyKind) -> None:
    for source in sources:
        if source.policy.kind is not kind:
            raise ValueError(
                f"{source.label} is no {kind.value} policy, but a {source.policy.kind.value} one"
            )
