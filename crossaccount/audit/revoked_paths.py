"""The ways by which other accounts still come to a role, its own account's roles on the way included.

A trust policy that still lets another account in is such a way even where nobody there is granted
`sts:AssumeRole` today: that account alone decides whether somebody is tomorrow.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta, timezone
from typing import TYPE_CHECKING

from crossaccount.access import Asking, Outcome, Role
from crossaccount.access.asking import TIME
from crossaccount.access.gates import trust_gate
from crossaccount.access.trusted import trusted_names
from crossaccount.audit.assuming import Edges
from crossaccount.audit.revocation import PathLeft
from crossaccount.audit.telling import assumer_words
from crossaccount.audit.words import gate_limits
from crossaccount.policy.values import read_date

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crossaccount.access import AccessGraph, Outsider
    from crossaccount.audit.assuming import Edge
    from crossaccount.audit.model import Certainty
    from crossaccount.audit.revocation import Side

_CERTAIN: tuple[Certainty, ...] = ("yes", "under conditions", "cannot tell")
_OF: dict[Outcome, Certainty] = {
    Outcome.OPEN: "under conditions",
    Outcome.IF: "under conditions",
    Outcome.UNKNOWN: "cannot tell",
}


class WaysLeft:
    """The ways to roles of one graph from other accounts, at one moment and later.

    Args:
        graph: the graph.
        now: the moment, RFC 3339: what is over by then is no way, what begins later is one.
        side: what the graph was read from.
    """

    def __init__(self, graph: AccessGraph, now: str, side: Side) -> None:
        self._graph, self._now, self._side = graph, now, side

    def to(self, role: Role) -> tuple[PathLeft, ...]:
        """Every way to a role that begins in another account, the shortest to each role on it."""
        found: dict[tuple[str, ...], PathLeft] = {}
        for moment in (self._now, *_later(self._graph, role, self._now)):
            for each in self._at(role, moment):
                found.setdefault(each.steps, each)
        return tuple(found.values())

    def _at(self, role: Role, moment: str) -> Iterator[PathLeft]:
        begins = () if moment == self._now else (f"it is {moment} or later",)
        edges_of = Edges(self._graph, moment)
        reached = {role.arn}
        waiting: list[tuple[Role, tuple[str, ...], int, tuple[str, ...]]] = [(role, (_place(role),), 0, ())]
        for target, steps, doubt, conditions in waiting:
            edges = edges_of.to(target)
            for who, account, own_doubt, limits in self._entries(target, edges, moment):
                certainty = _CERTAIN[max(own_doubt, doubt)]
                said = (*begins, *limits, *conditions)
                yield PathLeft(self._side, account, (who, *steps), certainty, said)
            for caller, each in own_roles(edges, target):
                if caller.arn not in reached:
                    reached.add(caller.arn)
                    rank = max(doubt, _CERTAIN.index(each.assumer.certainty))
                    limits = (*each.assumer.conditions, *conditions)
                    waiting.append((caller, (_place(caller), *steps), rank, limits))

    def _entries(
        self, role: Role, edges: list[Edge], moment: str
    ) -> Iterator[tuple[str, str, int, tuple[str, ...]]]:
        """Who of another account comes in: principals that may today, then names that are trusted."""
        seen: set[str] = set()
        for each in edges:
            who = each.assumer
            if who.account != role.account and who.kind not in ("service", "provider"):
                seen.update((who.arn, f"acs:ram::{who.account}:root"))
                label = assumer_words(replace(who, certainty="yes"))
                yield label, who.account, _CERTAIN.index(who.certainty), who.conditions
        asking = Asking({TIME: moment}, supposing=True, now=moment)
        for name in trusted_names(role.trust):
            if name.account == role.account or name.kind in ("service", "provider") or name.arn in seen:
                continue
            gate = trust_gate(self._graph, name, role, asking)
            if gate.outcome is not Outcome.CLOSED:
                rank = _CERTAIN.index(_OF[gate.outcome])
                yield _named(name), name.account, rank, (*gate_limits(gate), *_decides(name))


def _later(graph: AccessGraph, role: Role, now: str) -> list[str]:
    """The later moments at which what a role, and its own account's roles on the way, say may change."""
    begin = read_date(now)
    found = {
        read_date(value)
        for each in _on_the_way(graph, role)
        for document in (each.trust, *(grant.document for grant in each.grants))
        for statement in (() if document.policy is None else document.policy.statements)
        for condition in statement.conditions
        if condition.key == TIME
        for value in condition.values
    }
    moments = {each + timedelta(seconds=after) for each in found for after in (0, 1)}
    return sorted(
        each.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ") for each in moments if each > begin
    )


def _on_the_way(graph: AccessGraph, role: Role) -> list[Role]:
    """A role and those of its account that its trust policy names, those that theirs name, and so on."""
    found = {role.arn: role}
    waiting = [role]
    for each in waiting:
        for caller in graph.trusted(each):
            if isinstance(caller, Role) and caller.account == role.account and caller.arn not in found:
                found[caller.arn] = caller
                waiting.append(caller)
    return waiting


def own_roles(edges: list[Edge], target: Role) -> Iterator[tuple[Role, Edge]]:
    """The roles of a role's own account that may assume it."""
    for each in edges:
        caller = each.edge.principal
        if isinstance(caller, Role) and caller.account == target.account:
            yield caller, each


def _decides(name: Outsider) -> tuple[str, ...]:
    return (
        (f"account `{name.account}` grants `sts:AssumeRole`, which it alone decides",) if name.account else ()
    )


def _named(name: Outsider) -> str:
    return f"{name.label} of {name.account}" if name.kind in ("user", "role") else name.label


def _place(role: Role) -> str:
    return f"{role.label} of {role.account}"
