"""The report as CSV: one right of one principal a line, for spreadsheets and tools."""

from __future__ import annotations

import csv
import io
from functools import lru_cache
from typing import TYPE_CHECKING

from crossaccount.access.words import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crossaccount.audit.model import Delegation, Report, Row

COLUMNS = (
    "owner",
    "owner_alias",
    "partners",
    "principal",
    "principal_kind",
    "principal_account",
    "principal_arn",
    "may_assume",
    "assume_conditions",
    "role",
    "role_arn",
    "right",
    "policy",
    "actions",
    "known_actions",
    "unknown_actions",
    "access_classes",
    "resources",
    "conditions",
    "certain",
    "max_session_seconds",
    "expires",
    "external_id",
    "created",
    "modified",
    "stack",
    "urn",
    "source_line",
    "findings",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def report_to_csv(report: Report) -> str:
    """The rows of a report, RFC 4180 with a header; several values of a cell are separated by `; `.

    A cell that a spreadsheet would take for a formula begins with an apostrophe.
    """
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(COLUMNS)
    writer.writerows(_lines(report))
    return target.getvalue()


def _lines(report: Report) -> Iterator[list[str]]:
    of: Delegation | None = None
    head: list[str] = []
    tail: list[str] = []
    for row in report.rows():
        if row.delegation is not of:
            of = row.delegation
            head, tail = _head(of), _tail(of)
        yield [*head[:3], *_assumer(row), *head[3:], *_right(row), *tail]


def _head(each: Delegation) -> list[str]:
    return [
        safe(text) for text in (each.owner, each.owner_alias, _cell(each.partners), each.role, each.role_arn)
    ]


def _tail(each: Delegation) -> list[str]:
    origin = each.origin
    where = ("", "", "") if origin is None else (origin.stack, origin.urn, origin.position)
    seconds = "" if each.session_seconds is None else str(each.session_seconds)
    findings = "; ".join(f"{one.grade.value}: {one.code}" for one in each.findings)
    times = (seconds, each.expires, each.external_id, each.created, each.modified)
    return [safe(text) for text in (*times, *where, findings)]


def _assumer(row: Row) -> list[str]:
    each = row.assumer
    if each is None:
        return ["nobody", "", "", "", "no", ""]
    cells = (each.label, each.kind, each.account, each.arn, each.certainty, _cell(each.conditions))
    return [safe(text) for text in cells]


def _right(row: Row) -> list[str]:
    each = row.right
    if each is None:
        return ["none", "", "", "", "", "", "", "", ""]
    cells = (each.words, each.policy, _cell(each.actions), _cell(each.means), _yes(each.beyond))
    more = (_cell(each.classes), _cell(each.resources), _cell(each.conditions), _yes(each.certain))
    return [safe(text) for text in (*cells, *more)]


@lru_cache(maxsize=1024)
def _cell(values: tuple[str, ...]) -> str:
    return "; ".join(values)


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def safe(text: str) -> str:
    """A cell that no spreadsheet takes for a formula and no terminal obeys."""
    text = visible(text)
    return f"'{text}" if text.startswith(_FORMULA) else text
