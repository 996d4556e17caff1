"""The access graph: who may assume which role, and what each may do, with the evidence for every edge."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crossaccount.access.build import build, merge
from crossaccount.access.errors import ConflictError, ForeignStackError
from crossaccount.access.nodes import Group, Outsider, Role, Root, User
from crossaccount.access.stack_facts import facts_of
from crossaccount.access.trusted import trusted_names
from crossaccount.policy.arn import folded_global

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from crossaccount.access.facts import Facts, NotAnalysed
    from crossaccount.access.nodes import Node
    from crossaccount.access.records import StackRecords


@dataclass(frozen=True, slots=True)
class AccessGraph:
    """Who may do what, in all given stacks and accounts together.

    Attributes:
        accounts: the accounts that were read, each with the stacks or places it was read from.
        aliases: the aliases of accounts, by account.
        complete: the accounts of which everything was read, so that nobody else is in them.
        users: by ARN.
        groups: by ARN.
        roles: by ARN, those whose name is not known yet by URN.
        not_analysed: what may give access and could not be read; every output shows it.
        conflicts: rival claims, in words; a graph made strictly has none.
    """

    accounts: Mapping[str, Sequence[str]]
    aliases: Mapping[str, str]
    complete: frozenset[str]
    users: Mapping[str, User]
    groups: Mapping[str, Group]
    roles: Mapping[str, Role]
    not_analysed: tuple[NotAnalysed, ...] = ()
    conflicts: tuple[str, ...] = ()
    _trusting: Mapping[str, tuple[Role, ...]] = field(default_factory=dict, repr=False)
    _members: Mapping[str, tuple[User | Role | Group, ...]] = field(default_factory=dict, repr=False)

    def of_account(self, account: str) -> tuple[User | Role | Group, ...]:
        """The users and roles of an account, and the groups of which no member is known."""
        return self._members.get(account, ())

    def role(self, arn: str) -> Role | None:
        """The role of an ARN in any spelling: any letter case, with `*` for the region; None for no role."""
        spelled = folded_global(arn)
        return None if spelled is None else self.roles.get(spelled.replace("acs:ram:*:", "acs:ram::", 1))

    def trusting(self, node: Node) -> tuple[Role, ...]:
        """The roles whose trust policy names a principal, by itself or with its whole account."""
        if isinstance(node, Root):
            return ()
        named = [node.arn] if isinstance(node, (Outsider, User, Role)) else []
        if not isinstance(node, Outsider) or node.account:
            named.append(f"acs:ram::{node.account}:root")
        found: dict[int, Role] = {}
        for name in (*named, "?"):
            for role in self._trusting.get(name, ()):
                found[id(role)] = role
        return tuple(found.values())

    def trusted(self, role: Role) -> Iterator[User | Role | Group | Outsider]:
        """Whom a role's trust policy names: users and roles that are known, and whoever stands outside.

        An account that was not read whole also stands for itself: it may let users and roles assume the role
        that no given stack declares.
        """
        seen: set[str] = set()
        for name in trusted_names(role.trust):
            for node in self._named(name):
                key = f"{type(node).__name__} {node.arn}"
                if key not in seen and node is not role:
                    seen.add(key)
                    yield node

    def _named(self, name: Outsider) -> Iterator[User | Role | Group | Outsider]:
        if name.kind == "account":
            yield from self.of_account(name.account)
            if name.account not in self.complete:
                yield name
        elif name.kind in ("user", "role"):
            yield self.users.get(name.arn) or self.roles.get(name.arn) or name
        else:
            yield name


def graph_of(
    stacks: Iterable[StackRecords] = (),
    *,
    live: Iterable[Facts] = (),
    accounts: Mapping[str, str] | None = None,
    strict: bool = True,
) -> AccessGraph:
    """The access graph of stacks and live accounts together.

    Args:
        stacks: the resources of each stack, from `read_state` or `read_preview`.
        live: what `read_account` read.
        accounts: the accounts of stacks that do not say it, by the stack's name or `<project>/<stack>`.
        strict: whether rival claims end it; else they are in `conflicts` and the first counts.

    Raises:
        ForeignStackError: a stack is given twice.
        UnknownAccountError: a stack's account cannot be told.
        PolicyTextError: a policy does not parse.
        ConflictError: two stacks claim the same thing, or an account is given live as well, and `strict`.
    """
    given = accounts or {}
    seen: dict[str, StackRecords] = {}
    parts: list[Facts] = []
    for stack in stacks:
        if stack.stack and stack.name in seen:
            raise ForeignStackError(
                f"stack `{stack.name}` is given twice, by `{seen[stack.name].where}` and `{stack.where}`"
            )
        seen[stack.name] = stack
        parts.append(facts_of(stack, given.get(stack.name) or given.get(stack.stack)))
    read = list(live)
    twice = {account for part in read for account in part.accounts} & {
        account for part in parts for account in part.accounts
    }
    if twice and strict:
        raise ConflictError(
            f"account `{min(twice)}` is given by its stacks and live: ask about one of the two, "
            "for each tells what the other may not know"
        )
    return graph_of_facts(merge([*parts, *read]), strict=strict)


def graph_of_facts(facts: Facts, *, strict: bool = True) -> AccessGraph:
    """The access graph of facts that were read already.

    Raises:
        ConflictError: two resources claim the same thing, and `strict`.
    """
    nodes = build(facts, strict=strict)
    roles = {role.arn if role.name else role.origin.urn if role.origin else "": role for role in nodes.roles}
    trusting: dict[str, list[Role]] = {}
    for role in nodes.roles:
        for name in trusted_names(role.trust):
            trusting.setdefault(name.arn, []).append(role)
    members: dict[str, list[User | Role | Group]] = {}
    memberless = [group for group in nodes.groups.values() if not group.members]
    everybody: list[User | Role | Group] = [*nodes.users.values(), *memberless, *nodes.roles]
    for each in everybody:
        members.setdefault(each.account, []).append(each)
    return AccessGraph(
        accounts=facts.accounts,
        aliases=facts.aliases,
        complete=frozenset(facts.complete),
        users={user.arn: user for user in nodes.users.values()},
        groups={group.arn: group for group in nodes.groups.values()},
        roles=roles,
        not_analysed=tuple(facts.not_analysed),
        conflicts=nodes.conflicts,
        _trusting={name: tuple(found) for name, found in trusting.items()},
        _members={account: tuple(found) for account, found in members.items()},
    )
