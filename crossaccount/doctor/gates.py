"""The gates as states and live accounts have them, and what closes the trust policy (facts 1.5 and 4.6).

Pure: the graph was read before. An external id that a trust policy asks for is never shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from crossaccount.access import Asking, Outcome, QuestionError, assume_gates, call_gate, find_principal
from crossaccount.access.asking import EXTERNAL_ID, SOURCE_IDENTITY, TIME
from crossaccount.access.build import undeclared_role
from crossaccount.access.gates import trust_gate
from crossaccount.access.nodes import Outsider
from crossaccount.access.trusted import trusted_names
from crossaccount.access.words import condition_words, gate_words
from crossaccount.doctor.observations import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from crossaccount.access import AccessGraph, Gate, Node, Origin, Role
    from crossaccount.policy import Condition
    from crossaccount.session.request import SessionRequest

    _Facts: TypeAlias = Mapping[str, str | tuple[str, ...]]

MFA = "acs:MFAPresent"
LIST = "fc:ListFunctions"
_MOST_LINES = 12
_ACCOUNTS = ("account", "user", "role")
_EFFECTS = {
    "silent": "does not apply",
    "allow": "allows",
    "deny": "denies",
    "allow if": "allows under conditions",
    "deny if": "denies under conditions",
}


@dataclass(frozen=True, slots=True)
class GateView:
    """One gate as the given states or live accounts have it.

    Attributes:
        outcome: how it stands.
        evidence: the statements that were looked at and what else decides, a line each.
        blockers: the condition keys whose values close it, where other values would open it.
        wanted: what these conditions ask for, in words; no external id.
        could_open: whether any request of the principal passes.
    """

    outcome: Outcome
    evidence: tuple[str, ...] = ()
    blockers: tuple[str, ...] = ()
    wanted: tuple[str, ...] = ()
    could_open: bool = True


@dataclass(frozen=True, slots=True)
class RoleView:
    """The role as the given states or live accounts have it.

    Attributes:
        declared: whether it is there; None where its account was not given.
        evidence: where that is from.
        longest: its longest session in seconds; None where that is not told.
        accounts: the accounts that its trust policy names.
    """

    declared: bool | None
    evidence: tuple[str, ...] = ()
    longest: int | None = None
    accounts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Views:
    """What the graph says about a delegation."""

    role: RoleView
    identity: GateView | None
    trust: GateView | None
    calls: Mapping[str, GateView]
    notes: tuple[str, ...] = ()


def look(
    graph: AccessGraph,
    principal: str,
    request: SessionRequest,
    regions: Iterable[str],
    *,
    now: str,
    no_mfa: bool,
) -> Views:
    """How the three gates stand for a principal.

    Args:
        graph: what was read.
        principal: its ARN.
        request: the session that is asked for.
        regions: where functions are to be listed.
        now: the time, ISO 8601.
        no_mfa: whether the call is known to come without MFA: it is signed by a lasting access key.
    """
    found = graph.role(request.role_arn)
    role = found or undeclared_role(request.account, request.role_name)
    facts: dict[str, str | tuple[str, ...]] = {TIME: now, EXTERNAL_ID: request.external_id or ()}
    facts[SOURCE_IDENTITY] = request.source_identity or ()
    if no_mfa:
        facts[MFA] = "false"
    notes: list[str] = [each.what for each in graph.not_analysed]
    node = _node(graph, principal, notes)
    first, second = assume_gates(graph, node, role, Asking(facts))
    identity = None if isinstance(node, Outsider) else _view(first)
    trust = None if found is None else _trust_view(graph, node, role, second, facts)
    calls = {} if found is None else {region: _call_view(found, region, now) for region in regions}
    return Views(_role_view(graph, request, found), identity, trust, calls, tuple(map(plain, notes)))


def _node(graph: AccessGraph, principal: str, notes: list[str]) -> Node:
    """The principal; one whom its account's stacks do not declare, as somebody from outside."""
    try:
        return find_principal(graph, principal)
    except QuestionError as error:
        notes.append(str(error))
        kind, _, name = principal.rpartition(":")[2].partition("/")
        account = principal.split(":")[3]
        return Outsider("user" if kind == "user" else "role", account, name.partition("/")[0])


def _role_view(graph: AccessGraph, request: SessionRequest, role: Role | None) -> RoleView:
    where = ", ".join(graph.accounts.get(request.account, ()))
    if role is None:
        if request.account not in graph.accounts:
            return RoleView(None)
        known = [each.name for each in graph.roles.values() if each.account == request.account and each.name]
        listed = ", ".join(f"`{each}`" for each in sorted(known)[:_MOST_LINES]) or "none"
        declared = False if request.account in graph.complete or known else None
        return RoleView(declared, (plain(f"{where}: its roles are {listed}", 1000),))
    accounts = dict.fromkeys(each.account for each in trusted_names(role.trust) if each.kind in _ACCOUNTS)
    origin = (f"declared by {_place(role.origin)}",) if role.origin else ()
    return RoleView(True, origin, role.max_session, tuple(accounts))


def _view(gate: Gate) -> GateView:
    return GateView(gate.outcome, tuple(_lines(gate)))


def _call_view(role: Role, region: str, now: str) -> GateView:
    resource = f"acs:fc:{region}:{role.account}:functions/*"
    return _view(call_gate(role, LIST, resource, Asking({TIME: now})))


def _trust_view(graph: AccessGraph, node: Node, role: Role, gate: Gate, facts: _Facts) -> GateView:
    if gate.outcome is not Outcome.CLOSED:
        return _view(gate)

    def is_closed(known: _Facts) -> bool:
        return trust_gate(graph, node, role, Asking(known, supposing=True)).outcome is Outcome.CLOSED

    if is_closed({}):
        return GateView(gate.outcome, tuple(_lines(gate)), could_open=False)
    keys = _blocking(facts, is_closed)
    ruling = trust_gate(graph, node, role, Asking(supposing=True)).ruling
    conditions = [each for every in (*ruling.alternatives, *ruling.unless) for each in every]
    wanted = dict.fromkeys(_words(each) for each in conditions if not keys or each.key in keys)
    return GateView(gate.outcome, tuple(_lines(gate)), keys, tuple(wanted))


def _blocking(facts: _Facts, is_closed: Callable[[_Facts], bool]) -> tuple[str, ...]:
    """The fewest facts, tried in their order, without which the gate may open."""

    def without(*keys: str) -> dict[str, str | tuple[str, ...]]:
        return {key: value for key, value in facts.items() if key not in keys}

    single = next((key for key in facts if not is_closed(without(key))), None)
    if not is_closed(facts):
        return ()
    if single is not None:
        return (single,)
    needed = list(facts)
    for key in facts:
        rest = [each for each in needed if each != key]
        if not is_closed(without(*rest)):
            needed = rest
    return tuple(needed)


def _words(condition: Condition) -> str:
    if condition.key == EXTERNAL_ID:
        return f"`{EXTERNAL_ID}` is the one that the owner chose (not shown)"
    return condition_words(condition)


def _lines(gate: Gate) -> Iterator[str]:
    if gate.note or gate_words(gate):
        yield plain(gate_words(gate) or gate.note)
    decided = [said for said in gate.ruling.said if said.effect != "silent"] or list(gate.ruling.said)
    for said in decided[:_MOST_LINES]:
        origin = said.document.origin
        written = f", written by {_place(origin)}" if origin is not None else ""
        yield plain(f"{said.document.label}, statement {said.statement} {_EFFECTS[said.effect]}{written}")
    if not gate.ruling.said and not gate.note and gate.outcome is Outcome.CLOSED:
        yield f"{plain(gate.holder.label)}: no policy is attached"


def _place(origin: Origin) -> str:
    if not origin.urn:
        return plain(origin.where)
    kind, _, name = origin.urn.rpartition("::")
    resource = f"{kind.rpartition(':')[2]} `{name}`"
    return plain(f"{resource} at {origin.position}" if origin.position else resource)
