"""What every form of the report says in the same words: counts, lengths of time, findings that are alike."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crossaccount.audit.model import Grade

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crossaccount.audit.model import Assumer, Delegation, Finding, Report, Row

_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


@dataclass(frozen=True, slots=True)
class Alike:
    """Findings of one code, each with the role it is about; no role for one of the whole report."""

    findings: tuple[tuple[str, Finding], ...]

    @property
    def first(self) -> Finding:
        """The one that stands for all."""
        return self.findings[0][1]


def alike(report: Report) -> list[Alike]:
    """All findings, those of one code and grade together, the gravest first."""
    found: dict[tuple[Grade, str, str], list[tuple[str, Finding]]] = defaultdict(list)
    for role, finding in every_finding(report):
        found[finding.grade, finding.code, finding.title].append((role, finding))
    return [
        Alike(tuple(each)) for _, each in sorted(found.items(), key=lambda one: (one[0][0].rank, one[0][1:]))
    ]


def every_finding(report: Report) -> Iterator[tuple[str, Finding]]:
    """Every finding with the ARN of the role it is about."""
    for finding in report.findings:
        yield "", finding
    for delegation in report.delegations:
        for finding in delegation.findings:
            yield delegation.role_arn, finding


def headline(report: Report) -> str:
    """What the report holds, in one line that counts."""
    grades = Counter(finding.grade for _, finding in every_finding(report))
    principals = {each.arn for delegation in report.delegations for each in delegation.assumers}
    counted = ", ".join(f"{grades[grade]} {grade.value}" for grade in Grade if grades[grade]) or "none"
    delegations, users = count(len(report.delegations), "delegation"), count(len(principals), "principal")
    said = f"{delegations}, {users} that may use them; findings: {counted}."
    return said if report.complete else f"{said} {count(len(report.left_out), 'state')} could not be read."


def count(number: int, word: str) -> str:
    """A number with its word: `1 role`, `2,000 roles`."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def session_words(seconds: int | None) -> str:
    """The longest session in words."""
    if seconds is None:
        return "session length not told"
    parts = []
    for size, unit in _UNITS:
        number, seconds = divmod(seconds, size)
        if number:
            parts.append(count(number, unit))
    return f"sessions of at most {' '.join(parts) or '0 seconds'}"


def company(account: str, alias: str) -> str:
    """An account with its alias, where it has one."""
    return f"{account} ({alias})" if alias else account


def parties(each: Delegation) -> str:
    """Owner and partners of a delegation: `1234567890120000 (company-a) to 1345678901230000`."""
    return f"{company(each.owner, each.owner_alias)} to {', '.join(each.partners) or 'an account not known'}"


def assumer_words(each: Assumer | None) -> str:
    """Who, from which account, and how sure that is."""
    if each is None:
        return "nobody"
    who = each.label if not each.account or each.account in each.label else f"{each.label} of {each.account}"
    if each.groups:
        who += f" through {', '.join(f'group `{group}`' for group in each.groups)}"
    if each.certainty == "yes":
        return who
    doubt = "if" if each.certainty == "under conditions" else "cannot tell:"
    return (
        f"{who}, {doubt} {' and '.join(each.conditions)}" if each.conditions else f"{who}, {each.certainty}"
    )


def right_of(row: Row) -> str:
    """What a row gives, in words."""
    return "nothing" if row.right is None else row.right.words


def facts_of(each: Delegation) -> tuple[str, ...]:
    """Since when, until when, how long, under which conditions."""
    known = (
        f"created {each.created or 'at a time that is not recorded'}",
        f"last changed {each.modified or 'at a time that is not recorded'}",
        f"expires {each.expires}" if each.expires else _no_end(each),
        session_words(each.session_seconds),
        f"external id {each.external_id}"
        if each.external_id != "cannot tell"
        else "external id: cannot tell",
    )
    return (*known, *(f"trusts if {words}" for words in each.conditions))


def end_of(each: Delegation) -> str:
    """When trust ends; `never`, or `cannot tell` of a trust policy that is not known."""
    return each.expires or ("cannot tell" if each.external_id == "cannot tell" else "never")


def _no_end(each: Delegation) -> str:
    """A trust policy that is not known may end whenever."""
    return "when it expires: cannot tell" if each.external_id == "cannot tell" else "never expires"


def place_of(each: Delegation) -> str:
    """Where a delegation is declared."""
    origin = each.origin
    if origin is None:
        return "no given stack declares it"
    if not origin.urn:
        return f"read in {origin.where}; no stack declares it"
    return f"{origin.position} ({origin.urn})" if origin.position else origin.urn
