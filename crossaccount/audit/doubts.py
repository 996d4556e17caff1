"""Findings that belong to no delegation: rival claims, grants for missing roles and for every role."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from crossaccount.audit.model import Finding, Grade
from crossaccount.policy import Effect
from crossaccount.policy.arn import folded
from crossaccount.policy.wildcard import Wildcards

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crossaccount.access import AccessGraph, Grant, Group, Role, User
    from crossaccount.policy import Statement

_ASSUME = folded("sts:AssumeRole")
_EVERY_ROLE = "AliyunSTSAssumeRoleAccess"
_ROLE_PARTS = 5


def findings_of_graph(graph: AccessGraph) -> Iterator[Finding]:
    """What is wrong with a graph besides its delegations."""
    for conflict in graph.conflicts:
        yield Finding(
            "rival-claims",
            Grade.HIGH,
            "Two states contradict each other",
            conflict,
            "give the state that holds now; where two stacks manage the same thing, take it out of one "
            "with `pulumi state delete`",
        )
    for each in graph.not_analysed:
        yield Finding(
            "not-analysed",
            Grade.MEDIUM,
            "Something that may give access could not be read",
            each.what,
            "run `pulumi refresh` and export the state again, or read the account itself (`--live`)",
            (each.origin,),
        )
    holders: Iterable[User | Group | Role] = chain(
        graph.users.values(), graph.groups.values(), graph.roles.values()
    )
    for holder in holders:
        for grant in holder.grants:
            if not grant.group:
                yield from _about(graph, holder, grant)


def _about(graph: AccessGraph, holder: User | Group | Role, grant: Grant) -> Iterator[Finding]:
    who = f"{holder.label} of `{holder.account}`"
    policy = grant.document.policy
    for statement in () if policy is None else policy.statements:
        if not assumes(statement):
            continue
        if any(resource.rpartition(":")[2].strip("*/") in ("", "role") for resource in statement.resources):
            yield _every_role(who, grant)
        for resource in statement.resources:
            if _is_missing(graph, resource):
                yield Finding(
                    "grant-for-a-missing-role",
                    Grade.LOW,
                    "A grant is for a role that does not exist",
                    f"{grant.document.label} lets {who} assume `{resource}`, and nothing given declares that "
                    "role: whoever makes one of that name gives it to them",
                    "take the grant out, or correct the ARN",
                    (grant.origin,),
                )


def _every_role(who: str, grant: Grant) -> Finding:
    if grant.document.name == _EVERY_ROLE and grant.document.kind == "System":
        title = f"`{_EVERY_ROLE}` where a named role would do"
    else:
        title = "A grant is for every role"
    return Finding(
        "grant-for-every-role",
        Grade.MEDIUM,
        title,
        f"{grant.document.label} lets {who} assume every role of any account that trusts them",
        "replace it by a policy that names the roles: `AssumeRoleGrant` makes one",
        (grant.origin,),
    )


def assumes(statement: Statement) -> bool:
    """Whether a statement allows `sts:AssumeRole`, on whatever."""
    if statement.effect is not Effect.ALLOW:
        return False
    patterns = Wildcards(map(folded, statement.actions or statement.not_actions))
    return patterns.match(_ASSUME) is bool(statement.actions)


def _is_missing(graph: AccessGraph, resource: str) -> bool:
    parts = resource.split(":")
    if len(parts) != _ROLE_PARTS or "*" in parts[-1] or "?" in parts[-1] or not parts[-1].startswith("role/"):
        return False
    if parts[3] not in graph.accounts:
        return False
    role = graph.role(resource)
    return role is None or role.origin is None
