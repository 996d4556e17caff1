"""Two permission sets in, what is gained and lost out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crossaccount.policy.comparison.confirm import confirmed_witness
from crossaccount.policy.comparison.cover import certain, possible, widest, without_opaque
from crossaccount.policy.comparison.report import CannotTell, Change, Comparison, Row
from crossaccount.policy.comparison.rows import doubt_of, row_of, without_impossible
from crossaccount.policy.sets.bounds import TooLargeError
from crossaccount.policy.sets.dimensions import Kind
from crossaccount.policy.sets.expression import region_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crossaccount.policy.sets import PermissionSet
    from crossaccount.policy.sets.spelling import Spelling


def compare(before: PermissionSet, after: PermissionSet) -> Comparison:
    """What `after` allows that `before` does not, and the reverse.

    Sets of equal sources are the same without any computation. Every row's witness has been put to the
    evaluator, on both sides.

    Raises:
        RuntimeError: the evaluator does not confirm a witness: an error of this package.
    """
    if before == after:
        return Comparison(Change.SAME)
    spellings = tuple(dict.fromkeys([*before.expression.spellings(), *after.expression.spellings()]))
    try:
        gained, may_gain = _one_way(after, before, spellings, gains=True)
        lost, may_lose = _one_way(before, after, spellings, gains=False)
    except TooLargeError as error:
        doubt = CannotTell("the policies together", str(error), may_gain=True, may_lose=True)
        return Comparison(Change.CANNOT_TELL, cannot_tell=(doubt,))
    verdict = _verdict(gained, lost, may_gain, may_lose)
    return Comparison(verdict, gained, lost, (*may_gain, *may_lose))


def _verdict(
    gained: Sequence[Row], lost: Sequence[Row], may_gain: Sequence[CannotTell], may_lose: Sequence[CannotTell]
) -> Change:
    if gained and lost:
        return Change.INCOMPARABLE
    if (may_gain and not gained) or (may_lose and not lost):
        return Change.CANNOT_TELL
    if gained:
        return Change.MORE
    return Change.LESS if lost else Change.SAME


def _one_way(
    allowing: PermissionSet, refusing: PermissionSet, spellings: Sequence[Spelling], *, gains: bool
) -> tuple[tuple[Row, ...], tuple[CannotTell, ...]]:
    """The rows that only one side allows, and what of it cannot be told."""
    whole = region_of((allowing - refusing).expression)
    told = certain(whole)
    rows: list[Row] = []
    doubts: list[CannotTell] = []
    for widest_box in widest(possible(told), told):
        each = without_impossible(widest_box, spellings)
        witness = confirmed_witness(each, allowing, refusing, [one.dimension for one in spellings])
        if witness is None:
            why = (
                "its key is asked both as a text and as another type, and no value was found that meets both"
            )
            doubts.append(doubt_of(each, "a condition", why, spellings, gains=gains))
        else:
            rows.append(row_of(each, witness, spellings))
    for each in () if told is whole else possible(whole - told).boxes:
        opaque = [dimension for dimension in each.parts if dimension.kind is Kind.OPAQUE]
        entry = ", ".join(sorted({dimension.key for dimension in opaque}))
        why = "; ".join(sorted({dimension.note for dimension in opaque}))
        doubts.append(doubt_of(without_opaque(each), entry, why, spellings, gains=gains))
    return tuple(rows), tuple(dict.fromkeys(doubts))
