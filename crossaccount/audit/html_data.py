"""What the HTML form's script reads: the delegations as compact JSON, every text in it once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from crossaccount.access.words import visible

if TYPE_CHECKING:
    from crossaccount.access import Origin
    from crossaccount.audit.model import Assumer, Delegation, Finding, Report, Right

ROLE = "\ufffc"
"""Stands for the role's name in the texts about it, so that those of 10,000 roles are few."""
_ESCAPED = ascii(ROLE)[1:-1]


def data_of(report: Report) -> bytes:
    """The delegations of a report as JSON that may stand in a `script` element: there is no `<` in it.

    `page/data.js` reads it, and says what stands where. Texts are as the other forms show them: what does
    not print is its escape.
    """
    encoder = _Encoder()
    delegations = [encoder.delegation(each) for each in report.delegations]
    written = orjson.dumps(
        {
            "strings": encoder.strings,
            "lists": encoder.lists,
            "origins": encoder.origins,
            "findings": encoder.findings,
            "delegations": delegations,
        }
    )
    return written.replace(b"<", b"\\u003c")


class _Encoder:
    """Gives each text, list of texts, resource and finding its number, the first time it is met."""

    def __init__(self) -> None:
        self.strings: list[str] = []
        self.lists: list[list[int]] = []
        self.origins: list[list[int]] = []
        self.findings: list[list[int]] = []
        self._strings: dict[str, int] = {}
        self._lists: dict[tuple[str, ...], int] = {}
        self._origins: dict[int, int] = {}
        self._findings: dict[tuple[str, str, str, str, str], int] = {}

    def delegation(self, each: Delegation) -> list[Any]:
        text, role = self._text, each.role
        return [
            text(each.owner),
            text(each.owner_alias),
            self._list(each.partners),
            text(role),
            text(_about(each.role_arn, role)),
            self._list(each.conditions),
            each.session_seconds,
            text(each.expires),
            text(each.external_id),
            text(each.created),
            text(each.modified),
            self._origin(each.origin),
            [self._finding(one, role) for one in each.findings],
            [self._assumer(one) for one in each.assumers],
            [self._right(one, role) for one in each.rights],
        ]

    def _assumer(self, each: Assumer) -> list[Any]:
        text = self._text
        return [
            text(each.label),
            text(each.kind),
            text(each.account),
            text(each.arn),
            text(each.certainty),
            self._list(each.conditions),
            self._list(each.groups),
            [self._origin(one) for one in each.origins],
        ]

    def _right(self, each: Right, role: str) -> list[Any]:
        text, several = self._text, self._list
        return [
            text(_about(each.words, role)),
            text(_about(each.policy, role)),
            several(each.actions),
            several(each.means),
            several(each.classes),
            several(each.resources),
            several(each.conditions),
            int(each.beyond),
            int(each.certain),
            self._origin(each.origin),
        ]

    def _finding(self, each: Finding, role: str) -> list[int]:
        key = (
            each.code,
            each.grade.value,
            _about(each.title, role),
            _about(each.explanation, role),
            _about(each.mend, role),
        )
        number = self._findings.get(key)
        if number is None:
            number = self._findings[key] = len(self.findings)
            self.findings.append([self._text(one) for one in key])
        return [number, *(self._origin(one) for one in each.origins)]

    def _origin(self, each: Origin | None) -> int:
        if each is None:
            return -1
        number = self._origins.get(id(each))  # the report keeps it alive
        if number is None:
            number = self._origins[id(each)] = len(self.origins)
            chain, separator, name = each.urn.rpartition("::")
            texts = (each.where, each.stack, chain + separator, name, each.position)
            self.origins.append([self._text(one) for one in texts])
        return number

    def _list(self, texts: tuple[str, ...]) -> int:
        number = self._lists.get(texts)
        if number is None:
            number = self._lists[texts] = len(self.lists)
            self.lists.append([self._text(one) for one in texts])
        return number

    def _text(self, text: str) -> int:
        number = self._strings.get(text)
        if number is None:
            number = self._strings[text] = len(self.strings)
            self.strings.append(visible(text))
        return number


def _about(text: str, role: str) -> str:
    if ROLE in text:
        text = text.replace(ROLE, _ESCAPED)
    return text.replace(role, ROLE) if role else text
