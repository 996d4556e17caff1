"""Who can make a call: from the roles that allow it, backwards over trust to everybody who gets there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crossaccount.access.build import undeclared_role
from crossaccount.access.followed import Followed, opens_for_all
from crossaccount.access.gates import assume_gates, call_gate, direct_gate
from crossaccount.access.nodes import Outsider, Role, Root
from crossaccount.access.paths import LONGEST, Path, resource_account
from crossaccount.access.ruling import Outcome, both
from crossaccount.access.ways import key_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crossaccount.access.asking import Asking
    from crossaccount.access.followed import Steps
    from crossaccount.access.gates import Gate
    from crossaccount.access.graph import AccessGraph


def who_can(graph: AccessGraph, action: str, resource: str, asking: Asking) -> tuple[Path, ...]:
    """Everybody who can make a call, each with the path; sure ones and known ones first.

    Whoever stands outside what was given is among them: a whole account, a service, an identity provider,
    and, unless it was read whole, the resource's own account, which may let those that no stack declares.
    Conditions that a path depends on are in its gates; a path that is closed is not among them.
    """
    found = [
        path for path in _everybody(graph, action, resource, asking) if path.outcome is not Outcome.CLOSED
    ]
    found.sort(
        key=lambda path: (
            path.outcome.rank,
            isinstance(path.principal, Outsider),
            len(path.roles),
            path.principal.account,
            path.principal.arn,
            [role.arn for role in path.roles],
        )
    )
    return tuple(found)


def _everybody(graph: AccessGraph, action: str, resource: str, asking: Asking) -> Iterator[Path]:
    if action.lower() == "sts:assumerole":
        role = graph.role(resource) or _undeclared(graph, resource)
        if role is not None:
            yield from _before(graph, role, (), (), asking)
        return
    account = resource_account(resource)
    for each in graph.accounts if account is None else [account]:
        yield from _in_account(graph, each, action, resource, asking)


def _undeclared(graph: AccessGraph, resource: str) -> Role | None:
    """A role that no stack declares, unless its account was read whole: then there is none."""
    account = resource_account(resource)
    if account is None or account in graph.complete:
        return None
    return undeclared_role(account, resource.rpartition("/")[2])


def _in_account(
    graph: AccessGraph, account: str, action: str, resource: str, asking: Asking
) -> Iterator[Path]:
    root = Root(account)
    yield Path(root, (), (direct_gate(graph, root, action, resource, asking),))
    for node in graph.of_account(account):
        if isinstance(node, Role):
            call = call_gate(node, action, resource, asking)
            if call.outcome is not Outcome.CLOSED:
                yield from _before(graph, node, (node,), (call,), asking)
        else:
            yield Path(node, (), (direct_gate(graph, node, action, resource, asking),))
    if account not in graph.complete:
        others = Outsider("account", account)
        yield Path(others, (), (direct_gate(graph, others, action, resource, asking),))


def _before(
    graph: AccessGraph, role: Role, roles: tuple[Role, ...], gates: tuple[Gate, ...], asking: Asking
) -> Iterator[Path]:
    """The paths of everybody who may assume `role` and go on over `roles` and `gates`, the shortest first.

    Of a principal's paths those are left out that depend on all that a shorter one depends on, and, beyond
    `MOST_WAYS`, any.
    """
    followed = Followed()
    none: Steps = frozenset()
    waiting = [(role, roles, gates, none)]
    for wanted, after, passed, depends in waiting:
        for node in graph.trusted(wanted):
            opened = assume_gates(graph, node, wanted, asking)
            closed = both(*(gate.outcome for gate in opened)) is Outcome.CLOSED
            if closed or any(node is each for each in (role, *after)):
                continue
            is_open = opens_for_all(node, *opened)
            step = none if is_open else frozenset({(key_of(node), key_of(wanted))})
            if followed.spares(key_of(node), depends | step):
                continue
            path = Path(node, after, (*opened, *passed))
            yield path
            if isinstance(node, Role) and len(after) < LONGEST:
                waiting.append((node, (node, *after), path.gates, depends | step))


def outside_accounts(graph: AccessGraph) -> tuple[str, ...]:
    """The accounts that roles trust and that were not given, sorted."""
    named = {
        node.account
        for role in graph.roles.values()
        for node in graph.trusted(role)
        if isinstance(node, Outsider) and node.account and node.account not in graph.accounts
    }
    return tuple(sorted(named))
