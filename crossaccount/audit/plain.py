"""The report as plain values for programs; `report.schema.json` beside this module is the schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import orjson

if TYPE_CHECKING:
    from crossaccount.access import Origin
    from crossaccount.audit.model import Assumer, Delegation, Finding, Report, Right

VERSION = 1


def report_to_json(report: Report) -> bytes:
    """The whole report, nothing shortened, as JSON text."""
    return orjson.dumps(report_to_plain(report), option=orjson.OPT_APPEND_NEWLINE)


def report_to_plain(report: Report) -> dict[str, Any]:
    """The whole report as plain values."""
    return {
        "version": VERSION,
        "asOf": report.as_of,
        "complete": report.complete,
        "sources": [
            {
                "where": each.where,
                "stack": each.stack,
                "account": each.account,
                "resources": each.resources,
                "written": each.written,
                "version": each.version,
                "sha256": each.digest,
            }
            for each in report.sources
        ],
        "delegations": [_delegation(each) for each in report.delegations],
        "findings": [_finding(each) for each in report.findings],
        "notAnalysed": [{"what": what, "origin": _origin(origin)} for what, origin in report.not_analysed],
        "conflicts": list(report.conflicts),
        "leftOut": [{"where": each.where, "why": each.why} for each in report.left_out],
    }


def schema() -> dict[str, Any]:
    """The JSON schema of the report."""
    return cast(
        "dict[str, Any]", json.loads(Path(__file__).with_name("report.schema.json").read_text("utf-8"))
    )


def _delegation(each: Delegation) -> dict[str, Any]:
    return {
        "owner": {"account": each.owner, "alias": each.owner_alias},
        "partners": each.partners,
        "role": each.role,
        "roleArn": each.role_arn,
        "principals": [_assumer(one) for one in each.assumers],
        "rights": [_right(one) for one in each.rights],
        "conditions": each.conditions,
        "maxSessionSeconds": each.session_seconds,
        "expires": each.expires,
        "externalId": each.external_id,
        "created": each.created,
        "modified": each.modified,
        "origin": _origin(each.origin),
        "findings": [_finding(one) for one in each.findings],
    }


def _assumer(each: Assumer) -> dict[str, Any]:
    return {
        "label": each.label,
        "kind": each.kind,
        "account": each.account,
        "arn": each.arn,
        "mayAssume": each.certainty,
        "conditions": each.conditions,
        "groups": each.groups,
        "origins": [_origin(one) for one in each.origins],
    }


def _right(each: Right) -> dict[str, Any]:
    return {
        "words": each.words,
        "policy": each.policy,
        "actions": each.actions,
        "knownActions": each.means,
        "unknownActions": each.beyond,
        "accessClasses": each.classes,
        "resources": each.resources,
        "conditions": each.conditions,
        "certain": each.certain,
        "origin": _origin(each.origin),
    }


def _finding(each: Finding) -> dict[str, Any]:
    return {
        "code": each.code,
        "grade": each.grade.value,
        "title": each.title,
        "explanation": each.explanation,
        "mend": each.mend,
        "origins": [_origin(one) for one in each.origins],
    }


def _origin(origin: Origin | None) -> dict[str, str] | None:
    if origin is None:
        return None
    return {"where": origin.where, "stack": origin.stack, "urn": origin.urn, "position": origin.position}
