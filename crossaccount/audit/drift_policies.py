"""Two policies by what they mean: what the account's allows and the stack's does not, and the reverse."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from crossaccount.access import Role
from crossaccount.access.compiled import CompiledPolicy
from crossaccount.access.trusted import trusted_names
from crossaccount.policy import Effect, Source, normalized
from crossaccount.policy.arn import folded
from crossaccount.policy.comparison import compare
from crossaccount.policy.sets import PermissionSet, permission_set
from crossaccount.review.permissions import Permissions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from crossaccount.access import Document
    from crossaccount.access.nodes import Outsider
    from crossaccount.policy import Policy
    from crossaccount.policy.comparison import Comparison, Limit, Row

_EXTERNAL_ID = folded("sts:ExternalId")
_MOST = 3


@dataclass(frozen=True, slots=True)
class Difference:
    """How an account's policy differs from a stack's, in words.

    Attributes:
        more: what only the account's allows.
        less: what only the stack's allows.
        doubts: what cannot be told.
    """

    more: tuple[str, ...] = ()
    less: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.more or self.less or self.doubts)

    def __str__(self) -> str:
        parts = (
            ("the account allows what the stack does not: ", self.more),
            ("the stack allows what the account does not: ", self.less),
            ("cannot tell: ", self.doubts),
        )
        return "; ".join(f"{words}{_some(said)}" for words, said in parts if said)


def difference(declared: Document, live: Document) -> Difference:
    """What differs between what a stack declares and what its account holds.

    Nothing differs where they mean the same, in whatever words.

    Args:
        declared: the stack's trust or custom policy.
        live: the account's, of the same kind.
    """
    if declared.policy is None or live.policy is None:
        unknown = declared if declared.policy is None else live
        return Difference(doubts=(unknown.doubt,))
    if _normalized(declared.policy) == _normalized(live.policy):
        return Difference()
    if declared.kind == "Trust":
        names = dict.fromkeys((*_names(declared, declared.policy), *_names(live, live.policy)))
        return _together(_trust(declared, live, each) for each in names)
    before, after = (
        permission_set([Source(declared.label, each)]) for each in (declared.policy, live.policy)
    )
    return _told(compare(before, after), _right)


@lru_cache(maxsize=4096)
def _normalized(policy: Policy) -> Policy:
    return normalized(policy)


def _trust(declared: Document, live: Document, who: Outsider) -> Difference:
    def said(row: Row) -> str:
        whose = f" of `{who.account}`" if who.kind in ("user", "role") else ""
        return f"{who.label}{whose}{_limits(row.limits)}"

    return _told(compare(_trusting(declared, who), _trusting(live, who)), said)


def _trusting(trust: Document, who: Outsider) -> PermissionSet:
    return Permissions("live").trusts(Role(trust.account, trust.name, trust.origin, trust), who)


def _names(trust: Document, policy: Policy) -> tuple[Outsider, ...]:
    """Whom a trust policy names, be it to deny it."""
    allowing = replace(
        policy, statements=tuple(replace(each, effect=Effect.ALLOW) for each in policy.statements)
    )
    return trusted_names(replace(trust, compiled=CompiledPolicy(allowing)))


def _told(found: Comparison, said: Callable[[Row], str]) -> Difference:
    doubts = tuple(dict.fromkeys(f"{each.entry}: {each.why}" for each in found.cannot_tell))
    return Difference(tuple(map(said, found.gained)), tuple(map(said, found.lost)), doubts)


def _right(row: Row) -> str:
    actions, resources = (", ".join(map(str, each)) for each in (row.actions, row.resources))
    return f"`{actions}` on `{resources}`{_limits(row.limits)}"


def _limits(limits: Iterable[Limit]) -> str:
    """Conditions in words; the value of an external id is between the two companies and is not told."""
    said = [
        f"`sts:ExternalId` is {'any or missing' if each.missing else 'a certain one'}"
        if folded(each.key) == _EXTERNAL_ID
        else str(each)
        for each in limits
    ]
    return f", if {' and '.join(said)}" if said else ""


def _together(found: Iterable[Difference]) -> Difference:
    parts = list(found)
    return Difference(
        tuple(_each(one.more for one in parts)),
        tuple(_each(one.less for one in parts)),
        tuple(_each(one.doubts for one in parts)),
    )


def _each(found: Iterable[tuple[str, ...]]) -> Iterator[str]:
    return iter(dict.fromkeys(each for part in found for each in part))


def _some(said: tuple[str, ...]) -> str:
    more = len(said) - _MOST
    return "; ".join(said[:_MOST]) + (f"; and {more} more" if more > 0 else "")
