"""What a trust policy says of the other accounts it names: under which conditions, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crossaccount.access.trusted import NOBODY_CAN_TELL, trusted_names
from crossaccount.audit.words import limit_words
from crossaccount.policy import Arn, Effect
from crossaccount.policy.values import read_date

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from crossaccount.access import Role
    from crossaccount.policy import Condition, Statement

_TIME, _EXTERNAL_ID = "acs:CurrentTime", "sts:ExternalId"
_BEFORE = frozenset({"DateLessThan", "DateLessThanEquals"})
_ASKING = frozenset({"StringEquals", "StringEqualsIgnoreCase", "StringLike"})


@dataclass(frozen=True, slots=True)
class Trust:
    """A role's trust in other accounts.

    Attributes:
        partners: the other accounts, sorted.
        whole_accounts: those trusted as a whole.
        conditions: in words; of several statements each with its number.
        expires: when the last of it ends by itself; empty if never, or if that cannot be told.
        expired: whether it has ended.
        external_id: `asked`, `not asked` or `cannot tell`.
        known: whether the policy is known.
        suspended: whether it only denies: the role is kept and lets nobody in.
    """

    partners: tuple[str, ...]
    whole_accounts: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    expires: str = ""
    expired: bool = False
    external_id: str = "not asked"
    known: bool = True
    suspended: bool = False


def trust_of(role: Role, now: datetime) -> Trust | None:
    """A role's trust in other accounts; None where it names no other account, not even to deny it.

    Args:
        role: the role.
        now: the moment the audit answers for.
    """
    named = [each for each in trusted_names(role.trust) if each.kind in ("account", "user", "role")]
    partners = tuple(sorted({each.account for each in named} - {role.account}))
    if role.trust.policy is None:
        unknown = NOBODY_CAN_TELL in trusted_names(role.trust)
        if not partners and not unknown:
            return None
        words = (f"cannot tell: {role.trust.doubt}",)
        whole = tuple(each.account for each in named if each.kind == "account" and each.account in partners)
        return Trust(partners, whole, words, external_id="cannot tell", known=False)
    if not partners:
        return _suspended(role)
    statements = []
    whole_accounts: set[str] = set()
    for number, each in enumerate(role.trust.policy.statements, 1):
        foreign = _foreign(each, role.account) if each.effect is Effect.ALLOW else ()
        if foreign:
            statements.append((number, each))
            whole_accounts.update(arn.account for arn in foreign if arn.relative == "root")
    ends = [_end(each) for _, each in statements]
    last = None if None in ends else max(filter(None, ends), key=read_date, default=None)
    return Trust(
        partners,
        tuple(sorted(whole_accounts)),
        tuple(_conditions(statements)),
        last or "",
        last is not None and read_date(last) <= now,
        "asked" if all(_asks(each) for _, each in statements) else "not asked",
    )


def _suspended(role: Role) -> Trust | None:
    policy = role.trust.policy
    statements = () if policy is None else policy.statements
    partners = tuple(sorted({arn.account for each in statements for arn in _foreign(each, role.account)}))
    return Trust(partners, external_id="cannot tell", suspended=True) if partners else None


def _foreign(statement: Statement, owner: str) -> list[Arn]:
    """The principals of other accounts that a statement names."""
    named = () if statement.principals is None else statement.principals.ram
    return [arn for arn in map(Arn.parse, named) if arn.account != owner]


def _end(statement: Statement) -> str | None:
    """When a statement ends to allow; None if never."""
    ends = [
        max(each.values, key=read_date)
        for each in statement.conditions
        if each.key == _TIME and each.operator in _BEFORE
    ]
    return min(ends, key=read_date, default=None)


def _asks(statement: Statement) -> bool:
    return any(each.key == _EXTERNAL_ID and _names_one(each) for each in statement.conditions)


def _names_one(condition: Condition) -> bool:
    if condition.operator not in _ASKING:
        return False
    return condition.operator != "StringLike" or all(each.strip("*?") for each in condition.values)


def _conditions(statements: list[tuple[int, Statement]]) -> Iterator[str]:
    if len(statements) == 1:
        yield from map(limit_words, statements[0][1].conditions)
        return
    said = [(number, " and ".join(map(limit_words, each.conditions))) for number, each in statements]
    if len({words for _, words in said}) == 1:
        yield from map(limit_words, statements[0][1].conditions)
        return
    for number, words in said:
        yield f"by statement {number}: {words or 'always'}"
