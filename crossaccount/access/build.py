"""From facts to nodes: policies to their holders, users to their groups, rival claims named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from crossaccount.access.documents import Document, system_document, undeclared_document
from crossaccount.access.errors import ConflictError
from crossaccount.access.facts import CredentialFact, Facts, MembershipFact, PrincipalFact, RoleFact
from crossaccount.access.nodes import Grant, Group, Role, User

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from crossaccount.access.facts import AttachmentFact, HolderKind

Key = tuple[str, str]
Claim = TypeVar("Claim", RoleFact, PrincipalFact, Document)
Fact = TypeVar("Fact", CredentialFact, MembershipFact)


@dataclass(frozen=True, slots=True)
class Nodes:
    """The nodes of a graph.

    Attributes:
        users: by account and name.
        groups: by account and name.
        roles: declared ones first, then those that are only mentioned.
        conflicts: rival claims, in words.
    """

    users: Mapping[Key, User]
    groups: Mapping[Key, Group]
    roles: tuple[Role, ...]
    conflicts: tuple[str, ...]


def merge(parts: Iterable[Facts]) -> Facts:
    """All facts together."""
    merged = Facts()
    for part in parts:
        merged.roles += part.roles
        merged.principals += part.principals
        merged.policies += part.policies
        merged.attachments += part.attachments
        merged.memberships += part.memberships
        merged.credentials += part.credentials
        merged.not_analysed += part.not_analysed
        merged.unread += part.unread
        merged.complete |= part.complete
        merged.aliases |= part.aliases
        for account, places in part.accounts.items():
            for place in places:
                merged.add_account(account, place)
    return merged


def build(facts: Facts, *, strict: bool) -> Nodes:
    """The nodes that facts describe.

    Args:
        facts: of all stacks and accounts together.
        strict: whether rival claims end it; else the first claim counts and the rest are told.

    Raises:
        ConflictError: two resources claim the same role, user, group or policy, and `strict`.
    """
    conflicts: list[str] = []
    policies = _claims("policy", facts.policies, _by_name, conflicts)
    users = [each for each in facts.principals if each.kind == "user"]
    groups = [each for each in facts.principals if each.kind == "group"]
    declared_users = _claims("user", users, _by_name, conflicts)
    declared_groups = _claims("group", groups, _by_name, conflicts)
    roles = _claims("role", facts.roles, _by_role, conflicts)
    if conflicts and strict:
        raise ConflictError("; ".join(conflicts))
    grants = _grants(facts.attachments, policies)
    made_groups = _groups(facts, declared_groups, grants)
    return Nodes(
        _users(facts, declared_users, made_groups, grants),
        made_groups,
        _roles(roles, grants),
        tuple(conflicts),
    )


def _by_name(claim: PrincipalFact | Document) -> Key:
    return claim.account, claim.name


def _by_role(claim: RoleFact) -> Key:
    return claim.account, claim.origin.urn if claim.name is None else claim.name.lower()


def _claims(
    kind: str, claims: Iterable[Claim], key_of: Callable[[Claim], Key], conflicts: list[str]
) -> dict[Key, Claim]:
    found: dict[Key, Claim] = {}
    for claim in claims:
        key = key_of(claim)
        first = found.setdefault(key, claim)
        if first is claim:
            continue
        if first.retired or claim.retired:
            found[key] = claim if first.retired else first
            continue
        one, other = (
            f"`{each.origin.urn or each.origin.where}` (`{each.origin.where}`)"
            for each in (first, claim)
            if each.origin is not None
        )
        conflicts.append(
            f"{kind} `{claim.name}` of account `{claim.account}` is claimed twice, by {one} and by {other}: "
            "let one stack manage it"
        )
    return found


def _grants(
    attachments: Iterable[AttachmentFact], policies: Mapping[Key, Document]
) -> dict[tuple[HolderKind, str, str], list[Grant]]:
    system = {name: document for (account, name), document in policies.items() if account == "system"}
    grants: dict[tuple[HolderKind, str, str], list[Grant]] = {}
    for each in attachments:
        if each.policy_kind == "System":
            document = system.get(each.policy)
            if document is None:
                document = system[each.policy] = system_document(each.policy)
        else:
            known = policies.get((each.account, each.policy))
            document = undeclared_document(each.policy, each.account) if known is None else known
        is_name = each.holder_kind == "role" and not each.holder.startswith("urn:")
        holder = each.holder.lower() if is_name else each.holder
        grant = Grant(document, each.origin, certain=each.certain)
        grants.setdefault((each.holder_kind, each.account, holder), []).append(grant)
    return grants


def _groups(
    facts: Facts,
    declared: Mapping[Key, PrincipalFact],
    grants: Mapping[tuple[HolderKind, str, str], list[Grant]],
) -> dict[Key, Group]:
    members: dict[Key, list[str]] = {}
    for each in facts.memberships:
        members.setdefault((each.account, each.group), []).append(each.user)
    mentioned = {(account, name): None for kind, account, name in grants if kind == "group"}
    groups: dict[Key, Group] = {}
    for key in {**dict.fromkeys(declared), **mentioned, **dict.fromkeys(members)}:
        fact = declared.get(key)
        held = tuple(grants.get(("group", *key), ()))
        inside = tuple(dict.fromkeys(members.get(key, ())))
        groups[key] = Group(
            *key, None if fact is None else fact.origin, held, inside, fact is None or fact.certain
        )
    return groups


def _users(
    facts: Facts,
    declared: Mapping[Key, PrincipalFact],
    groups: Mapping[Key, Group],
    grants: Mapping[tuple[HolderKind, str, str], list[Grant]],
) -> dict[Key, User]:
    joined = _by_user(facts.memberships)
    credentials = _by_user(facts.credentials)
    mentioned = {(account, name): None for kind, account, name in grants if kind == "user"}
    users: dict[Key, User] = {}
    for key in {
        **dict.fromkeys(declared),
        **mentioned,
        **dict.fromkeys(joined),
        **dict.fromkeys(credentials),
    }:
        fact = declared.get(key)
        memberships = joined.get(key, ())
        held = [*grants.get(("user", *key), ())]
        for each in memberships:
            held += _through(groups[key[0], each.group], each)
        users[key] = User(
            *key,
            None if fact is None else fact.origin,
            tuple(held),
            tuple(dict.fromkeys(each.group for each in memberships)),
            tuple(credentials.get(key, ())),
            fact is None or fact.certain,
        )
    return users


def _by_user(facts: Iterable[Fact]) -> dict[Key, list[Fact]]:
    found: dict[Key, list[Fact]] = {}
    for each in facts:
        found.setdefault((each.account, each.user), []).append(each)
    return found


def _through(group: Group, membership: MembershipFact) -> list[Grant]:
    return [
        Grant(each.document, each.origin, group.name, membership.origin, each.certain and membership.certain)
        for each in group.grants
    ]


def _roles(
    declared: Mapping[Key, RoleFact], grants: Mapping[tuple[HolderKind, str, str], list[Grant]]
) -> tuple[Role, ...]:
    roles = [
        Role(
            fact.account,
            fact.name,
            fact.origin,
            fact.trust,
            tuple(grants.get(("role", *key), ())),
            fact.max_session,
            fact.inferred,
            fact.certain,
            fact.retired,
        )
        for key, fact in declared.items()
    ]
    for kind, account, name in grants:
        if kind == "role" and (account, name) not in declared:
            roles.append(undeclared_role(account, name, tuple(grants[kind, account, name])))
    return tuple(roles)


def undeclared_role(account: str, name: str, grants: tuple[Grant, ...] = ()) -> Role:
    """A role that is only mentioned: whom it trusts cannot be told."""
    trust = Document("Trust", name, account, None, "no given stack declares the role")
    return Role(account, name, None, trust, grants)
