"""What holds today: live accounts as they are, each thing with the stack's resource that declares it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from crossaccount.access import Facts
from crossaccount.access.facts import AttachmentFact, MembershipFact, PrincipalFact, RoleFact

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from crossaccount.access import Document, Origin

Fact = TypeVar("Fact", RoleFact, PrincipalFact, AttachmentFact, MembershipFact)


def role_key(fact: RoleFact) -> Hashable:
    """What names a role; RAM does not tell letter cases apart."""
    return fact.account, fact.origin.urn if fact.name is None else fact.name.lower()


def principal_key(fact: PrincipalFact) -> Hashable:
    """What names a user or group."""
    return fact.account, fact.kind, fact.name


def attachment_key(fact: AttachmentFact) -> Hashable:
    """What names an attachment."""
    holder = fact.holder.lower() if fact.holder_kind == "role" else fact.holder
    return fact.account, fact.holder_kind, holder, fact.policy_kind, fact.policy


def membership_key(fact: MembershipFact) -> Hashable:
    """What names a user in a group."""
    return fact.account, fact.user, fact.group


def policy_key(document: Document) -> tuple[str, str]:
    """What names a policy."""
    return document.account, document.name


def seen_live(stacks: Facts, live: Facts) -> Facts:
    """The facts of today: of each account that was read live what it says, of the others what stacks say.

    What a refused call kept from being read counts as the stacks have it.

    Args:
        stacks: what all stacks say.
        live: what the live accounts say.
    """
    unread = {(each.account, each.part, each.name.lower()) for each in live.unread}

    def stands(account: str, *parts: tuple[str, str]) -> bool:
        """Whether the stacks' word counts for a part of an account."""
        return account not in live.accounts or any(
            (account, part, name.lower()) in unread for part, name in parts
        )

    return Facts(
        roles=_placed(stacks.roles, live.roles, role_key)
        + [each for each in stacks.roles if stands(each.account, ("roles", ""))],
        principals=_placed(stacks.principals, live.principals, principal_key)
        + [each for each in stacks.principals if stands(each.account, (f"{each.kind}s", ""))],
        policies=_documents(stacks.policies, live.policies)
        + [each for each in stacks.policies if stands(each.account, ("policies", ""))],
        attachments=_placed(stacks.attachments, live.attachments, attachment_key)
        + [
            each
            for each in stacks.attachments
            if stands(
                each.account,
                (f"{each.holder_kind}s", ""),
                (f"attachments of {each.holder_kind}", each.holder),
            )
        ],
        memberships=_placed(stacks.memberships, live.memberships, membership_key)
        + [
            each
            for each in stacks.memberships
            if stands(each.account, ("groups", ""), ("members", each.group))
        ],
        credentials=stacks.credentials,
        not_analysed=stacks.not_analysed,
        unread=live.unread,
        accounts={**stacks.accounts, **live.accounts},
        complete=live.complete,
        aliases={**live.aliases, **stacks.aliases},
    )


def _placed(declared: Iterable[Fact], live: Iterable[Fact], key_of: Callable[[Fact], Hashable]) -> list[Fact]:
    """Live facts, each at the stack's resource that declares it."""
    places = {key_of(each): each.origin for each in declared}
    return [replace(each, origin=_at(places.get(key_of(each)), each.origin)) for each in live]


def _documents(declared: Iterable[Document], live: Iterable[Document]) -> list[Document]:
    places = {policy_key(each): each.origin for each in declared if each.kind == "Custom"}
    return [
        each if each.origin is None else replace(each, origin=_at(places.get(policy_key(each)), each.origin))
        for each in live
    ]


def _at(place: Origin | None, seen: Origin) -> Origin:
    if place is None:
        return seen
    return replace(place, created=seen.created or place.created, modified=seen.modified or place.modified)
