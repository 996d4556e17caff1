"""What a live account has across accounts and no stack knows: `pulumi refresh` cannot see it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from crossaccount.access.trusted import trusted_names
from crossaccount.audit.doubts import assumes
from crossaccount.audit.model import Finding, Grade
from crossaccount.audit.seen_live import policy_key, principal_key, role_key
from crossaccount.policy import SYSTEM_POLICIES, PolicyKind, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crossaccount.access import Document, Facts, Origin
    from crossaccount.access.facts import AttachmentFact, PrincipalFact, RoleFact
    from crossaccount.policy import Policy

_MOST = 5
_ACCOUNT = 3
_UNSEEN = "no given stack declares it, so `pulumi refresh` does not see it"


def no_stack_knows(stacks: Facts, live: Facts) -> Iterator[Finding]:
    """Cross-account roles, users, groups and grants of live accounts that are in no given stack.

    Args:
        stacks: what all stacks say.
        live: what live accounts say.
    """
    seen = _Seen(stacks, live)
    yield from seen.roles()
    yield from seen.grants()
    yield from seen.principals()


class _Seen:
    """Live accounts, with what each holds at hand."""

    def __init__(self, stacks: Facts, live: Facts) -> None:
        self._stacks, self._live = stacks, live
        self._held: dict[tuple[str, str, str], list[AttachmentFact]] = defaultdict(list)
        self._attached: dict[tuple[str, str], list[AttachmentFact]] = defaultdict(list)
        self._groups: dict[tuple[str, str], list[str]] = defaultdict(list)
        for each in live.attachments:
            holder = each.holder.lower() if each.holder_kind == "role" else each.holder
            self._held[each.account, each.holder_kind, holder].append(each)
            self._attached[each.account, each.policy].append(each)
        for one in live.memberships:
            self._groups[one.account, one.user].append(one.group)
        self._grants = {policy_key(each): each for each in live.policies if _crosses(each)}

    def roles(self) -> Iterator[Finding]:
        known = {role_key(each) for each in self._stacks.roles}
        for each in self._live.roles:
            if role_key(each) not in known:
                yield from self._role(each)

    def _role(self, role: RoleFact) -> Iterator[Finding]:
        partners = sorted({each.account for each in trusted_names(role.trust)} - {role.account, ""})
        if role.trust.policy is not None and not partners:
            return
        name = role.name or "?"
        trusted = ", ".join(f"`{each}`" for each in partners) or "nobody can tell whom"
        held = self._held[role.account, "role", name.lower()]
        policies = _some([f"{each.policy_kind.lower()} policy `{each.policy}`" for each in held])
        detach = [
            f"aliyun ram DetachPolicyFromRole --RoleName {name} --PolicyType {each.policy_kind} "
            f"--PolicyName {each.policy}"
            for each in held
        ]
        mend = " && ".join([*detach, f"aliyun ram DeleteRole --RoleName {name}"])
        yield _finding(
            "unknown-role",
            "No stack knows a role that trusts another account",
            f"role `{name}` of `{role.account}` trusts {trusted} and has {policies or 'no policy'}",
            f"take it into a stack (`crossaccount adopt`), or delete it: `{mend}`",
            role.origin,
        )

    def grants(self) -> Iterator[Finding]:
        known = {policy_key(each) for each in self._stacks.policies}
        for key, document in self._grants.items():
            if document.kind == "System" or key in known:
                continue
            holders = [
                f"{each.holder_kind} `{each.holder}`"
                for each in self._attached[key]
                if each.policy_kind == "Custom"
            ]
            yield _finding(
                "unknown-grant",
                "No stack knows a policy that lets somebody assume roles of another account",
                f"custom policy `{document.name}` of `{document.account}` is attached to "
                f"{_some(holders) or 'nobody'}",
                "declare it in the stack and import it (`pulumi import`), or detach it and delete it: "
                f"`aliyun ram DeletePolicy --PolicyName {document.name}`",
                document.origin,
            )

    def principals(self) -> Iterator[Finding]:
        known = {principal_key(each) for each in self._stacks.principals}
        trusted = {
            (each.account, each.name)
            for facts in (self._stacks, self._live)
            for role in facts.roles
            for each in trusted_names(role.trust)
            if each.kind == "user" and each.account != role.account
        }
        for each in self._live.principals:
            if principal_key(each) in known:
                continue
            reasons = list(dict.fromkeys(self._granted(each)))
            if each.kind == "user" and (each.account, each.name) in trusted:
                reasons.append("a role of another account trusts it by name")
            if reasons:
                yield _finding(
                    f"unknown-{each.kind}",
                    f"No stack knows a {each.kind} that may reach another account",
                    f"{each.kind} `{each.name}` of `{each.account}`: {'; '.join(reasons)}",
                    "declare it in the stack and import it (`pulumi import`), or take what it has away",
                    each.origin,
                )

    def _granted(self, each: PrincipalFact) -> Iterator[str]:
        for one in self._held[each.account, each.kind, each.name]:
            if self._is_grant(one):
                yield f"{one.policy_kind.lower()} policy `{one.policy}` lets it assume roles"
        for group in self._groups[each.account, each.name] if each.kind == "user" else ():
            for one in self._held[each.account, "group", group]:
                if self._is_grant(one):
                    yield (
                        f"{one.policy_kind.lower()} policy `{one.policy}` through group `{group}` lets it "
                        "assume roles"
                    )

    def _is_grant(self, each: AttachmentFact) -> bool:
        if each.policy_kind == "Custom":
            return (each.account, each.policy) in self._grants
        known = SYSTEM_POLICIES.get(each.policy)
        if known is None:
            return ("system", each.policy) in self._grants
        return _reaches_out(parse(known.document, PolicyKind.IDENTITY), each.account)


def _crosses(document: Document) -> bool:
    """Whether a policy lets its holder assume a role of another account; one that is not known does not."""
    return document.policy is not None and _reaches_out(document.policy, document.account)


def _reaches_out(policy: Policy, account: str) -> bool:
    return any(
        assumes(statement) and any(_is_foreign(each, account) for each in statement.resources)
        for statement in policy.statements
    )


def _is_foreign(resource: str, account: str) -> bool:
    parts = resource.split(":")
    return len(parts) <= _ACCOUNT or parts[_ACCOUNT] != account


def _finding(code: str, title: str, what: str, mend: str, origin: Origin | None) -> Finding:
    origins = () if origin is None else (origin,)
    return Finding(code, Grade.MEDIUM, title, f"{what}; {_UNSEEN}", mend, origins)


def _some(said: list[str]) -> str:
    more = len(said) - _MOST
    return ", ".join(said[:_MOST]) + (f" and {more} more" if more > 0 else "")
