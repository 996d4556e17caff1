"""Approval binds: a digest of the state before, of what is going to be, and of the diff between them.

Whoever approved one thing does not apply another: each part is compared, the starting state included.
Lines of the program, file names and times are no part of it; neither are secrets in the clear.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from crossaccount.review.json_form import to_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crossaccount.access import StackRecords
    from crossaccount.review.model import PermissionDiff

_VERSION = "v1"
_LENGTH = 32
_PARTS = ("the state before", "what would be applied", "the permission diff")
_PLACES = ("sourcePosition", "stackTrace", "created", "modified")


def digest_of(before: Iterable[StackRecords], after: Iterable[StackRecords], diff: PermissionDiff) -> str:
    """The digest, `v1:<before>:<after>:<diff>`, 128 bits each."""
    return ":".join([_VERSION, _hash(_stacks(before)), _hash(_stacks(after)), _hash(_changes(diff))])


def refusal(approved: str, found: str) -> str:
    """Why an approval does not cover what was found; empty where it does."""
    if approved == found:
        return ""
    wanted, got = approved.split(":"), found.split(":")
    if len(wanted) != len(got) or wanted[0] != got[0]:
        return f"`{approved}` is no digest of this form (`{found}`): approve the current diff"
    differ = [part for part, one, other in zip(_PARTS, wanted[1:], got[1:], strict=True) if one != other]
    said = " and ".join([", ".join(differ[:-1]), differ[-1]] if len(differ) > 1 else differ)
    verb = "differ" if len(differ) > 1 else "differs"
    return f"{said} {verb} from what was approved: look at the diff again, and approve `{found}`"


def _stacks(stacks: Iterable[StackRecords]) -> list[Any]:
    found = [
        [stack.project, stack.stack, sorted((_record(each.resource) for each in stack.records), key=_text)]
        for stack in stacks
    ]
    return sorted(found, key=_text)


def _record(resource: Any) -> dict[str, Any]:  # noqa: ANN401  JSON
    return {key: value for key, value in resource.items() if key not in _PLACES}


def _changes(diff: PermissionDiff) -> Any:  # noqa: ANN401  JSON
    document = to_json(diff)
    for row in document["rows"]:
        for cause in row["causes"]:
            for place in ("position", "changedLine", "trace"):
                del cause[place]
    for each in document["notAnalysed"]:
        del each["place"]
    return document


def _hash(value: object) -> str:
    return hashlib.sha256(_text(value).encode()).hexdigest()[:_LENGTH]


def _text(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
