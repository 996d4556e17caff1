"""Policy documents as the provider reads them: compared as JSON, and taken apart for its outputs.

Source: facts 7.4 ("document equality") and 7.6; the provider's `compareJsonTemplateAreEquivalent`,
`ParsePolicyDocument` and its SDK's order of sets (by the CRC-32 of each member, as decimal text).
"""

from __future__ import annotations

import json
import zlib
from typing import Any

Statement = dict[str, Any]


def document_problem(text: str) -> str | None:
    """Say what keeps `text` from being a policy document's JSON, or return None."""
    try:
        parsed = json.loads(text)
    except json.JSONDecodeError as error:
        return f"is not JSON: {error.msg} at line {error.lineno}, column {error.colno}"
    return None if isinstance(parsed, dict) else "is not a JSON object"


def same_document(one: str, other: str) -> bool:
    """Whether two documents are the same JSON object but for the order of keys: `"x"` and `["x"]` differ."""
    return one == other or (_canonical(one) is not None and _canonical(one) == _canonical(other))


def version_of(text: str) -> str:
    """Return a document's `Version`, `1` when it has none."""
    return str(_object(text).get("Version", "1"))


def trusted(text: str, kind: str) -> list[str]:
    """Return the principals of `kind` (`RAM` or `Service`) that a trust policy's first statement names."""
    statements = _object(text).get("Statement")
    first = statements[0] if isinstance(statements, list) and statements else None
    principal = first.get("Principal") if isinstance(first, dict) else None
    names = principal.get(kind) if isinstance(principal, dict) else None
    return _as_set([name for name in names if isinstance(name, str)]) if isinstance(names, list) else []


def statements_of(text: str) -> list[Statement]:
    """Return a permission policy's statements as the provider's `statements` output holds them."""
    found = _object(text).get("Statement")
    statements = (
        [_statement(each) for each in found if isinstance(each, dict)] if isinstance(found, list) else []
    )
    keyed = {_crc(_serialized(statement)): statement for statement in statements}
    return [keyed[key] for key in sorted(keyed)]


def _statement(statement: Statement) -> Statement:
    return {
        "actions": _texts(statement.get("Action")),
        "effect": statement.get("Effect", ""),
        "resources": _texts(statement.get("Resource")),
    }


def _texts(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else [str(value or "")]


def _serialized(statement: Statement) -> str:
    actions, resources = ("".join(f"{text};" for text in statement[key]) for key in ("actions", "resources"))
    return f"action:({actions});effect:{statement['effect']};resource:({resources});"


def _as_set(members: list[str]) -> list[str]:
    return sorted(set(members), key=_crc)


def _crc(text: str) -> str:
    return str(zlib.crc32(text.encode()))


def _canonical(text: str) -> str | None:
    try:
        parsed = json.loads(text, parse_int=float)
    except json.JSONDecodeError:
        return None
    return json.dumps(parsed, sort_keys=True) if isinstance(parsed, dict) else None


def _object(text: str) -> dict[str, Any]:
    try:
        parsed = json.loads(text)
    except json.JSONDecodeError:
        return {}
    return parsed if isinstance(parsed, dict) else {}
