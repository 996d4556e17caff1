"""Witnesses: a request of a box, put to the evaluator on both sides."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from crossaccount.policy.comparison.context import contexts_of
from crossaccount.policy.evaluation import Request
from crossaccount.policy.sets.expression import Behind, Expression
from crossaccount.policy.sets.universe import possible_call
from crossaccount.policy.sets.witness import Witness

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crossaccount.policy.sets import PermissionSet
    from crossaccount.policy.sets.box import Box
    from crossaccount.policy.sets.dimensions import Dimension


def confirmed_witness(
    box: Box, allowing: PermissionSet, refusing: PermissionSet, asked: Iterable[Dimension]
) -> Witness | None:
    """A request of the box that the evaluator allows on one side and refuses on the other.

    Args:
        box: requests that only `allowing` holds, whatever opaque sets hold.
        allowing: the one side.
        refusing: the other side.
        asked: the dimensions that the policies ask.

    Returns:
        None where no request of the box was found: a key asked in ways that may exclude each other.

    Raises:
        RuntimeError: the evaluator and the algebra disagree.
    """
    call = possible_call(box)
    contexts = contexts_of(box, asked)
    if call is None or contexts is None:
        return None
    earlier = {each.step: each.earlier for side in (allowing, refusing) for each in _gates(side.expression)}
    steps = {
        step: Request(earlier[step].action, earlier[step].resource, context)
        for step, context in contexts.items()
        if step
    }
    witness = Witness(Request(*call, contexts.get("", {})), MappingProxyType(steps))
    if allowing.allows(witness) is not True or refusing.allows(witness) is not False:
        raise RuntimeError(f"the evaluator does not confirm {witness}: report this with both policies")
    return witness


def _gates(expression: Expression) -> Iterator[Behind]:
    if isinstance(expression, Behind):
        yield expression
    for each in expression.inner():
        yield from _gates(each)
