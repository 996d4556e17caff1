"""How a permission set was made: from policies, and from other sets.

An expression answers twice: by its region, computed symbolically, and by the evaluator, request by request.
The second is what confirms a witness. Two expressions of equal key hold the same requests.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import lru_cache
from typing import TYPE_CHECKING

from typing_extensions import override

from crossaccount.policy.evaluation import Request, decide, decide_trust
from crossaccount.policy.principal import TrustedNames
from crossaccount.policy.printing import canonical
from crossaccount.policy.sets.box import box
from crossaccount.policy.sets.dimensions import Dimension, Kind
from crossaccount.policy.sets.gate import gate_conditions
from crossaccount.policy.sets.region import Region, region
from crossaccount.policy.sets.spelling import Spelling, spellings_of
from crossaccount.policy.sets.statement_box import HOLDS, allowed_region
from crossaccount.policy.sets.witness import Witness

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from crossaccount.policy.explanation import Source
    from crossaccount.policy.principal import Principal
    from crossaccount.policy.statement import Policy, Statement

canonical_text = lru_cache(maxsize=1 << 15)(canonical)


class Expression(ABC):
    """How a set was made.

    Attributes:
        key: equal for expressions made alike from policies of equal canonical form.
    """

    __slots__ = ("_hash", "key")

    def __init__(self, *key: Hashable) -> None:
        self.key = (type(self).__name__, *key)
        self._hash = hash(self.key)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Expression) and self.key == other.key)

    @abstractmethod
    def region(self) -> Region:
        """The requests, symbolically; `region_of` keeps the result."""

    @abstractmethod
    def allows(self, witness: Witness, *, opaque: bool) -> bool:
        """What the evaluator says, if every opaque set held everything (`opaque`) or nothing."""

    @abstractmethod
    def spellings(self) -> Iterator[Spelling]:
        """The patterns it was written in."""

    def inner(self) -> tuple[Expression, ...]:
        """The expressions it was made from."""
        return ()


@lru_cache(maxsize=1 << 14)
def region_of(expression: Expression) -> Region:
    """The requests of an expression.

    Raises:
        TooLargeError: beyond the bounds.
    """
    return expression.region()


class Policies(Expression):
    """What identity policies, or session policies, allow together."""

    __slots__ = ("sources",)

    def __init__(self, sources: tuple[Source, ...]) -> None:
        super().__init__(frozenset(canonical_text(source.policy) for source in sources))
        self.sources = sources

    @override
    def region(self) -> Region:
        return allowed_region(_statements(*(source.policy for source in self.sources)))

    @override
    def allows(self, witness: Witness, *, opaque: bool) -> bool:
        return decide(self.sources, witness.request).allowed

    @override
    def spellings(self) -> Iterator[Spelling]:
        for statement in _statements(*(source.policy for source in self.sources)):
            yield from spellings_of(statement)


class Trust(Expression):
    """What a trust policy lets one principal ask."""

    __slots__ = ("principal", "source")

    def __init__(self, source: Source, principal: Principal) -> None:
        super().__init__(canonical_text(source.policy), principal)
        self.source = source
        self.principal = principal

    @override
    def region(self) -> Region:
        return allowed_region(self._naming())

    @override
    def allows(self, witness: Witness, *, opaque: bool) -> bool:
        return decide_trust(self.source, self.principal, witness.request).allowed

    @override
    def spellings(self) -> Iterator[Spelling]:
        for statement in self._naming():
            yield from spellings_of(statement)

    def _naming(self) -> Iterator[Statement]:
        for statement in self.source.policy.statements:
            named = statement.principals
            if named is not None and TrustedNames(named.ram, named.service, named.federated).hold(
                self.principal
            ):
                yield statement


class Opaque(Expression):
    """A set nobody knows."""

    __slots__ = ("label", "why")

    def __init__(self, label: str, why: str) -> None:
        super().__init__(label)
        self.label = label
        self.why = why

    @override
    def region(self) -> Region:
        only = box({Dimension(Kind.OPAQUE, "", self.label, self.why): HOLDS})
        return region([] if only is None else [only])

    @override
    def allows(self, witness: Witness, *, opaque: bool) -> bool:
        return opaque

    @override
    def spellings(self) -> Iterator[Spelling]:
        return iter(())


class Union(Expression):
    """What one of several sets holds."""

    __slots__ = ("parts",)

    def __init__(self, *parts: Expression) -> None:
        super().__init__(frozenset(parts))
        self.parts = parts

    @override
    def region(self) -> Region:
        return region(each for part in self.parts for each in region_of(part).boxes)

    @override
    def allows(self, witness: Witness, *, opaque: bool) -> bool:
        return any(part.allows(witness, opaque=opaque) for part in self.parts)

    @override
    def inner(self) -> tuple[Expression, ...]:
        return self.parts

    @override
    def spellings(self) -> Iterator[Spelling]:
        for part in self.parts:
            yield from part.spellings()


class Intersection(Union):
    """What every one of several sets holds."""

    __slots__ = ()

    @override
    def region(self) -> Region:
        first, *rest = self.parts
        found = region_of(first)
        for part in rest:
            found = found & region_of(part)
        return found

    @override
    def allows(self, witness: Witness, *, opaque: bool) -> bool:
        return all(part.allows(witness, opaque=opaque) for part in self.parts)


class Difference(Expression):
    """What one set holds and another does not."""

    __slots__ = ("minus", "of")

    def __init__(self, of: Expression, minus: Expression) -> None:
        super().__init__(of, minus)
        self.of = of
        self.minus = minus

    @override
    def region(self) -> Region:
        return region_of(self.of) - region_of(self.minus)

    @override
    def allows(self, witness: Witness, *, opaque: bool) -> bool:
        return self.of.allows(witness, opaque=opaque) and not self.minus.allows(witness, opaque=opaque)

    @override
    def inner(self) -> tuple[Expression, ...]:
        return self.of, self.minus

    @override
    def spellings(self) -> Iterator[Spelling]:
        yield from self.of.spellings()
        yield from self.minus.spellings()


class Behind(Expression):
    """The requests of a set that can be made after another request was allowed."""

    __slots__ = ("call", "earlier", "gate", "step")

    def __init__(self, call: Expression, gate: Expression, earlier: Request, step: str) -> None:
        super().__init__(call, gate, earlier.action, earlier.resource, step)
        self.call = call
        self.gate = gate
        self.earlier = earlier
        self.step = step

    @override
    def region(self) -> Region:
        return region_of(self.call) & gate_conditions(region_of(self.gate), self.earlier, self.step)

    @override
    def allows(self, witness: Witness, *, opaque: bool) -> bool:
        earlier = witness.steps.get(self.step, self.earlier)
        asked = Request(self.earlier.action, self.earlier.resource, earlier.context)
        return self.gate.allows(Witness(asked, witness.steps), opaque=opaque) and self.call.allows(
            witness, opaque=opaque
        )

    @override
    def inner(self) -> tuple[Expression, ...]:
        return self.call, self.gate

    @override
    def spellings(self) -> Iterator[Spelling]:
        yield from self.call.spellings()
        for each in self.gate.spellings():
            if each.dimension.key and not each.dimension.step:
                yield each._replace(dimension=each.dimension._replace(step=self.step))
            elif each.dimension.key:
                yield each


def _statements(*policies: Policy) -> Iterator[Statement]:
    for policy in policies:
        yield from policy.statements
