"""From a comparison of two sets to rows that name the path, the cause and the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from crossaccount.access import Outsider, Role
from crossaccount.access.paths import LONGEST
from crossaccount.access.ways import key_of
from crossaccount.policy.evaluation import Request
from crossaccount.policy.sets import PermissionSet, Witness
from crossaccount.review.causes import Hop, causes_of
from crossaccount.review.model import DiffRow, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crossaccount.access import Node
    from crossaccount.access.ways import Ways
    from crossaccount.policy.comparison import CannotTell, Comparison, Limit, Row
    from crossaccount.review.permissions import Permissions

DEFAULT_SESSION = 3600
"""The longest session of a role that does not say it, in seconds. Source: RAM, "CreateRole"."""


@dataclass(slots=True)
class Side:
    """One of the two graphs, with what is made of it.

    Attributes:
        ways: the ways through it.
        permissions: its permission sets.
    """

    ways: Ways
    permissions: Permissions
    _entries: set[tuple[str, str]] = field(default_factory=set)

    def union(self, principal: Node | None, ways: Sequence[tuple[Role, ...]]) -> PermissionSet:
        """What a principal may do over any of some ways."""
        found = None
        if principal is None:
            return PermissionSet.nothing()
        for way in ways:
            each = self.permissions.through(principal, way)
            found = each if found is None else found | each
        return PermissionSet.nothing() if found is None else found

    def principals(self) -> Iterator[str]:
        """The keys of all that are looked at as principals: users, groups, and who stands outside."""
        yield from (key for key, node in self.ways.nodes.items() if not isinstance(node, Role))
        yield from self.ways.outsiders

    def lets_in(self, account: str, owner: str) -> bool:
        """Whether somebody of an account may assume a role of another one, as far as names tell."""
        if not self._entries:
            self._entries.add(("", ""))
            for role in self.ways.graph.roles.values():
                self._entries.update((caller.account, role.account) for caller in self.ways.callers(role))
        return (account, owner) in self._entries


@dataclass(frozen=True, slots=True)
class Pair:
    """One principal and role on both sides.

    Attributes:
        principal: the principal, as it is afterwards if it is.
        before: the same before; None where it was not there.
        after: the same after; None where it is gone.
        role: the role's key; empty for what the principal may do as itself.
        cut_before: whether not all ways of before were followed.
        cut_after: whether not all ways of after were.
    """

    principal: Node
    before: Node | None
    after: Node | None
    role: str
    cut_before: bool = False
    cut_after: bool = False


def rows_of(
    comparison: Comparison,
    pair: Pair,
    before: Side,
    after: Side,
    was: list[tuple[Role, ...]],
    will: list[tuple[Role, ...]],
) -> Iterator[DiffRow]:
    """The rows of one comparison."""
    for rows, kind, side, other, ways in (
        (comparison.gained, Kind.GAINED, after, before, will),
        (comparison.lost, Kind.LOST, before, after, was),
    ):
        for row in rows:
            yield from _sure(row, kind, pair, side, other, ways)
    for doubt in comparison.cannot_tell:
        if doubt.may_gain:
            yield _doubtful(doubt, Kind.MAYBE_GAINED, pair, after, before, will or was)
        if doubt.may_lose:
            yield _doubtful(doubt, Kind.MAYBE_LOST, pair, before, after, was or will)


def _sure(
    row: Row, kind: Kind, pair: Pair, side: Side, other: Side, ways: list[tuple[Role, ...]]
) -> Iterator[DiffRow]:
    principal = pair.after if kind is Kind.GAINED else pair.before
    if principal is None:
        return
    resources = tuple(str(each) for each in row.resources)
    way = next((each for each in ways if side.permissions.through(principal, each).allows(row.witness)), ())
    resources = _without_doors(row, resources, principal, way, side)
    if not resources:
        return
    witness = _in_account(row, way, principal, side, other, pair)
    hops = Hop.along(principal, way)
    causes, first = causes_of(hops, witness, side, other)
    yield DiffRow(
        **_who(pair, principal, way),
        kind=kind,
        actions=tuple(str(each) for each in row.actions),
        resources=resources,
        conditions=tuple(str(each) for each in row.limits),
        classes=tuple(sorted(each.value for each in row.classes)),
        unknown_actions=row.unknown_actions,
        wildcard=row.wildcard,
        expires=any(each.before for each in row.limits),
        bounded=_bounded(principal, row.limits),
        new_account=kind.gains and _is_new(principal, way, other),
        causes=causes,
        ends_after=None if kind.gains else _ends_after(way, first),
        witness=witness,
        region=row.region,
    )


def _doubtful(
    doubt: CannotTell, kind: Kind, pair: Pair, side: Side, other: Side, ways: list[tuple[Role, ...]]
) -> DiffRow:
    principal = (pair.after if kind.gains else pair.before) or pair.principal
    way = ways[0] if ways else ()
    causes, first = causes_of(Hop.along(principal, way), None, side, other)
    return DiffRow(
        **_who(pair, principal, way),
        kind=kind,
        actions=tuple(str(each) for each in doubt.actions) or ("*",),
        resources=tuple(str(each) for each in doubt.resources) or ("*",),
        conditions=tuple(str(each) for each in doubt.limits),
        classes=("permission-management", "invoke", "read", "write"),
        unknown_actions=True,
        wildcard=True,
        expires=any(each.before for each in doubt.limits),
        bounded=_bounded(principal, doubt.limits),
        new_account=kind.gains and _is_new(principal, way, other),
        causes=causes,
        ends_after=None if kind.gains else _ends_after(way, first),
        why=f"{doubt.entry}: {doubt.why}",
        region=doubt.region,
    )


def _who(pair: Pair, principal: Node, way: tuple[Role, ...]) -> dict[str, Any]:
    return {
        "principal": principal.label,
        "principal_arn": principal.arn,
        "account": principal.account,
        "role": way[-1].arn if way else pair.role or principal.arn,
        "path": tuple(role.arn for role in way),
    }


def _bounded(principal: Node, limits: tuple[Limit, ...]) -> bool:
    """Whether something tells who it is; of a token's claims only the subject does."""
    if isinstance(principal, Outsider) and principal.name.startswith("oidc-provider/"):
        return any(each.step and each.binds and each.key == "oidc:sub" for each in limits)
    if not isinstance(principal, Outsider) or principal.kind not in ("account", "unknown"):
        return True
    return any(each.step and each.binds for each in limits)


def _is_new(principal: Node, way: tuple[Role, ...], other: Side) -> bool:
    owners = {role.account for role in way} - {principal.account}
    return any(not other.lets_in(principal.account, owner) for owner in owners)


def _ends_after(way: tuple[Role, ...], first: int) -> int:
    """Sessions opened before the change may open others after it: the hops from the first closed one on."""
    return sum(role.max_session or DEFAULT_SESSION for role in way[max(first, 0) :])


def _without_doors(
    row: Row, resources: tuple[str, ...], principal: Node, way: tuple[Role, ...], side: Side
) -> tuple[str, ...]:
    """Without the roles that the principal comes to: what it may do there is said in the role's own rows."""
    names = {action.name for action in row.known_actions}
    if row.unknown_actions or names != {"sts:AssumeRole"}:
        return resources
    reached = {key_of(role): role for role in side.ways.leading_on(way[-1] if way else principal)}
    kept = []
    for each in resources:
        role = side.ways.graph.role(each)
        opened = role is not None and key_of(role) in reached
        if role is None or not opened or _gives_nothing(principal, (*way, role), side):
            kept.append(each)
    return tuple(kept)


def _gives_nothing(principal: Node, way: tuple[Role, ...], side: Side) -> bool:
    return len(way) > LONGEST or side.permissions.through(principal, way).is_empty()


def _in_account(
    row: Row, way: tuple[Role, ...], principal: Node, side: Side, other: Side, pair: Pair
) -> Witness:
    """The witness on a resource of the role's own account, where it is still one."""
    account = way[-1].account if way else principal.account
    parts = row.witness.request.resource.split(":", 4)
    if len(parts) != 5 or not parts[3].isdigit() or parts[3] == account or not account:  # noqa: PLR2004  an ARN
        return row.witness
    parts[3] = account
    request = Request(row.witness.request.action, ":".join(parts), row.witness.request.context)
    moved = Witness(request, row.witness.steps)
    opposite = pair.before if principal is pair.after else pair.after
    refused = side.permissions.through(principal, way).allows(moved) is True and (
        _refuses(moved, opposite, pair, other)
    )
    return moved if refused and row.holds(moved) else row.witness


def _refuses(witness: Witness, principal: Node | None, pair: Pair, side: Side) -> bool:
    if principal is None:
        return True
    ways = side.ways.to_roles(principal)[0].get(pair.role, []) if pair.role else [()]
    return side.union(principal, ways).allows(witness) is False
