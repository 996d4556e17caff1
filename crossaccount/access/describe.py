"""Answers as plain JSON, with all evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crossaccount.access.nodes import Outsider
from crossaccount.access.words import condition_words, gate_words, path_words

if TYPE_CHECKING:
    from crossaccount.access.gates import Gate
    from crossaccount.access.graph import AccessGraph
    from crossaccount.access.nodes import Node, Role
    from crossaccount.access.origin import Origin
    from crossaccount.access.paths import Answer, Path
    from crossaccount.access.ruling import Said


def answer_to_json(answer: Answer) -> dict[str, Any]:
    """An answer of `explain_access`: the outcome, and every path with its gates."""
    return {
        "principal": node_to_json(answer.principal),
        "action": answer.action,
        "resource": answer.resource,
        "outcome": answer.outcome.value,
        "paths": [path_to_json(path) for path in answer.paths],
    }


def path_to_json(path: Path) -> dict[str, Any]:
    """A path: who, over which roles, what it depends on, and its gates."""
    return {
        "principal": node_to_json(path.principal),
        "outcome": path.outcome.value,
        "roles": [role_to_json(role) for role in path.roles],
        "dependsOn": list(path_words(path)),
        "gates": [gate_to_json(gate) for gate in path.gates],
    }


def gate_to_json(gate: Gate) -> dict[str, Any]:
    """A gate: how it stands, on what it depends, and what each statement said."""
    return {
        "gate": gate.number,
        "name": gate.name,
        "holder": gate.holder.arn,
        "outcome": gate.outcome.value,
        "dependsOn": gate_words(gate),
        "note": gate.note,
        "unknown": list(gate.ruling.unknown),
        "statements": [said_to_json(said) for said in gate.ruling.said],
    }


def said_to_json(said: Said) -> dict[str, Any]:
    """What one statement said, where it is attached and where it is written."""
    found: dict[str, Any] = {
        "policy": said.document.name,
        "type": said.document.kind,
        "statement": said.statement,
        "effect": said.effect,
        "element": said.element,
        "conditions": [condition_words(each) for each in said.open],
    }
    if said.document.origin is not None:
        found["written"] = origin_to_json(said.document.origin)
    if said.grant is not None:
        found["attached"] = origin_to_json(said.grant.origin)
        if said.grant.membership is not None:
            found |= {"group": said.grant.group, "joined": origin_to_json(said.grant.membership)}
    return found


def node_to_json(node: Node) -> dict[str, Any]:
    """A principal: its kind, account, ARN and words."""
    kind = node.kind if isinstance(node, Outsider) else type(node).__name__.lower()
    return {
        "kind": kind,
        "account": node.account,
        "arn": node.arn,
        "label": node.label,
        "given": not isinstance(node, Outsider),
    }


def role_to_json(role: Role) -> dict[str, Any]:
    """A role on a path."""
    found = {"arn": role.arn, "name": role.name, "inferred": role.inferred, "retired": role.retired}
    return found if role.origin is None else {**found, "declared": origin_to_json(role.origin)}


def origin_to_json(origin: Origin) -> dict[str, Any]:
    """Evidence: where a fact comes from; what is not recorded is left out."""
    named = {
        "where": origin.where,
        "stack": origin.stack,
        "urn": origin.urn,
        "position": origin.position,
        "trace": list(origin.trace),
        "created": origin.created,
        "modified": origin.modified,
    }
    return {key: value for key, value in named.items() if value}


def not_analysed_to_json(graph: AccessGraph) -> list[dict[str, Any]]:
    """What could not be read, for every output."""
    return [{"what": each.what, "origin": origin_to_json(each.origin)} for each in graph.not_analysed]
