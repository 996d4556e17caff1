"""Names of principals as marks: a name has the same mark wherever it stands, and no form holds the name.

A mark is keyed (HMAC-SHA-256): whoever has the key can tell which name a mark stands for, nobody else can try
names out. Principals are users, groups, and the roles that may assume a role or are trusted by name. A role
that is only assumed keeps its name, as accounts and policies do, but for the names of principals in them.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeVar, cast

from crossaccount.access.records import logical_name
from crossaccount.access.trusted import trusted_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crossaccount.access import AccessGraph, Group, Origin, User
    from crossaccount.audit.model import Report

Value = TypeVar("Value")

_WITHIN_WORDS = 5
"""From so many characters on a name is also found inside of longer words."""
_DIGITS = 12
_KEPT = frozenset(
    {
        *(
            "code",
            "kind",
            "certainty",
            "actions",
            "means",
            "classes",
            "external_id",
            "digest",
            "side",
            "there",
        ),
        *("as_of", "written", "expires", "created", "modified", "account", "owner", "partners", "until"),
    }
)
"""What holds no name: words of a fixed list, ids of accounts, times, actions of the catalogue."""
_URN = re.compile(r"(urn:pulumi:[^\s`]+::)([^\s`:]+)")


class Marks:
    """The marks of some names.

    Args:
        names: what is not to be seen; in any letter case.
        key: at least 16 bytes.
    """

    def __init__(self, names: Iterable[str], key: bytes) -> None:
        self._key = key
        wanted = sorted({name for name in names if name}, key=lambda each: (-len(each), each))
        self._pattern = re.compile("|".join(map(_found_by, wanted)), re.IGNORECASE) if wanted else None
        self._texts: dict[str, str] = {}
        self._values: dict[Any, Any] = {}

    def mark(self, name: str) -> str:
        """What stands for a name; of any letter case, for RAM's own do not tell roles apart by it."""
        digest = hmac.new(self._key, name.lower().encode("utf-8", "surrogatepass"), hashlib.sha256)
        return f"p-{digest.hexdigest()[:_DIGITS]}"

    def text(self, text: str) -> str:
        """A text with a mark for each name in it."""
        if self._pattern is None:
            return text
        known = self._texts.get(text)
        if known is None:
            known = self._texts[text] = self._pattern.sub(lambda found: self.mark(found[0]), text)
        return known

    def of(self, value: Value) -> Value:
        """A value of the audit, such as a `Report` or a `Proof`, with a mark for each name in its texts."""
        return cast("Value", self._of(value))

    def _of(self, value: Any) -> Any:  # noqa: ANN401  any value of the audit
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, tuple):
            return tuple(map(self._of, value))
        if not is_dataclass(value) or isinstance(value, (type, Enum)):
            return value
        if value not in self._values:
            changed = {
                each.name: self._of(getattr(value, each.name))
                for each in fields(value)
                if each.name not in _KEPT
            }
            self._values[value] = replace(value, **changed)
        return self._values[value]

    def unread(self, report: Value) -> Value:
        """A report or proof whose left-out states tell no resource's name: who is in them is not known."""
        left_out = getattr(report, "left_out", ())
        hidden = tuple(
            replace(each, where=self._without_resources(each.where), why=self._without_resources(each.why))
            for each in left_out
        )
        return cast("Value", replace(cast("Any", report), left_out=hidden))

    def _without_resources(self, text: str) -> str:
        return _URN.sub(lambda found: found[1] + self.mark(found[2]), text)


def redacted(report: Value, names: Iterable[str], key: bytes) -> Value:
    """A report, or a proof, in which no name of a principal is left.

    Args:
        report: the `Report`, or the `Proof`.
        names: the principals' names, from `principal_names`.
        key: at least 16 bytes; the same key gives the same marks.
    """
    marks = Marks(names, key)
    return marks.unread(marks.of(report))


def principal_names(graphs: Iterable[AccessGraph], report: Report | None = None) -> Iterator[str]:
    """The names of all principals that are known, with the logical names that stacks gave them.

    Args:
        graphs: everything that the report was made from.
        report: the report, for the roles that may assume others; None where there is none.
    """
    principals = {
        assumer.arn.lower()
        for delegation in (() if report is None else report.delegations)
        for assumer in delegation.assumers
        if assumer.kind == "role"
    }
    for graph in graphs:
        holders: Iterable[User | Group] = (*graph.users.values(), *graph.groups.values())
        for each in holders:
            yield each.name
            yield from _logical(each.origin)
        for role in graph.roles.values():
            for named in trusted_names(role.trust):
                if named.kind in ("user", "role"):
                    yield named.name
                    principals.add(named.arn.lower())
        for arn in principals:
            found = graph.role(arn)
            yield arn.rpartition("/")[2]
            yield from _logical(None if found is None else found.origin)


def _logical(origin: Origin | None) -> Iterator[str]:
    if origin is not None and origin.urn:
        yield logical_name(origin.urn)


def _found_by(name: str) -> str:
    escaped = re.escape(name)
    return escaped if len(name) >= _WITHIN_WORDS else rf"(?<![a-z0-9]){escaped}(?![a-z0-9])"
