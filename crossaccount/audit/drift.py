"""Drift: what stacks and their live accounts disagree on, by what it means.

Pure: facts in, findings out. A policy that is attached by hand to something of a stack is found on the graph
(`crossaccount.audit.by_hand`); what belongs to no stack at all, in `crossaccount.audit.no_stack`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crossaccount.audit.drift_policies import difference
from crossaccount.audit.model import Finding, Grade
from crossaccount.audit.no_stack import no_stack_knows
from crossaccount.audit.seen_live import (
    attachment_key,
    membership_key,
    policy_key,
    principal_key,
    role_key,
)
from crossaccount.audit.telling import session_words
from crossaccount.policy import Effect
from crossaccount.review.rows import DEFAULT_SESSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crossaccount.access import Document, Facts, Origin
    from crossaccount.access.facts import AttachmentFact, PrincipalFact, RoleFact

_DENIED_TOO = "it denies something, which nothing takes back now"


def drift_of(stacks: Facts, live: Facts) -> Iterator[Finding]:
    """What stacks and live accounts disagree on, and what no stack knows.

    Of what a refused call kept from being read nothing is said here: it is in `live.unread`.

    Args:
        stacks: what all stacks say.
        live: what live accounts say.
    """
    drift = _Drift(stacks, live)
    yield from drift.not_compared()
    yield from drift.roles()
    yield from drift.principals()
    yield from drift.policies()
    yield from drift.attachments()
    yield from drift.memberships()
    yield from no_stack_knows(stacks, live)


class _Drift:
    def __init__(self, stacks: Facts, live: Facts) -> None:
        self._stacks, self._live = stacks, live
        self._unread = {(each.account, each.part, each.name.lower()) for each in live.unread}
        self._denying = {policy_key(each) for each in stacks.policies if _denies(each)}

    def _was_read(self, account: str, part: str, name: str = "") -> bool:
        return account in self._live.accounts and (account, part, name.lower()) not in self._unread

    def not_compared(self) -> Iterator[Finding]:
        for account, places in self._stacks.accounts.items():
            if account not in self._live.accounts:
                yield Finding(
                    "not-read-live",
                    Grade.NOTE,
                    "An account was not read live",
                    f"account `{account}` of {', '.join(f'`{each}`' for each in places)} was not read: "
                    "whether it still is as its state says cannot be told",
                    "give its credentials as well: `--credentials PREFIX_` once for each account",
                )

    def roles(self) -> Iterator[Finding]:
        found = {role_key(each): each for each in self._live.roles}
        for each in self._stacks.roles:
            if each.name is None or each.retired or not self._was_read(each.account, "roles"):
                continue
            live = found.get(role_key(each))
            if live is not None:
                yield from self._role(each, live)
            elif each.certain:
                yield _gone(f"role `{each.name}`", each.account, each.origin)

    def _role(self, declared: RoleFact, live: RoleFact) -> Iterator[Finding]:
        who = f"role `{declared.name}` of `{declared.account}`"
        if self._was_read(declared.account, "trust", live.name or ""):
            found = difference(declared.trust, live.trust)
            if found:
                yield _differs(
                    "drift-trust",
                    "A trust policy is not what the stack says",
                    found.more or found.doubts,
                    f"{who}: {found}",
                    declared.origin,
                )
            yield from _sessions(who, declared, live)

    def principals(self) -> Iterator[Finding]:
        found = {principal_key(each) for each in self._live.principals}
        for each in self._stacks.principals:
            there = principal_key(each) in found or each.retired or not each.certain
            if not there and self._was_read(each.account, f"{each.kind}s"):
                yield _gone(f"{each.kind} `{each.name}`", each.account, each.origin)

    def policies(self) -> Iterator[Finding]:
        found = {policy_key(each): each for each in self._live.policies}
        for each in self._stacks.policies:
            if each.retired or each.origin is None or not self._was_read(each.account, "policies"):
                continue
            live = found.get(policy_key(each))
            if live is None:
                yield _gone(f"custom policy `{each.name}`", each.account, each.origin)
            elif self._was_read(each.account, "policy", each.name):
                differs = difference(each, live)
                if differs:
                    words = f"custom policy `{each.name}` of `{each.account}`: {differs}"
                    title = "A policy is not what the stack says"
                    yield _differs("drift-policy", title, differs.more or differs.doubts, words, each.origin)

    def attachments(self) -> Iterator[Finding]:
        found = {attachment_key(each) for each in self._live.attachments}
        for each in self._stacks.attachments:
            kind, name = each.holder_kind, each.holder
            read = self._was_read(each.account, f"{kind}s") and self._was_read(
                each.account, f"attachments of {kind}", name
            )
            if read and each.certain and attachment_key(each) not in found:
                yield self._detached(each)

    def _detached(self, each: AttachmentFact) -> Finding:
        denies = each.policy_kind == "Custom" and (each.account, each.policy) in self._denying
        words = (
            f"{each.policy_kind.lower()} policy `{each.policy}` is not attached to {each.holder_kind} "
            f"`{each.holder}` of `{each.account}`, and the stack says that it is"
        )
        return Finding(
            "drift-detached",
            Grade.HIGH if denies else Grade.LOW,
            "A policy is not attached any more",
            f"{words}; {_DENIED_TOO}" if denies else words,
            _again(each.origin),
            (each.origin,),
        )

    def memberships(self) -> Iterator[Finding]:
        found = {membership_key(each) for each in self._live.memberships}
        for each in self._stacks.memberships:
            read = self._was_read(each.account, "groups") and self._was_read(
                each.account, "members", each.group
            )
            if read and each.certain and membership_key(each) not in found:
                yield Finding(
                    "drift-membership",
                    Grade.LOW,
                    "A user is not in a group any more",
                    f"user `{each.user}` is not in group `{each.group}` of `{each.account}`, and the stack "
                    "says that it is",
                    _again(each.origin),
                    (each.origin,),
                )
        yield from self._joined_by_hand()

    def _joined_by_hand(self) -> Iterator[Finding]:
        declared = {membership_key(each) for each in self._stacks.memberships}
        known: dict[tuple[str, str, str], PrincipalFact] = {
            (each.account, each.kind, each.name): each for each in self._stacks.principals
        }
        for each in self._live.memberships:
            user = known.get((each.account, "user", each.user))
            place = user or known.get((each.account, "group", each.group))
            if place is not None and membership_key(each) not in declared:
                yield Finding(
                    "joined-by-hand",
                    Grade.MEDIUM,
                    "A user was put into a group by hand",
                    f"user `{each.user}` is in group `{each.group}` of `{each.account}`, and no given stack "
                    "says so",
                    f"`aliyun ram RemoveUserFromGroup --UserName {each.user} --GroupName {each.group}`, or "
                    "declare it in the stack and import it (`pulumi import`)",
                    (place.origin, each.origin),
                )


def _denies(document: Document) -> bool:
    statements = () if document.policy is None else document.policy.statements
    return any(each.effect is Effect.DENY for each in statements)


def _sessions(who: str, declared: RoleFact, live: RoleFact) -> Iterator[Finding]:
    said, is_ = (each.max_session or DEFAULT_SESSION for each in (declared, live))
    if said != is_:
        yield Finding(
            "drift-session",
            Grade.MEDIUM if is_ > said else Grade.NOTE,
            "The longest session is not what the stack says",
            f"{who}: the account gives {session_words(is_)}, the stack says {session_words(said)}",
            _again(declared.origin),
            (declared.origin,),
        )


def _differs(code: str, title: str, graver: tuple[str, ...], words: str, origin: Origin) -> Finding:
    return Finding(code, Grade.HIGH if graver else Grade.LOW, title, words, _again(origin), (origin,))


def _gone(what: str, account: str, origin: Origin) -> Finding:
    return Finding(
        "drift-gone",
        Grade.MEDIUM,
        "Something of a stack is not in its account any more",
        f"{what} of `{account}` is declared by stack `{origin.stack}`, and the account does not have it",
        f"{_refresh(origin)} takes it out of the state; {_again(origin)}",
        (origin,),
    )


def _again(origin: Origin) -> str:
    return (
        f"`pulumi up --refresh{_stack(origin)}` makes the account say again what the stack says; or put the "
        "change into the program"
    )


def _refresh(origin: Origin) -> str:
    return f"`pulumi refresh{_stack(origin)}`"


def _stack(origin: Origin) -> str:
    stack = origin.stack.rpartition("/")[2]
    return f" --stack {stack}" if stack else ""
