"""The timeline of access: who could do what, from when to when, and which update changed it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from crossaccount.access.build import merge
from crossaccount.access.graph import graph_of_facts
from crossaccount.audit.gathered import Gathered
from crossaccount.audit.model import LeftOut
from crossaccount.audit.moments import moment_text
from crossaccount.audit.report import report_of
from crossaccount.audit.telling import assumer_words, right_of
from crossaccount.policy.values import read_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from crossaccount.access import AccessGraph, Facts, Role, User
    from crossaccount.audit.model import Row
    from crossaccount.audit.versions import Version, Versions

_TIME = "acs:CurrentTime"
_BY_ITSELF = "ended by itself: a condition on the time"
_UP_TO = frozenset({"DateEquals", "DateNotEquals", "DateLessThanEquals", "DateGreaterThan"})
_SECOND = timedelta(seconds=1)
_BEGAN = "began by itself: a condition on the time"


@dataclass(frozen=True, slots=True)
class Span:
    """One right of one principal, as long as it lasted.

    Attributes:
        principal: who, in words, with the conditions.
        principal_arn: the ARN; empty for nobody.
        role: the role's ARN.
        right: what, in words.
        since: from when, RFC 3339.
        opened: what began it: the update with author and commit, or the time.
        until: to when; empty where it still lasts.
        closed: what ended it; empty where it still lasts.
    """

    principal: str
    principal_arn: str
    role: str
    right: str
    since: str
    opened: str
    until: str = ""
    closed: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    """The spans in the order in which they began, and what could not be read."""

    spans: tuple[Span, ...]
    left_out: tuple[LeftOut, ...]


def timeline_of(versions: Versions, until: datetime, accounts: Mapping[str, str]) -> Timeline:
    """The timeline that versions of stacks make.

    Args:
        versions: of any number of stacks; one that cannot be read leaves its stack as it was.
        until: the last moment of interest, with a time zone.
        accounts: the accounts of stacks that do not say it.
    """
    held = _Held(accounts)
    lasting: dict[tuple[str, ...], Span] = {}
    ended: list[Span] = []
    moments = [each for each in versions.moments() if each <= until]
    for place, moment in enumerate(moments):
        causes = held.take(_changed(versions, moment))
        following = moments[place + 1] if place + 1 < len(moments) else until
        graph = held.graph()
        _step(graph, moment, causes, lasting, ended)
        for turn in _turns(graph, moment, following):
            _step(graph, turn, "", lasting, ended)
    spans = sorted([*ended, *lasting.values()], key=lambda each: (each.since, each.role, each.principal))
    return Timeline(tuple(spans), (*versions.left_out, *held.left_out))


class _Held:
    """What every stack holds at one moment of the walk."""

    def __init__(self, accounts: Mapping[str, str]) -> None:
        self._accounts = accounts
        self._facts: dict[str, Facts] = {}
        self.left_out: list[LeftOut] = []

    def take(self, changed: Iterable[Version]) -> str:
        """Put new versions in the place of their stacks' former ones; returns what they are, in words."""
        said = []
        for version in changed:
            said.append(version.update.words)
            stored = version.stored()
            if isinstance(stored, LeftOut):
                self.left_out.append(stored)
                continue
            read = Gathered()
            read.add(stored)
            facts = read.facts(self._accounts)
            self.left_out += read.left_out
            if facts:
                self._facts[version.update.stack] = facts[0]
            elif not read.left_out:
                self._facts.pop(version.update.stack, None)
        return "; ".join(said)

    def graph(self) -> AccessGraph:
        """The graph of all stacks together."""
        return graph_of_facts(merge(self._facts.values()), strict=False)


def _changed(versions: Versions, moment: datetime) -> Iterator[Version]:
    for found in versions.by_stack.values():
        yield from (each for each in found if each.update.ended == moment)


def _step(
    graph: AccessGraph, moment: datetime, causes: str, lasting: dict[tuple[str, ...], Span], ended: list[Span]
) -> None:
    text = moment_text(moment)
    rows = report_of(graph, moment).rows()
    now = dict.fromkeys(_key(row) for row in rows if row.assumer is not None)
    over = [each for each in lasting if each not in now]
    ended += [replace(lasting.pop(key), until=text, closed=causes or _BY_ITSELF) for key in over]
    for key in now:
        if key not in lasting:
            lasting[key] = Span(*key, text, causes or _BEGAN)


def _key(row: Row) -> tuple[str, str, str, str]:
    arn = "" if row.assumer is None else row.assumer.arn
    return assumer_words(row.assumer), arn, row.delegation.role_arn, right_of(row)


def _turns(graph: AccessGraph, after: datetime, before: datetime) -> list[datetime]:
    """The moments at which a condition on the time changes its answer, with no update."""
    found = {
        moment for moment in _dates([*graph.roles.values(), *graph.users.values()]) if after < moment < before
    }
    return sorted(found)


def _dates(holders: Iterable[Role | User]) -> Iterator[datetime]:
    for holder in holders:
        documents = [grant.document for grant in holder.grants]
        trust = getattr(holder, "trust", None)
        for document in documents if trust is None else [trust, *documents]:
            for statement in () if document.policy is None else document.policy.statements:
                for condition in statement.conditions:
                    if condition.key == _TIME:
                        dates = [read_date(text).astimezone(timezone.utc) for text in condition.values]
                        yield from dates
                        if condition.operator in _UP_TO:
                            yield from (each + _SECOND for each in dates)
