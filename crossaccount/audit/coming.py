"""Who comes to a role: directly, and over other roles; of more than a report can name, the first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import TYPE_CHECKING

from crossaccount.access import Role
from crossaccount.access.paths import LONGEST
from crossaccount.audit.assuming import Edges
from crossaccount.audit.model import Assumer, Certainty

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crossaccount.access import AccessGraph, Node
    from crossaccount.audit.assuming import Edge

MOST_ROWS = 250_000
"""How many rows a report holds at least before it names no more than a few principals of a role."""

_ROWS_OF_A_ROLE = 10
_STEPS_OF_A_ROW = 16
_FEWEST = 3
_RANKS: dict[Certainty, int] = {"yes": 0, "under conditions": 1, "cannot tell": 2}
_MORE = Assumer(
    "perhaps more principals, who are not listed",
    "unknown",
    "",
    "?",
    "cannot tell",
    ("the report names no more: `crossaccount who-can sts:AssumeRole ROLE` names all of one role",),
)


@dataclass(frozen=True, slots=True)
class Coming:
    """Who comes to one role.

    Attributes:
        direct: those that assume it themselves.
        over: those that come over other roles, by no way that is less open than a shorter one.
        cut: whether there are more, who are not listed.
    """

    direct: Sequence[Edge]
    over: Sequence[Assumer]
    cut: bool

    @property
    def assumers(self) -> tuple[Assumer, ...]:
        """All of them, as the report tells them."""
        listed = [*(edge.assumer for edge in self.direct), *self.over, *([_MORE] if self.cut else [])]
        return tuple(listed)


class Comers:
    """Who comes to the roles of one graph at one moment.

    Args:
        graph: the graph.
        moment: RFC 3339, UTC.
        most: the rows that may be told in all; as many more as there are roles, ten times.
    """

    def __init__(self, graph: AccessGraph, moment: str, most: int = MOST_ROWS) -> None:
        self.moment = moment
        self._edges = Edges(graph, moment)
        self._rows = max(most, _ROWS_OF_A_ROLE * len(graph.roles)) if most == MOST_ROWS else most
        self._steps = _STEPS_OF_A_ROW * self._rows
        self._direct: dict[int, list[Edge]] = {}

    def to(self, role: Role, rights: int) -> Coming:
        """Who comes to a role, by account, kind and name.

        Args:
            role: the role.
            rights: how many rights it has: each principal is a row for each of them.
        """
        room = max(_FEWEST, self._rows // max(1, rights))
        known = self._direct.get(id(role))
        found = list(islice(self._edges.one_by_one(role) if known is None else known, room + 1))
        if len(found) <= room:
            self._direct[id(role)] = found
        direct, cut = sorted(found[:room], key=_place), len(found) > room
        ways = [] if cut else list(islice(self._over(role, direct), room - len(direct) + 1))
        unfollowed = self._steps <= 0 and any(_is_hop(edge, role) for edge in direct)
        cut = cut or len(ways) > room - len(direct) or unfollowed
        over = sorted(ways[: room - len(direct)], key=lambda each: (each.account, each.kind, each.label))
        self._rows = max(0, self._rows - (len(direct) + len(over)) * max(1, rights))
        return Coming(direct, over, cut)

    def _over(self, role: Role, direct: Sequence[Edge]) -> Iterator[Assumer]:
        """Backwards over the roles that may assume it, the shortest ways first."""
        best = {(edge.assumer.kind, edge.assumer.arn): _rank(edge.assumer) for edge in direct}
        waiting: list[tuple[tuple[Node, ...], Assumer]] = [
            ((edge.edge.principal,), edge.assumer) for edge in direct if _is_hop(edge, role)
        ]
        for hops, way in waiting:
            hop = hops[0]
            for edge in self._to_hop(hop) if isinstance(hop, Role) and len(hops) < LONGEST else ():
                self._steps -= 1
                node = edge.edge.principal
                if node is role or any(node is each for each in hops):
                    continue
                key = (edge.assumer.kind, edge.assumer.arn)
                rank = max(_rank(edge.assumer), _rank(way))
                if best.get(key, len(_RANKS)) <= rank:
                    continue
                best[key] = rank
                longer = _longer(edge.assumer, way, " and ".join(each.label for each in hops))
                yield longer
                if _is_hop(edge, role):
                    waiting.append(((node, *hops), replace(longer, label=edge.assumer.label)))

    def _to_hop(self, hop: Role) -> list[Edge]:
        """Who may assume a role on the way; nobody any more after too many steps."""
        if self._steps <= 0:
            return []
        if id(hop) not in self._direct:
            self._direct[id(hop)] = list(islice(self._edges.one_by_one(hop), self._steps))
        return self._direct[id(hop)]


def _is_hop(edge: Edge, role: Role) -> bool:
    return isinstance(edge.edge.principal, Role) and edge.edge.principal is not role


def _longer(first: Assumer, rest: Assumer, roles: str) -> Assumer:
    """Who assumes a role that comes further."""
    worst = max(first, rest, key=_rank)
    return replace(
        first,
        label=f"{first.label} through {roles}",
        certainty=worst.certainty,
        conditions=tuple(dict.fromkeys(chain(first.conditions, rest.conditions))),
        origins=tuple(dict.fromkeys(chain(first.origins, rest.origins))),
    )


def _rank(assumer: Assumer) -> int:
    return _RANKS[assumer.certainty]


def _place(edge: Edge) -> tuple[str, str, str]:
    return edge.assumer.account, edge.assumer.kind, edge.assumer.label
