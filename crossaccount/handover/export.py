"""From the owner's state to a hand-over for one partner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crossaccount.access import graph_of
from crossaccount.access.records import STACK_TYPE
from crossaccount.handover.errors import refused
from crossaccount.handover.secrets import refuse_secrets
from crossaccount.handover.trusting import Trusting, partners_of, trusting
from crossaccount.handover.words import permission_words, printable
from crossaccount.sealed_file import sealed
from crossaccount.session.handover_file import KIND, check

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.access import AccessGraph, Role, StackRecords

VERSION = 2


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the owner wants to hand over.

    Attributes:
        roles: these delegations; empty for all that trust the partner.
        partner: the partner's account; None where the roles trust one only.
        external_id_from: where to get the external id, in words; None for a general hint.
        expires: until when, where the trust policy is a secret: a moment in UTC, or `never`.
        now: the time, in UTC, as `2026-11-24T09:00:00Z`.
    """

    roles: tuple[str, ...] = ()
    partner: str | None = None
    external_id_from: str | None = None
    expires: str | None = None
    now: str = ""


def handover_of(state: StackRecords, wanted: Wanted) -> dict[str, Any]:
    """The hand-over, sealed; the same state gives the same.

    Raises:
        SessionError: of kind USAGE: the stack hands over no such role, a role of it has ended, or a secret
            would go in.
        AccessError: the state cannot be understood.
    """
    told = _told(state)
    graph = graph_of([state])
    handed = _chosen(told["roles"], wanted.roles, state.where)
    roles = {name: _role(graph, name, each, state.where) for name, each in handed.items()}
    partner = wanted.partner or _only_partner(roles)
    trusted = {
        name: trusting(role, name, partner, wanted.expires)
        for name, role in roles.items()
        if wanted.roles or partner in partners_of(role)
    }
    if not trusted:
        raise refused(f"`{state.where}` has no role that trusts account `{partner}`")
    described = {name: _described(roles[name], handed[name], each, wanted) for name, each in trusted.items()}
    for name, each in trusted.items():
        if each.expires is not None and each.expires <= wanted.now:
            raise refused(
                f"role `{name}` ended on {each.expires}", "give it a later `expires` and bring it up"
            )
    content = {
        "kind": KIND,
        "version": VERSION,
        "account": told["account"],
        "alias": told["alias"],
        "partner": partner,
        "roles": described,
    }
    every = {value for role in graph.roles.values() for value in _external_ids(role)}
    refuse_secrets(content, every, "the hand-over")
    document = sealed(content)
    check(document, "the hand-over")
    return document


def _told(state: StackRecords) -> Mapping[str, Any]:
    """The stack's output `handover`, which only an owner's stack has."""
    outputs = next((each.outputs for each in state.records if each.type == STACK_TYPE), {})
    told = outputs.get("handover")
    if told is None:
        raise refused(
            f"`{state.where}` has no output `handover`",
            "give the state of an owner's stack of this project that was brought up",
        )
    refuse_secrets(told, (), f"`{state.where}`: output `handover`")
    if not isinstance(told, dict) or not {"account", "alias", "roles"} <= told.keys():
        raise refused(f"`{state.where}`: output `handover` is malformed", "export the state again")
    if not isinstance(told["roles"], dict) or not told["roles"]:
        raise refused(f"`{state.where}` hands over no role", "declare a delegation and bring it up")
    return told


def _chosen(
    roles: Mapping[str, Mapping[str, Any]], wanted: tuple[str, ...], where: str
) -> Mapping[str, Mapping[str, Any]]:
    for name in wanted:
        if name not in roles:
            known = ", ".join(f"`{each}`" for each in roles)
            raise refused(f"`{where}` has no role `{printable(name)}`", f"it has {known}")
    return {name: roles[name] for name in sorted(roles) if not wanted or name in wanted}


def _role(graph: AccessGraph, name: str, handed: Mapping[str, Any], where: str) -> Role:
    role = graph.role(str(handed.get("arn")))
    if role is None:
        raise refused(
            f"`{where}` has no role resource for `{name}`", "bring the stack up and export it again"
        )
    return role


def _only_partner(roles: Mapping[str, Role]) -> str:
    """The partner that the roles trust; the owner has to choose where there are several."""
    found = sorted({partner for role in roles.values() for partner in partners_of(role)})
    if len(found) == 1:
        return found[0]
    if not found:
        names = ", ".join(f"`{name}`" for name in roles)
        raise refused(f"no other account is known to be trusted by {names}", "say it: `--partner ACCOUNT`")
    listed = ", ".join(f"`{each}`" for each in found)
    raise refused(f"the roles trust {len(found)} accounts: {listed}", "choose one: `--partner ACCOUNT`")


def _described(role: Role, handed: Mapping[str, Any], trust: Trusting, wanted: Wanted) -> dict[str, Any]:
    asked = bool(handed.get("externalIdRequired"))
    hint = wanted.external_id_from or f"ask the owner of account {role.account}"
    permissions, classes = permission_words(role)
    longest = handed.get("maxSessionDuration")
    return {
        "arn": handed.get("arn"),
        "maxSessionDuration": int(longest) if isinstance(longest, float) else longest,
        "externalIdRequired": asked,
        "externalIdFrom": hint if asked else None,
        "trusts": {
            "wholeAccount": trust.whole_account,
            "users": list(trust.users),
            "roles": list(trust.roles),
        },
        "conditions": [printable(each) for each in trust.conditions],
        "expires": trust.expires,
        "permissions": permissions,
        "classes": classes,
    }


def _external_ids(role: Role) -> set[str]:
    policy = role.trust.policy
    return {
        value
        for statement in (() if policy is None else policy.statements)
        for condition in statement.conditions
        if condition.key.lower() == "sts:externalid"
        for value in condition.values
    }
