"""Permission sets as values: how they are made and put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crossaccount.policy.evaluation import Request
    from crossaccount.policy.explanation import Source
    from crossaccount.policy.principal import Principal
    from crossaccount.policy.sets.witness import Witness
    from crossaccount.policy.statement import Condition


class PermissionSet:
    """A set of requests. Immutable; the same sources give equal keys, whatever their spelling.

    `a | b`, `a & b`, `a - b`, `~a` (within the universe) make new sets. `a <= b`, `a.equals(b)` and
    `a.is_empty()` are True only where that is proven: where it cannot be told, `compare` says what.
    """

    @classmethod
    def nothing(cls) -> PermissionSet:
        """The empty set."""
        raise NotImplementedError

    @classmethod
    def everything(cls) -> PermissionSet:
        """All requests that could be made: what an account's root may do."""
        raise NotImplementedError

    @classmethod
    def of(
        cls, actions: Iterable[str], resources: Iterable[str], conditions: Iterable[Condition] = ()
    ) -> PermissionSet:
        """The requests that one Allow statement with these patterns and conditions would allow."""
        raise NotImplementedError

    @classmethod
    def opaque(cls, label: str, why: str) -> PermissionSet:
        """A set nobody knows: a system policy that does not ship, a value unknown until `up`.

        It compares only with itself, i.e. with an opaque set of the same label. Whatever depends on it
        becomes a `CannotTell` with this label and reason. `opaque & known` is "at most `known`".
        """
        raise NotImplementedError

    def with_conditions(self, conditions: Iterable[Condition]) -> PermissionSet:
        """The requests of the set whose own context meets all the conditions."""
        raise NotImplementedError

    def behind(self, gate: PermissionSet, action: str, resource: str, step: str = "") -> PermissionSet:
        """The requests of the set that can be made after another one was allowed.

        Args:
            gate: what must allow the earlier request; e.g. the caller's identity policies & the trust policy.
            action: the earlier request's action, e.g. `sts:AssumeRole`.
            resource: the earlier request's resource, e.g. the role's ARN.
            step: the name under which conditions and witnesses speak of the earlier request; by default the
                resource. Conditions of the gate bind the earlier request, not the call.
        """
        raise NotImplementedError

    def is_empty(self) -> bool:
        """Whether it is proven that no request that could be made is in the set."""
        raise NotImplementedError

    def equals(self, other: PermissionSet) -> bool:
        """Whether it is proven that both hold the same requests of those that could be made."""
        raise NotImplementedError

    def allows(self, asked: Request | Witness) -> bool | None:
        """What the evaluator (not the set algebra) says; None where it depends on an opaque set."""
        raise NotImplementedError

    def __or__(self, other: PermissionSet) -> PermissionSet:
        raise NotImplementedError

    def __and__(self, other: PermissionSet) -> PermissionSet:
        raise NotImplementedError

    def __sub__(self, other: PermissionSet) -> PermissionSet:
        raise NotImplementedError

    def __invert__(self) -> PermissionSet:
        raise NotImplementedError

    def __le__(self, other: PermissionSet) -> bool:
        raise NotImplementedError


def permission_set(sources: Sequence[Source]) -> PermissionSet:
    """What identity policies allow together: their Allows without their Denies; nothing for no policies.

    Raises:
        ValueError: a policy of another kind among them.
    """
    raise NotImplementedError


def session_set(session_policy: Source) -> PermissionSet:
    """What a session policy allows. A session may do what its role's set and this one have in common.

    Raises:
        ValueError: not a session policy.
    """
    raise NotImplementedError


def trust_set(trust: Source, principal: Principal) -> PermissionSet:
    """What a trust policy lets a principal ask: its actions on every resource, under its conditions.

    Raises:
        ValueError: not a trust policy.
    """
    raise NotImplementedError
