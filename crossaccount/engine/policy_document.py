"""`ram.get_policy_document`: a policy document from statements, as the provider writes it. Pure.

Source: the provider's `alicloud_ram_policy_document`: members in this order, a list of one as a text, the
identifiers of principals always a list and backwards, and Go's escapes of `<`, `>` and `&`.
"""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING, Any

from crossaccount.engine.errors import ProgramError

if TYPE_CHECKING:
    from collections.abc import Mapping

Json = dict[str, Any]

_STATEMENT = frozenset({"actions", "conditions", "effect", "principals", "resources"})
_GO_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def policy_document(arguments: Mapping[str, Any]) -> Json:
    """Answer `ram.get_policy_document`.

    Args:
        arguments: `statements` and `version`, under Pulumi's names.

    Raises:
        ProgramError: a statement has no action, another effect or a name that is not understood.
    """
    statements = [_filled(statement) for statement in arguments.get("statements") or ()]
    if not statements:
        return {}
    version = arguments.get("version") or "1"
    document = _as_go_writes({"Statement": [_written(each) for each in statements], "Version": version})
    return {
        "document": document,
        "id": str(zlib.crc32(document.encode())),
        "statements": statements,
        "version": version,
    }


def _filled(statement: Mapping[str, Any]) -> Json:
    strange = sorted(statement.keys() - _STATEMENT)
    effect = statement.get("effect") or "Allow"
    if strange or effect not in ("Allow", "Deny") or not statement.get("actions"):
        what = f"`{strange[0]}` is not understood" if strange else "it needs `actions`, and Allow or Deny"
        raise ProgramError(f"`ram.get_policy_document`: in a statement, {what}")
    return {
        "actions": statement["actions"],
        "conditions": statement.get("conditions") or [],
        "effect": effect,
        "principals": statement.get("principals") or [],
        "resources": statement.get("resources") or [],
    }


def _written(statement: Json) -> Json:
    written = {"Effect": statement["effect"], "Action": _one_or_all(statement["actions"])}
    if statement["resources"]:
        written["Resource"] = _one_or_all(statement["resources"])
    if statement["principals"]:
        principals: dict[str, list[str]] = {}
        for each in statement["principals"]:
            principals.setdefault(each["entity"], []).extend(sorted(each["identifiers"], reverse=True))
        written["Principal"] = dict(sorted(principals.items()))
    if statement["conditions"]:
        written["Condition"] = _conditions(statement["conditions"])
    return written


def _conditions(conditions: list[Json]) -> Json:
    found: dict[str, dict[str, Any]] = {}
    for each in conditions:
        found.setdefault(each["operator"], {})[each["variable"]] = _one_or_all(each["values"])
    return {operator: dict(sorted(found[operator].items())) for operator in sorted(found)}


def _one_or_all(texts: list[str]) -> str | list[str]:
    return texts[0] if len(texts) == 1 else texts


def _as_go_writes(document: Json) -> str:
    text = json.dumps(document, separators=(",", ":"), ensure_ascii=False)
    for character, escape in _GO_ESCAPES.items():
        text = text.replace(character, escape)
    return text
