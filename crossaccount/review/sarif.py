"""The diff as SARIF 2.1.0, for code scanning; valid when empty, so that alerts close.

Source: OASIS, "SARIF Version 2.1.0"; GitHub, "SARIF support for code scanning": a result needs a location, a
run shows at most 5,000 results.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from crossaccount.review.model import Kind
from crossaccount.review.risk import in_words, risk
from crossaccount.review.words import end_words

if TYPE_CHECKING:
    from crossaccount.review.model import Cause, DiffRow, NotRead, PermissionDiff

MOST_RESULTS = 5_000
_MOST_RELATED = 100
FALLBACK = "Pulumi.yaml:1"
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {
    Kind.GAINED: "error",
    Kind.MAYBE_GAINED: "warning",
    Kind.LOST: "note",
    Kind.MAYBE_LOST: "note",
}
_TEXTS = {
    "permission-gained": "Somebody may do more than before.",
    "permission-maybe-gained": "Somebody may get more; it cannot be told before `up`.",
    "permission-lost": "Somebody may do less than before.",
    "permission-maybe-lost": "Somebody may lose something; it cannot be told before `up`.",
    "not-analysed": "Something that may give access was not analysed.",
}


def to_sarif(diff: PermissionDiff) -> dict[str, Any]:
    """One run: a result for each row, the widest first, and for each thing not analysed."""
    results = [_result(row) for row in diff.rows] + [_unread(each) for each in diff.not_read]
    left = len(results) - MOST_RESULTS
    run: dict[str, Any] = {
        "tool": {"driver": {"name": "crossaccount", "rules": _rules()}},
        "columnKind": "unicodeCodePoints",
        "results": results[:MOST_RESULTS],
    }
    if left > 0:
        run["properties"] = {"resultsLeftOut": left}
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rules() -> list[dict[str, Any]]:
    return [{"id": name, "shortDescription": {"text": text}} for name, text in _TEXTS.items()]


def _result(row: DiffRow) -> dict[str, Any]:
    said = [in_words(row), *(str(cause) for cause in row.causes), row.why, end_words(row)]
    lines = [cause.line for cause in row.causes if cause.line]
    more = [place for cause in row.causes for place in (cause.position, *cause.trace) if place]
    return {
        "ruleId": f"permission-{row.kind.value.replace(' ', '-')}",
        "level": _LEVELS[row.kind],
        "message": {"text": "; ".join(each for each in said if each)},
        "locations": [_location(lines[0] if lines else _stack_file(row.causes))],
        "relatedLocations": _related([*lines[1:], *more]),
        "partialFingerprints": {"permission/v1": _fingerprint(row)},
        "rank": float(min(100, risk(row) * 2)),
    }


def _unread(each: NotRead) -> dict[str, Any]:
    place = each.place if ":" in each.place and not each.place.startswith("urn:") else FALLBACK
    return {
        "ruleId": "not-analysed",
        "level": "warning" if each.new else "note",
        "message": {"text": f"not analysed: {each.what}"},
        "locations": [_location(place)],
        "partialFingerprints": {"permission/v1": _hash(["not analysed", each.what, each.place])},
    }


def _stack_file(causes: tuple[Cause, ...]) -> str:
    for cause in causes:
        if cause.stack:
            return f"Pulumi.{cause.stack.rpartition('/')[2]}.yaml:1"
    return FALLBACK


def _related(places: list[str]) -> list[dict[str, Any]]:
    """Each place once, as SARIF asks."""
    found: list[dict[str, Any]] = []
    for each in map(_location, dict.fromkeys(places)):
        if each not in found:
            found.append(each)
    return found[:_MOST_RELATED]


def _location(place: str) -> dict[str, Any]:
    path, _, line = place.rpartition(":")
    if not path or not line.isdigit():
        path, line = place, "1"
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(path), "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": max(1, int(line))},
        }
    }


def _fingerprint(row: DiffRow) -> str:
    """The same for the same permission, whatever line it comes from."""
    return _hash(
        [
            row.kind.value,
            row.principal_arn,
            row.role,
            row.path,
            row.actions,
            row.resources,
            row.conditions,
            row.why,
        ]
    )


def _hash(parts: list[Any]) -> str:
    return hashlib.sha256(json.dumps(parts, separators=(",", ":")).encode()).hexdigest()
