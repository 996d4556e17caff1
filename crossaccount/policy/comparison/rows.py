"""From boxes to the rows of a report."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from crossaccount.policy.comparison.limits import limits_of
from crossaccount.policy.comparison.report import CannotTell, Row, Term
from crossaccount.policy.comparison.terms import patterns_of, terms_of
from crossaccount.policy.sets.box import box as made_box
from crossaccount.policy.sets.dimensions import ACTION, RESOURCE, Dimension, Values
from crossaccount.policy.sets.language import NOTHING, Language
from crossaccount.policy.sets.region import Region
from crossaccount.policy.sets.universe import (
    fitting_actions,
    holds_unknown_actions,
    possible_actions,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crossaccount.policy.sets.box import Box
    from crossaccount.policy.sets.spelling import Spelling
    from crossaccount.policy.sets.witness import Witness

_UP_TO_ACCOUNT = 4
_EVERY_OPERATION = re.compile(r"(.*:)?[*?]*\*[*?]*")


def row_of(box: Box, witness: Witness, spellings: Sequence[Spelling]) -> Row:
    """The row of a box."""
    actions, resources = (_terms(box, each, spellings) for each in (ACTION, RESOURCE))
    return Row(
        actions,
        resources,
        limits_of(box, spellings),
        witness,
        known_actions=fitting_actions(box),
        unknown_actions=holds_unknown_actions(box),
        wildcard=any(map(_whole_service, actions)) or any(map(_every_resource, resources)),
        region=Region((box,)),
    )


def without_impossible(each: Box, spellings: Sequence[Spelling]) -> Box:
    """The box without patterns of actions none of whose requests could carry the box's condition keys."""
    actions = cast("Language", each.values(ACTION).inside)
    possible = possible_actions(each)
    if possible is actions:
        return each
    kept = NOTHING
    for _, pattern in patterns_of(spellings, ACTION):
        if (pattern & actions).meets(possible):
            kept = kept | (pattern & actions)
            if possible <= kept:
                break
    return (made_box({**each.parts, ACTION: Values(kept)}) if possible <= kept else None) or each


def doubt_of(box: Box, entry: str, why: str, spellings: Sequence[Spelling], *, gains: bool) -> CannotTell:
    """The entry of a box about which it cannot be told whether it is gained, or lost."""
    return CannotTell(
        entry,
        why,
        may_gain=gains,
        may_lose=not gains,
        actions=_terms(box, ACTION, spellings),
        resources=_terms(box, RESOURCE, spellings),
        limits=limits_of(box, spellings),
        region=Region((box,)),
    )


def _terms(box: Box, dimension: Dimension, spellings: Sequence[Spelling]) -> tuple[Term, ...]:
    language = cast("Language", box.values(dimension).inside)
    return terms_of(language, patterns_of(spellings, dimension))


def _whole_service(term: Term) -> bool:
    """Whether a term, but for its exceptions, says nothing of the operation."""
    return all(_EVERY_OPERATION.fullmatch(pattern) for pattern in term.patterns)


def _every_resource(term: Term) -> bool:
    """Whether a term, but for its exceptions, says nothing beyond the service."""
    return all(map(_names_no_resource, term.patterns))


def _names_no_resource(pattern: str) -> bool:
    """Whether only wildcards follow the service, or its empty region."""
    head = re.split(r"[*?]", pattern, maxsplit=1)[0]
    named = head.split(":")
    no_more = len(named) <= _UP_TO_ACCOUNT and not any(named[2:])
    return no_more and "*" in pattern and not pattern[len(head) :].strip("*?:")
