"""A statement compiled: whether it applies to a request.

The hot path of every decision: nothing here builds a message; `crossaccount.policy.explanation` does, when
asked. Source: RAM, "Policy elements", "Condition operators", "Edit the trust policy of a RAM role" (facts
1.2, 1.3, 1.7).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from crossaccount.policy.arn import folded, folded_global
from crossaccount.policy.operators import OPERATORS
from crossaccount.policy.principal import Principal, TrustedNames
from crossaccount.policy.wildcard import Wildcards

Context = Mapping[str, "str | tuple[str, ...]"]


class ConditionTest:
    """One operator on one key, compiled: true, false, or None where the request's value cannot be read.

    A key the request lacks makes a positive operator false and a negative one true. Of several values in
    the request one match is enough for a positive operator; a negative one holds only if none matches.
    """

    __slots__ = ("_key", "_match", "_negative")

    def __init__(self, operator: str, key: str, values: tuple[str, ...]) -> None:
        known = OPERATORS.get(operator)
        if known is None:
            raise ValueError(f"`{operator}` is not a condition operator")
        self._key = key
        self._negative = known.negative
        self._match = known.compile(values)

    def holds(self, context: Context) -> bool | None:
        """Whether the condition holds in a request's context."""
        given = context.get(self._key, ())
        unreadable = False
        for value in (given,) if isinstance(given, str) else given:
            try:
                if self._match(value):
                    return not self._negative
            except ValueError:  # noqa: PERF203  another value may still match
                unreadable = True
        return None if unreadable else self._negative


class Subject:
    """A request made ready once for all the rules of a decision."""

    __slots__ = ("action", "asked_action", "asked_resource", "context", "folded", "principal", "resource")

    def __init__(
        self, action: str, resource: str, context: Context, principal: Principal | None = None
    ) -> None:
        self.asked_action = action
        self.asked_resource = resource
        self.action = folded(action)
        spelled = folded_global(resource)
        self.folded = spelled is not None
        self.resource = resource if spelled is None else spelled
        self.context = context
        self.principal = principal


@lru_cache(maxsize=4096)
def _folded_actions(actions: tuple[str, ...]) -> Wildcards:
    return Wildcards(map(folded, actions))


class _Resources:
    """The resources of a statement; compiled when a request is first held against them."""

    __slots__ = ("_folded", "_patterns", "_plain")

    def __init__(self, patterns: tuple[str, ...]) -> None:
        self._patterns = patterns
        self._plain: Wildcards | None = None
        self._folded: Wildcards | None = None

    def match(self, subject: Subject) -> bool:
        """Whether a pattern matches the subject's resource, as its service compares names."""
        if subject.folded:
            if self._folded is None:
                self._folded = Wildcards(map(folded, self._patterns))
            return self._folded.match(subject.resource)
        if self._plain is None:
            self._plain = Wildcards(self._patterns)
        return self._plain.match(subject.resource)


class Rule:
    """One statement's test.

    Attributes:
        denies: whether the statement denies where it applies.
    """

    __slots__ = (
        "_actions",
        "_conditions",
        "_negated",
        "_resources",
        "_trusted",
        "denies",
    )

    def __init__(
        self,
        *,
        denies: bool,
        actions: Iterable[str],
        negated: bool,
        resources: tuple[str, ...],
        ram: tuple[str, ...] | None,
        services: tuple[str, ...],
        federated: tuple[str, ...] = (),
        conditions: Iterable[tuple[str, str, tuple[str, ...]]],
    ) -> None:
        self.denies = denies
        self._actions = _folded_actions(tuple(actions))
        self._negated = negated
        self._resources = _Resources(resources)
        self._trusted = None if ram is None else TrustedNames(ram, services, federated)
        self._conditions = tuple(ConditionTest(*condition) for condition in conditions)

    @property
    def conditions(self) -> tuple[ConditionTest, ...]:
        """The tests of the conditions, in their order."""
        return self._conditions

    def without_conditions(self) -> Rule:
        """The rule as it would be without any condition; what was compiled is shared."""
        if not self._conditions:
            return self
        bare = object.__new__(Rule)
        bare.denies = self.denies
        bare._actions, bare._negated = self._actions, self._negated
        bare._resources = self._resources
        bare._trusted, bare._conditions = self._trusted, ()
        return bare

    def applies(self, subject: Subject) -> bool:
        """Whether the statement says its effect about a request; else it is silent.

        A condition on a value that cannot be read fails closed both ways: an Allow is silent and a Deny
        applies, unless another condition is false, when neither applies.
        """
        if self._actions.match(subject.action) is self._negated:
            return False
        if self._trusted is not None:
            if subject.principal is None or not self._trusted.hold(subject.principal):
                return False
        elif not self._resources.match(subject):
            return False
        return not self._conditions or self._conditions_hold(subject.context)

    def _conditions_hold(self, context: Context) -> bool:
        readable = True
        for condition in self._conditions:
            holds = condition.holds(context)
            if holds is False:
                return False
            if holds is None:
                readable = False
        return readable or self.denies
