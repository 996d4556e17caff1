"""From a document to a policy, or to all that is wrong with it.

Source: RAM, "Policy structure and syntax" and "Policy elements" (facts 1.1); what crashes the alicloud
provider when it reads a role back, a `Statement` that is no list and a `Principal` that is no object, is
refused (facts 7.6).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping

from crossaccount.policy.conditions import read_conditions
from crossaccount.policy.elements import read_actions, read_principals, read_resources
from crossaccount.policy.problems import PolicyError, Problem, Problems, nearest, shown
from crossaccount.policy.statement import Effect, Policy, PolicyKind, Statement

_ELEMENTS = ("Action", "Condition", "Effect", "NotAction", "Principal", "Resource")
_OUTSIDE = {
    "Id": "a policy has no id: leave it out",
    "Sid": "a statement has no id: leave it out",
    "NotPrincipal": "is not supported: name the principals in `Principal`",
    "NotResource": "is not supported: name the resources in `Resource`",
}


def parse(document: str | Mapping[str, object], kind: PolicyKind) -> Policy:
    """Reads a policy.

    Args:
        document: JSON text, or the object it stands for. Sizes are `within_size`'s business.
        kind: the grammar: a trust policy names principals and no resources, the others the reverse.

    Raises:
        PolicyError: with every problem of the document and its place.
    """
    problems = Problems()
    try:
        content = _loaded(document, problems) if isinstance(document, str) else document
        statements = _read_document(content, kind, problems)
    except RecursionError as error:
        raise PolicyError([Problem("document", "is nested too deeply")]) from error
    if problems.found:
        raise PolicyError(problems.found)
    return Policy(kind, statements)


class _TwiceError(Exception):
    """A name is given twice in one object."""


def _each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    content = dict(pairs)
    if len(content) < len(pairs):
        raise _TwiceError
    return content


_DECODER = json.JSONDecoder(object_pairs_hook=_each_once)
"""Made once: `json.loads` with a hook makes one for each text."""


def _loaded(text: str, problems: Problems) -> object:
    try:
        return _DECODER.decode(text)
    except (_TwiceError, ValueError):
        return _loaded_with_problems(text, problems)


def _loaded_with_problems(text: str, problems: Problems) -> object:
    def unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
        content = dict(pairs)
        if len(content) < len(pairs):
            times = Counter(name for name, _ in pairs)
            for name in (each for each, count in times.items() if count > 1):
                problems.add(
                    "document", f"{shown(name)} is given twice in one object: the first would be lost"
                )
        return content

    try:
        return json.loads(text, object_pairs_hook=unique)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno} column {error.colno}"
        raise PolicyError([Problem("document", f"is not JSON: {error.msg.lower()} at {place}")]) from error
    except ValueError as error:
        raise PolicyError([Problem("document", "is not JSON: a number is too long")]) from error


def _read_document(content: object, kind: PolicyKind, problems: Problems) -> tuple[Statement, ...]:
    if not isinstance(content, Mapping):
        problems.add("document", f"is {shown(content)}, not an object with `Version` and `Statement`")
        return ()
    _refuse_unknown(content, ("Statement", "Version"), "document", problems)
    if "Version" not in content:
        problems.add("Version", 'is missing: write `"Version": "1"`')
    elif content["Version"] != "1":
        problems.add("Version", f'is {shown(content["Version"])}: the only version is `"1"`')
    entries = content.get("Statement")
    if not isinstance(entries, (list, tuple)):
        problems.add(
            "Statement", "is missing" if entries is None else f"is {shown(entries)}, not a list of statements"
        )
        return ()
    if not entries:
        problems.add("Statement", "is empty: a policy has at least one statement")
    read = [_read_statement(entry, kind, f"statement {n}", problems) for n, entry in enumerate(entries, 1)]
    return () if problems.found else tuple(statement for statement in read if statement is not None)


def _read_statement(entry: object, kind: PolicyKind, place: str, problems: Problems) -> Statement | None:
    if not isinstance(entry, Mapping):
        problems.add(place, f"is {shown(entry)}, not an object")
        return None
    before = len(problems.found)
    _refuse_unknown(entry, _ELEMENTS, place, problems)
    effect = _read_effect(entry, place, problems)
    actions, not_actions = read_actions(entry, kind, place, problems)
    resources = read_resources(entry, kind, place, problems)
    principals = read_principals(entry, kind, place, problems)
    conditions = read_conditions(entry, place, problems)
    if len(problems.found) > before or effect is None:
        return None
    return Statement(effect, actions, not_actions, resources, principals, conditions)


def _read_effect(entry: Mapping[str, object], place: str, problems: Problems) -> Effect | None:
    value = entry.get("Effect")
    if value in ("Allow", "Deny"):
        return Effect(value)
    wrong = "is missing" if "Effect" not in entry else f"is {shown(value)}"
    problems.add(f"{place}, Effect", f"{wrong}: write `Allow` or `Deny`")
    return None


def _refuse_unknown(
    content: Mapping[str, object], known: tuple[str, ...], place: str, problems: Problems
) -> None:
    for name in content:
        if name in known:
            continue
        here = str(name) if place == "document" else f"{place}, {name}"
        problems.add(
            here, _OUTSIDE.get(name) or f"is not an element of the policy language{nearest(str(name), known)}"
        )
