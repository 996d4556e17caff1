"""The report of an access graph: its delegations, what is wrong with each, and what belongs to none."""

from __future__ import annotations

from datetime import timezone
from typing import TYPE_CHECKING

from crossaccount.audit.assuming import Edges
from crossaccount.audit.by_hand import attached_by_hand
from crossaccount.audit.doubts import findings_of_graph
from crossaccount.audit.findings import findings_of
from crossaccount.audit.inspected import Inspected
from crossaccount.audit.model import Delegation, Report
from crossaccount.audit.rights import rights_of
from crossaccount.audit.same_right import SameRight
from crossaccount.audit.trust import trust_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from crossaccount.access import AccessGraph, Origin, Role, StackRecords
    from crossaccount.audit.model import Finding, LeftOut, Source


def report_of(
    graph: AccessGraph,
    as_of: datetime,
    sources: Iterable[Source] = (),
    left_out: Iterable[LeftOut] = (),
    stacks: Iterable[StackRecords] = (),
) -> Report:
    """What a graph holds, as an auditor reads it.

    Args:
        graph: of all stacks and accounts together, not made strictly: rival claims become findings.
        as_of: the moment it answers for, with a time zone: what ended before is over.
        sources: what the graph was read from.
        left_out: what could not be read.
        stacks: the stacks of the graph, for what the provider saw that they do not declare.
    """
    now = as_of.astimezone(timezone.utc)
    moment = now.strftime("%Y-%m-%dT%H:%M:%SZ")
    inspected = list(_inspected(graph, now, moment))
    same = SameRight(inspected)
    delegations = tuple(_delegation(graph, each, (*findings_of(each), *same.of(each))) for each in inspected)
    return Report(
        moment,
        tuple(sources),
        delegations,
        gravest_first((*findings_of_graph(graph), *attached_by_hand(graph, stacks))),
        tuple((each.what, each.origin) for each in graph.not_analysed),
        graph.conflicts,
        tuple(left_out),
    )


def gravest_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings in the order of their grade, those of a grade in the order they came in."""
    return tuple(sorted(findings, key=lambda each: each.grade.rank))


def _inspected(graph: AccessGraph, now: datetime, moment: str) -> Iterator[Inspected]:
    edges = Edges(graph, moment)
    for role in sorted(graph.roles.values(), key=lambda each: (each.account, each.name or "?", each.arn)):
        trust = trust_of(role, now)
        if trust is not None:
            yield Inspected(graph, role, trust, edges.to(role), rights_of(role), now)


def _delegation(graph: AccessGraph, each: Inspected, findings: Iterable[Finding]) -> Delegation:
    role, trust = each.role, each.trust
    origins = list(_origins(role))
    return Delegation(
        role.account,
        graph.aliases.get(role.account, ""),
        trust.partners,
        role.name or "?",
        role.arn,
        tuple(edge.assumer for edge in each.edges),
        each.rights,
        trust.conditions,
        role.max_session,
        trust.expires,
        trust.external_id,
        "" if role.origin is None else role.origin.created,
        max((origin.modified for origin in origins), default=""),
        role.origin,
        gravest_first(findings),
    )


def _origins(role: Role) -> Iterator[Origin]:
    """The resources that make up what a role is and gives."""
    if role.origin is not None:
        yield role.origin
    for grant in role.grants:
        yield grant.origin
        if grant.document.origin is not None:
            yield grant.document.origin
