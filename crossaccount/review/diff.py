"""Two access graphs in, what changes for whom out."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from crossaccount.access import Outsider, Role
from crossaccount.access.followed import MOST_WAYS
from crossaccount.access.ways import Ways, key_of
from crossaccount.policy.comparison import CannotTell, Change, Comparison, compare
from crossaccount.review.changes import fingerprint
from crossaccount.review.model import (
    Compared,
    NotRead,
    PermissionDiff,
    PrincipalVerdict,
    together,
)
from crossaccount.review.permissions import Permissions
from crossaccount.review.risk import widest_first
from crossaccount.review.rows import Pair, Side, rows_of

_PATHS = "the paths to the role"

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from crossaccount.access import AccessGraph, Node, Origin
    from crossaccount.review.model import DiffRow


def permission_diff(
    before: AccessGraph, after: AccessGraph, *, changed: Collection[str] = ()
) -> PermissionDiff:
    """What changes for whom between two access graphs.

    Compared is, for each principal and role, all that the principal may do as that role over whatever
    path, under the conditions of every gate on it; and what it may do as itself. Principals are users, groups
    without known members, whoever trust policies name outside the given stacks, and roles nobody is known
    to reach. A path leads over at most five roles.

    Args:
        before: the graph before.
        after: the graph after.
        changed: the URNs of resources that changed (`changed_inputs`): of what is not analysed nothing else
            tells.
    """
    return _Diff(before, after, frozenset(changed)).result()


class _Diff:
    """One run: both sides, and which nodes differ."""

    def __init__(self, before: AccessGraph, after: AccessGraph, changed: frozenset[str]) -> None:
        self._changed_urns = changed
        self._before = Side(Ways(before), Permissions("before"))
        self._after = Side(Ways(after), Permissions("after"))
        old, new = self._before.ways.nodes, self._after.ways.nodes
        self._changed = {
            key
            for key in {**old, **new}
            if key not in old or key not in new or fingerprint(old[key]) != fingerprint(new[key])
        }
        self._before.permissions.declared_elsewhere |= self._before.ways.outsiders.keys() & new.keys()
        self._after.permissions.declared_elsewhere |= self._after.ways.outsiders.keys() & old.keys()
        self._compared: list[Compared] = []
        self._verdicts: dict[str, list[Change]] = defaultdict(list)

    def result(self) -> PermissionDiff:
        affected = self._affected()
        rows: list[DiffRow] = []
        for key in sorted(affected):
            rows += self._of_principal(key, affected[key])
        principals = tuple(
            PrincipalVerdict(affected[key].label, affected[key].arn, together(verdicts))
            for key, verdicts in sorted(self._verdicts.items())
            if together(verdicts) is not Change.SAME
        )
        everybody = {key for side in (self._before, self._after) for key in side.principals()}
        changed = {each.principal_arn for each in principals}
        return PermissionDiff(
            tuple(sorted(rows, key=widest_first)),
            principals,
            len(everybody - changed),
            tuple(_not_read(self._before.ways.graph, self._after.ways.graph, self._changed_urns)),
            tuple(self._compared),
        )

    def _affected(self) -> dict[str, Node]:
        """The principals that are changed themselves or may come to a changed role."""
        found: dict[str, Node] = {}
        unreached: dict[str, Node] = {}
        reached: set[str] = set()
        for side in (self._before, self._after):
            for key in self._changed & side.ways.nodes.keys():
                node = side.ways.nodes[key]
                if not isinstance(node, Role):
                    found[key] = node
                elif self._starting(side.ways, node, found):
                    reached.add(key)
                else:
                    unreached[key] = node
        return {**{key: node for key, node in unreached.items() if key not in reached}, **found}

    @staticmethod
    def _starting(ways: Ways, role: Role, found: dict[str, Node]) -> int:
        """Adds the principals at the start of every way to a role; how many there are."""
        seen = {key_of(role)}
        waiting, count = [role], 0
        for reached in waiting:
            for caller in ways.callers(reached):
                key = key_of(caller)
                if isinstance(caller, Role):
                    if key not in seen:
                        seen.add(key)
                        waiting.append(caller)
                elif key not in seen:
                    seen.add(key)
                    count += 1
                    found[key] = caller
        return count

    def _of_principal(self, key: str, node: Node) -> Iterator[DiffRow]:
        old, new = (_on(side, key, node) for side in (self._before, self._after))
        if old is not None or new is not None:
            yield from self._of_role(Pair(node, old, new, ""), [()], [()])
        was, cut_before = self._before.ways.to_roles(old) if old is not None else ({}, False)
        will, cut_after = self._after.ways.to_roles(new) if new is not None else ({}, False)
        for role in sorted({**was, **will}):
            pair = Pair(node, old, new, role, cut_before=cut_before, cut_after=cut_after)
            yield from self._of_role(pair, was.get(role, []), will.get(role, []))

    def _of_role(
        self, pair: Pair, was: list[tuple[Role, ...]], will: list[tuple[Role, ...]]
    ) -> Iterator[DiffRow]:
        if not self._touched(pair, was, will):
            return
        old = self._before.union(pair.before, was)
        new = self._after.union(pair.after, will)
        comparison = _with_doubt(compare(old, new), pair)
        self._verdicts[key_of(pair.principal)].append(comparison.verdict)
        if comparison.verdict is not Change.SAME:
            self._compared.append(Compared(pair.principal.arn, pair.role, old, new, comparison.verdict))
            yield from rows_of(comparison, pair, self._before, self._after, was, will)

    def _touched(self, pair: Pair, was: list[tuple[Role, ...]], will: list[tuple[Role, ...]]) -> bool:
        if key_of(pair.principal) in self._changed:
            return True
        one, other = ([[key_of(role) for role in way] for way in ways] for ways in (was, will))
        return one != other or any(key in self._changed for way in one for key in way)


def _on(side: Side, key: str, node: Node) -> Node | None:
    """A principal on one side; whoever stands outside does so though no trust policy names it."""
    found = side.ways.nodes.get(key) or side.ways.outsiders.get(key)
    if found is None and isinstance(node, Outsider) and node.account not in side.ways.graph.complete:
        return node
    return found


def _with_doubt(comparison: Comparison, pair: Pair) -> Comparison:
    """Where not all paths of a side were followed, nothing that it does not allow is proven."""
    if not pair.cut_before and not pair.cut_after:
        return comparison
    why = f"there are more than {MOST_WAYS} that each depend on something else"
    gained = () if pair.cut_before else comparison.gained
    lost = () if pair.cut_after else comparison.lost
    unproven = [(row, True) for row in comparison.gained if pair.cut_before]
    unproven += [(row, False) for row in comparison.lost if pair.cut_after]
    doubts = [
        CannotTell(_PATHS, why, gains, not gains, row.actions, row.resources, row.limits, row.region)
        for row, gains in unproven
    ]
    doubts.append(CannotTell(_PATHS, why, may_gain=pair.cut_after, may_lose=pair.cut_before))
    verdict = Change.INCOMPARABLE if gained and lost else Change.CANNOT_TELL
    return Comparison(verdict, gained, lost, (*comparison.cannot_tell, *doubts))


def _not_read(before: AccessGraph, after: AccessGraph, changed: frozenset[str]) -> Iterable[NotRead]:
    known = {(each.what, each.origin.urn) for each in before.not_analysed}
    for each in after.not_analysed:
        new = (each.what, each.origin.urn) not in known or each.origin.urn in changed
        yield NotRead(each.what, _place(each.origin), new)
    kept = {(each.what, each.origin.urn) for each in after.not_analysed}
    for each in before.not_analysed:
        if (each.what, each.origin.urn) not in kept:
            yield NotRead(f"{each.what} (gone afterwards)", _place(each.origin), new=True)


def _place(origin: Origin) -> str:
    return str(origin)
