"""Observing: the calls in their order, each only where the one before it worked, then what policies say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from crossaccount.access import graph_of, read_account
from crossaccount.access.inputs import read_stacks
from crossaccount.doctor.calls import Calls, session_key
from crossaccount.doctor.gates import look
from crossaccount.doctor.observations import Handed, Observations, Trouble, plain
from crossaccount.doctor.reach import reach
from crossaccount.session.errors import SessionError
from crossaccount.session.functions.regions import REGIONS
from crossaccount.session.request import CENTRAL
from crossaccount.session.sdk_call import is_local
from crossaccount.session.source import find_source
from crossaccount.session.source_credentials import source_key

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from crossaccount.access import AccessGraph, Facts
    from crossaccount.session.key import Key
    from crossaccount.session.request import SessionRequest
    from crossaccount.session.role_session import RoleSession


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What is to be found out.

    Attributes:
        request: the session that is asked for.
        profile: the aliyun CLI's profile; None for the standard chain.
        regions: where functions are to be listed; empty for every region.
        for_principal: the ARN of somebody else on whose behalf is asked; None for the caller.
        handed: what a hand-over says.
        states: `pulumi stack export` files.
        live: whether the caller's account is read.
        timeout: seconds for each connection and answer.
    """

    request: SessionRequest
    profile: str | None = None
    regions: tuple[str, ...] = ()
    for_principal: str | None = None
    handed: Handed | None = None
    states: tuple[Path, ...] = ()
    live: bool = False
    timeout: float = 15.0


def observe(inquiry: Inquiry, told: Callable[[str], None] = lambda _text: None) -> Observations:
    """Everything that can be observed, in the order of a call.

    Args:
        inquiry: what is asked.
        told: hears what is done next, for a progress line.

    Raises:
        AccessError: a state cannot be read, or contradicts a live account.
    """
    stacks = read_stacks(inquiry.states)
    seen = Observations(
        inquiry.request,
        datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        for_principal=inquiry.for_principal,
        asked_regions=inquiry.regions,
        handed=inquiry.handed,
    )
    key: Key | None = None
    if inquiry.for_principal is None or inquiry.live:
        seen, key = _called(inquiry, seen, told)
    facts: list[Facts] = []
    if inquiry.live and key is not None and seen.caller is not None:
        told("reading the live account")
        seen = _read_live(inquiry, key, seen, facts, told)
    if (stacks or facts) and seen.principal:
        return _viewed(inquiry, seen, graph_of(stacks, live=facts))
    return seen


def _called(
    inquiry: Inquiry, seen: Observations, told: Callable[[str], None]
) -> tuple[Observations, Key | None]:
    told("looking for credentials")
    key: Key | None = None
    try:
        source = find_source(inquiry.profile)
        key = source_key(source)
        seen = replace(seen, source=source.told, is_session=bool(key.token))
    except SessionError as error:
        seen = replace(seen, no_key=error)
    seen = _reached(inquiry, seen, told)
    if key is None or seen.reach is None or seen.reach.trouble is not None:
        return seen, None
    calls = Calls(inquiry.request, inquiry.timeout)
    answer, caller = calls.identify(key)
    seen = replace(seen, identity=answer, caller=caller)
    if caller is None or caller.kind == "Account" or inquiry.for_principal is not None:
        return seen, key
    told("assuming the role")
    answer, session = calls.assume(key, caller)
    seen = replace(seen, assume=answer)
    return (seen if session is None else _listed(inquiry, seen, calls, session, told)), key


def _reached(inquiry: Inquiry, seen: Observations, told: Callable[[str], None]) -> Observations:
    """The network and the clock, which need no key."""
    host = inquiry.request.endpoint
    told(f"asking `{host}`")
    found = reach(host, inquiry.timeout)
    if found.trouble is Trouble.NAME and host != CENTRAL:
        return replace(seen, reach=found, central=reach(CENTRAL, inquiry.timeout))
    return replace(seen, reach=found)


def _listed(
    inquiry: Inquiry,
    seen: Observations,
    calls: Calls,
    session: RoleSession,
    told: Callable[[str], None],
) -> Observations:
    wanted: Sequence[str] = inquiry.regions or REGIONS

    def one(region: str) -> None:
        told(f"listing functions: `{region}` answered")

    answers = calls.list_regions(session, wanted, one)
    if inquiry.regions and not any(each.value.get("functions") for each in answers.values()):
        # Nothing where it was asked for: is it elsewhere?
        others = [each for each in REGIONS if each not in answers]
        answers |= calls.list_regions(session, others, one)
    denied = next((region for region in wanted if answers[region].detail), None)
    if denied is not None and not any(each.is_good for each in answers.values()):
        answers[denied] = calls.decode(answers[denied], session_key(session))
    return replace(seen, regions=answers)


def _read_live(
    inquiry: Inquiry, key: Key, seen: Observations, facts: list[Facts], told: Callable[[str], None]
) -> Observations:
    from crossaccount.engine.errors import EngineError  # noqa: PLC0415  loads the SDK
    from crossaccount.engine.ram_api import RamApi  # noqa: PLC0415
    from crossaccount.engine.target import Target  # noqa: PLC0415

    endpoint = inquiry.request.endpoint if is_local(inquiry.request.endpoint) else None
    target = Target(endpoint, key.key_id, key.secret, key.token, live=True)
    try:
        with RamApi(target) as api:
            facts.append(
                read_account(api, on_progress=lambda what: told(f"reading the live account: {what}"))
            )
    except EngineError as error:
        return replace(seen, notes=(*seen.notes, f"the account could not be read: {plain(error)}"))
    return seen


def _viewed(inquiry: Inquiry, seen: Observations, graph: AccessGraph) -> Observations:
    views = look(
        graph,
        seen.principal,
        inquiry.request,
        inquiry.regions or REGIONS,
        now=seen.now,
        no_mfa=inquiry.for_principal is None and not seen.is_session,
    )
    return replace(
        seen,
        role=views.role,
        identity_gate=views.identity,
        trust_gate=views.trust,
        call_gates=views.calls,
        notes=(*seen.notes, *views.notes),
    )
