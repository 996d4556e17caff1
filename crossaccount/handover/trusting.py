"""Whom of a partner a role trusts, and under which conditions, from its trust policy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crossaccount.access.words import condition_words
from crossaccount.handover.errors import refused
from crossaccount.policy import Arn, Effect
from crossaccount.session.handover_file import is_moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crossaccount.access import Role
    from crossaccount.policy import Condition, Statement

NEVER = "never"
_EXTERNAL_ID, _TIME = "sts:ExternalId", "acs:CurrentTime"
_HIDDEN = "cannot be told: the trust policy is a secret in the owner's state"


@dataclass(frozen=True, slots=True)
class Trusting:
    """What a trust policy says for one partner.

    Attributes:
        partner: the account.
        whole_account: whether everybody of it is trusted whom its own policies let.
        users: else these users.
        roles: and these roles.
        conditions: in words, without external ids and the expiry.
        expires: until when, in UTC; None for no end.
    """

    partner: str
    whole_account: bool
    users: tuple[str, ...]
    roles: tuple[str, ...]
    conditions: tuple[str, ...]
    expires: str | None


def partners_of(role: Role) -> list[str]:
    """The other accounts whose users or roles the trust policy names, as far as it is known."""
    accounts = {account for account, _ in _named(role)}
    return sorted(accounts - {role.account})


def trusting(role: Role, name: str, partner: str, expires: str | None) -> Trusting:
    """What a role's trust policy says for a partner.

    Args:
        role: the role.
        name: its delegation, for messages.
        partner: the partner's account.
        expires: what the owner says where the policy is a secret: a moment, or `never`; else None.

    Raises:
        SessionError: of kind USAGE: the policy says what a hand-over cannot say, or is a secret and the
            owner does not say until when it holds.
    """
    names = [relative for account, relative in _named(role) if account == partner]
    if not names:
        raise refused(f"role `{name}` trusts nobody of account `{partner}`", "it may be suspended")
    whole = "root" in names
    users = () if whole else _of_kind(names, "user/")
    roles = () if whole else _of_kind(names, "role/")
    if role.trust.policy is None:
        if expires is None:
            raise refused(
                f"when role `{name}` ends cannot be told: its trust policy is a secret in the state",
                "say it: `--expires 2027-03-31T23:59:59Z`, or `--expires never`",
            )
        return Trusting(partner, whole, users, roles, (_HIDDEN,), None if expires == NEVER else expires)
    statement = _only_statement(role.trust.policy.statements, name, partner)
    found = _Conditions(statement.conditions, name)
    if expires is not None and (None if expires == NEVER else expires) != found.expires:
        told = f"expires {found.expires}" if found.expires else "never expires"
        raise refused(f"role `{name}` {told} by its trust policy, not `{expires}`", "leave `--expires` out")
    return Trusting(partner, whole, users, roles, tuple(found.words), found.expires)


class _Conditions:
    """The conditions of a trust statement, told apart."""

    def __init__(self, conditions: Iterable[Condition], name: str) -> None:
        self.words: list[str] = []
        self.expires: str | None = None
        for each in conditions:
            if each.key.lower() == _EXTERNAL_ID.lower():
                if each.operator != "StringEquals":
                    raise refused(
                        f"role `{name}` compares external ids by `{each.operator}`: that cannot be told"
                    )
            elif (each.key, each.operator) == (_TIME, "DateLessThan") and all(map(is_moment, each.values)):
                self.expires = max(each.values)  # one of the values is enough
            else:
                self.words.append(condition_words(each))


def _named(role: Role) -> list[tuple[str, str]]:
    """Account and name of every user, role or root that the policy allows."""
    policy = role.trust.policy
    if policy is None:
        values = [each for each in role.trust.at_most or () if each.startswith("acs:")]
    else:
        allowing = [each for each in policy.statements if each.effect is Effect.ALLOW and each.principals]
        values = [value for each in allowing if each.principals for value in each.principals.ram]
    return [(arn.account, arn.relative) for arn in map(Arn.parse, values)]


def _of_kind(names: Iterable[str], prefix: str) -> tuple[str, ...]:
    return tuple(sorted({each.removeprefix(prefix) for each in names if each.startswith(prefix)}))


def _only_statement(statements: Sequence[Statement], name: str, partner: str) -> Statement:
    naming = [
        each
        for each in statements
        if each.principals and any(Arn.parse(value).account == partner for value in each.principals.ram)
    ]
    if len(naming) != 1 or naming[0].effect is not Effect.ALLOW:
        raise refused(
            f"the trust policy of role `{name}` has {len(naming)} statements about account `{partner}`: a "
            "hand-over can say one that allows",
            "is the role of this project's stack?",
        )
    return naming[0]
