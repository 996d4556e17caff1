"""The states that an audit reads: every one that can be read, and by name those that cannot."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from crossaccount.access import AccessError, StackRecords, state_of
from crossaccount.access.build import merge
from crossaccount.access.graph import graph_of_facts
from crossaccount.access.json_file import json_of
from crossaccount.audit.model import LeftOut, Source
from crossaccount.audit.moments import read_written
from crossaccount.audit.tolerant import facts_that_parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from crossaccount.access import AccessGraph, Facts
    from crossaccount.audit.stored import Stored

_NEVER = datetime.min.replace(tzinfo=timezone.utc)


@dataclass(slots=True)
class Gathered:
    """States that were read.

    Attributes:
        stacks: their resources.
        sources: what each was read from, in the same order.
        left_out: those that could not be read.
        rivals: states of one stack that differ, in words.
    """

    stacks: list[StackRecords] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    rivals: list[str] = field(default_factory=list)
    _places: dict[str, int] = field(default_factory=dict, repr=False)

    def add(self, stored: Stored, project: str | None = None) -> None:
        """Read a state; one that cannot be read is left out by name.

        Args:
            stored: the state.
            project: the only project it may be of; None takes any.
        """
        try:
            document = json_of(stored.content, stored.where)
            records = state_of(deployment_of(document), stored.where, project)
        except AccessError as error:
            self.left_out.append(LeftOut(stored.where, str(error)))
            return
        digest = hashlib.sha256(stored.content).hexdigest()
        source = Source(
            stored.where,
            _name(records, stored),
            resources=len(records.records),
            written=_written(document),
            version=stored.version,
            digest=digest,
        )
        self._keep(records, source)

    def _keep(self, records: StackRecords, source: Source) -> None:
        place = (
            self._places.setdefault(source.stack, len(self.sources)) if source.stack else len(self.sources)
        )
        if place == len(self.sources):
            self.stacks.append(records)
            self.sources.append(source)
            return
        other = self.sources[place]
        if other.digest == source.digest:
            return
        newer, older = (source, other) if _moment(source) > _moment(other) else (other, source)
        self.rivals.append(
            f"stack `{source.stack}` is given twice, by `{newer.where}` and `{older.where}`, and they "
            f"differ: `{newer.where}` counts, written {newer.written or 'at a time that is not recorded'}"
        )
        if newer is source:
            self.stacks[place], self.sources[place] = records, source

    def graph(self, accounts: Mapping[str, str], live: Iterable[Facts] = ()) -> AccessGraph:
        """The graph of all that was read; a stack whose facts cannot be read is left out by name.

        Args:
            accounts: the accounts of stacks that do not say it, by the stack's name or `<project>/<stack>`.
            live: what was read of live accounts.
        """
        graph = graph_of_facts(merge([*self.facts(accounts), *live]), strict=False)
        return replace(graph, conflicts=(*graph.conflicts, *self.rivals))

    def facts(self, accounts: Mapping[str, str]) -> list[Facts]:
        """What each stack says about access; a stack of which that cannot be read is left out by name.

        Args:
            accounts: as for `graph`.
        """
        parts: list[Facts] = []
        for place, stack in reversed(list(enumerate(self.stacks))):
            try:
                part, left_out = facts_that_parse(
                    stack, accounts.get(stack.name) or accounts.get(stack.stack)
                )
            except AccessError as error:
                self.left_out.append(LeftOut(self.sources[place].where, str(error)))
                del self.stacks[place], self.sources[place]
                self._places = {each.stack: at for at, each in enumerate(self.sources) if each.stack}
                continue
            self.left_out += left_out
            parts.insert(0, part)
            self.sources[place] = replace(self.sources[place], account=", ".join(sorted(part.accounts)))
        return parts


def deployment_of(document: Any) -> Any:  # noqa: ANN401  JSON
    """An export as it is; a backend's checkpoint as the export that it would be."""
    if isinstance(document, dict) and isinstance(document.get("checkpoint"), dict):
        return {"version": document.get("version"), "deployment": document["checkpoint"].get("latest") or {}}
    return document


def _written(document: Any) -> str:  # noqa: ANN401  JSON
    deployment = deployment_of(document).get("deployment") or {}
    manifest = deployment.get("manifest")
    time = manifest.get("time") if isinstance(manifest, dict) else None
    if not isinstance(time, str) or time.startswith("0001-") or read_written(time) is None:
        return ""
    return time


def _moment(source: Source) -> datetime:
    return read_written(source.written) or _NEVER


def _name(records: StackRecords, stored: Stored) -> str:
    """The stack's name, as its place has it: a renamed stack's older states have the name of then."""
    if stored.stack:
        return "/".join(filter(None, (stored.project or records.project, stored.stack)))
    return records.name if records.stack else stored.project
