"""The report of an access graph: its delegations, what is wrong with each, and what belongs to none."""

from __future__ import annotations

from datetime import timezone
from typing import TYPE_CHECKING

from crossaccount.audit.by_hand import attached_by_hand
from crossaccount.audit.coming import MOST_ROWS, Comers
from crossaccount.audit.doubts import findings_of_graph
from crossaccount.audit.findings import findings_of
from crossaccount.audit.inspected import Inspected
from crossaccount.audit.model import Delegation, Finding, Grade, Report
from crossaccount.audit.rights import rights_of
from crossaccount.audit.same_right import SameRight
from crossaccount.audit.trust import trust_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from crossaccount.access import AccessGraph, Origin, Role, StackRecords
    from crossaccount.audit.coming import Coming
    from crossaccount.audit.model import Assumer, LeftOut, Source


def report_of(
    graph: AccessGraph,
    as_of: datetime,
    sources: Iterable[Source] = (),
    left_out: Iterable[LeftOut] = (),
    stacks: Iterable[StackRecords] = (),
    most: int = MOST_ROWS,
) -> Report:
    """What a graph holds, as an auditor reads it.

    Args:
        graph: of all stacks and accounts together, not made strictly: rival claims become findings.
        as_of: the moment it answers for, with a time zone: what ended before is over.
        sources: what the graph was read from.
        left_out: what could not be read.
        stacks: the stacks of the graph, for what the provider saw that they do not declare.
        most: the rows after which no more than a few principals of a role are named.
    """
    now = as_of.astimezone(timezone.utc)
    moment = now.strftime("%Y-%m-%dT%H:%M:%SZ")
    found = list(_inspected(graph, now, Comers(graph, moment, most)))
    inspected = [each for each, _ in found]
    same = SameRight(inspected)
    delegations = tuple(
        _delegation(graph, each, coming.assumers, (*findings_of(each), *same.of(each)))
        for each, coming in found
    )
    cut = sum(coming.cut for _, coming in found)
    return Report(
        moment,
        tuple(sources),
        delegations,
        gravest_first((*findings_of_graph(graph), *attached_by_hand(graph, stacks), *_not_named(cut, most))),
        tuple((each.what, each.origin) for each in graph.not_analysed),
        graph.conflicts,
        tuple(left_out),
    )


def gravest_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings in the order of their grade, those of a grade in the order they came in."""
    return tuple(sorted(findings, key=lambda each: each.grade.rank))


def _inspected(graph: AccessGraph, now: datetime, comers: Comers) -> Iterator[tuple[Inspected, Coming]]:
    for role in sorted(graph.roles.values(), key=lambda each: (each.account, each.name or "?", each.arn)):
        trust = trust_of(role, now)
        if trust is not None:
            rights = rights_of(role, comers.moment)
            coming = comers.to(role, len(rights))
            yield Inspected(graph, role, trust, coming.direct, rights, now, coming.over), coming


def _not_named(roles: int, most: int) -> Iterator[Finding]:
    if roles:
        yield Finding(
            "not-everybody-named",
            Grade.MEDIUM,
            "More may assume roles than the report names",
            f"after {most:,} rows no more than a few principals of a role are named; of {roles:,} roles "
            "there may be more",
            "name principals and roles where whole accounts meet grants for every role; "
            "`crossaccount who-can sts:AssumeRole ROLE` names all of one role",
        )


def _delegation(
    graph: AccessGraph, each: Inspected, assumers: tuple[Assumer, ...], findings: Iterable[Finding]
) -> Delegation:
    role, trust = each.role, each.trust
    origins = list(_origins(role))
    return Delegation(
        role.account,
        graph.aliases.get(role.account, ""),
        trust.partners,
        role.name or "?",
        role.arn,
        assumers,
        each.rights,
        trust.conditions,
        None if role.max_session is None or role.max_session < 0 else role.max_session,
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
