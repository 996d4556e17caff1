"""The diff as JSON; `diff.schema.json` beside this module is its schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from crossaccount.review.risk import risk

if TYPE_CHECKING:
    from crossaccount.policy.evaluation import Request
    from crossaccount.policy.sets import Witness
    from crossaccount.review.model import Cause, DiffRow, PermissionDiff

VERSION = 1


def to_json(diff: PermissionDiff, digest: str = "") -> dict[str, Any]:
    """The whole diff, nothing shortened, as plain JSON."""
    return {
        "version": VERSION,
        "digest": digest,
        "rows": [row_to_json(row) for row in diff.rows],
        "principals": [
            {"principal": each.principal, "arn": each.principal_arn, "verdict": each.verdict.value}
            for each in diff.principals
        ],
        "unchangedPrincipals": diff.unchanged,
        "notAnalysed": [{"what": each.what, "place": each.place, "new": each.new} for each in diff.not_read],
    }


def row_to_json(row: DiffRow) -> dict[str, Any]:
    """One row."""
    return {
        "change": row.kind.value,
        "principal": {"label": row.principal, "arn": row.principal_arn, "account": row.account},
        "role": row.role,
        "path": list(row.path),
        "actions": list(row.actions),
        "resources": list(row.resources),
        "conditions": list(row.conditions),
        "accessClasses": list(row.classes),
        "unknownActions": row.unknown_actions,
        "wildcard": row.wildcard,
        "expires": row.expires,
        "boundedTrust": row.bounded,
        "newAccount": row.new_account,
        "risk": risk(row),
        "causes": [_cause(each) for each in row.causes],
        "endsAfterSeconds": row.ends_after,
        "witness": None if row.witness is None else _witness(row.witness),
        "cannotTell": row.why,
    }


def schema() -> dict[str, Any]:
    """The JSON schema of `to_json`."""
    return cast("dict[str, Any]", json.loads(Path(__file__).with_name("diff.schema.json").read_text("utf-8")))


def _cause(cause: Cause) -> dict[str, Any]:
    return {
        "what": cause.what,
        "urn": cause.urn,
        "stack": cause.stack,
        "position": cause.position,
        "changedLine": cause.changed,
        "trace": list(cause.trace),
    }


def _witness(witness: Witness) -> dict[str, Any]:
    steps = {step: _request(request) for step, request in witness.steps.items()}
    return {**_request(witness.request), "assuming": steps}


def _request(request: Request) -> dict[str, Any]:
    context = {
        key: [value] if isinstance(value, str) else list(value) for key, value in request.context.items()
    }
    return {"action": request.action, "resource": request.resource, "context": context}
