"""The versions that stacks had, one after the other, and what they held at a moment."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from crossaccount.access import QuestionError
from crossaccount.audit.backend.checkpoints import Checkpoint, history_of
from crossaccount.audit.backend.places import place_of
from crossaccount.audit.backend.project import ExportedVersion, is_project, versions_of_project
from crossaccount.audit.backend.updates import Update
from crossaccount.audit.gathered import Gathered
from crossaccount.audit.model import LeftOut
from crossaccount.audit.moments import moment_text, read_written
from crossaccount.audit.reading import read_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from crossaccount.audit.stored import Stored

Numbered = TypeVar("Numbered", Checkpoint, ExportedVersion)


class Version(Protocol):
    """A stack after one of its updates."""

    @property
    def update(self) -> Update:
        """The update."""
        ...

    @property
    def since(self) -> datetime | None:
        """Of a state that no recorded update made the earliest moment it may be from; else None."""
        ...

    def stored(self) -> Stored | LeftOut:
        """The state after it."""
        ...


@dataclass(frozen=True, slots=True)
class Exported:
    """A version that was exported to a file; who made it is not recorded."""

    update: Update
    content: Stored
    since: None = None

    def stored(self) -> Stored:
        """The state."""
        return self.content


@dataclass(slots=True)
class Versions:
    """Every version of every stack that is known.

    Attributes:
        by_stack: the oldest first.
        left_out: what could not be read.
    """

    by_stack: dict[str, list[Version]] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)

    def add(self, version: Version) -> None:
        """Put a version in its place."""
        found = self.by_stack.setdefault(version.update.stack, [])
        found.append(version)
        found.sort(key=lambda each: (each.update.ended, each.update.number))

    def moments(self) -> list[datetime]:
        """When anything changed, in order, each once."""
        return sorted({each.update.ended for versions in self.by_stack.values() for each in versions})

    def at(self, moment: datetime) -> dict[str, Version | None]:
        """By stack its version at a moment; None for a stack that was not there yet."""
        found: dict[str, Version | None] = {}
        for stack, versions in sorted(self.by_stack.items()):
            place = bisect_right([each.update.ended.replace(microsecond=0) for each in versions], moment)
            found[stack] = versions[place - 1] if place else None
        return found

    def doubtful(self, moment: datetime) -> list[LeftOut]:
        """The stacks of which cannot be told which of two versions they had at a moment."""
        return [
            LeftOut(each.update.stack, _doubt(each, moment))
            for versions in self.by_stack.values()
            for each in versions
            if each.since is not None and each.since <= moment < each.update.ended
        ]


def _doubt(version: Version, moment: datetime) -> str:
    between = " and ".join(map(moment_text, (version.since or moment, version.update.ended)))
    return (
        f"stack `{version.update.stack}` was changed without a record (`pulumi stack import`, an edit, or an "
        f"update under way) between {between}: what it held at {moment_text(moment)} cannot be told; the "
        "last recorded update is reported"
    )


def gather_versions(locations: Sequence[str], told: Callable[[str], None] = lambda _: None) -> Versions:
    """The versions that some places keep.

    Args:
        locations: folders and URLs of self-managed backends, folders of projects, or exported states, any
            number of each stack, told apart by the time in their manifests.
        told: is called with the name of each file when it is read.
    """
    found = Versions()
    for location in locations:
        try:
            _add(found, location, told)
        except QuestionError as error:  # noqa: PERF203  the other places are read
            found.left_out.append(LeftOut(location, str(error)))
    return found


def gathered_at(
    versions: Versions, moment: datetime, project: str | None = None
) -> tuple[Gathered, list[str]]:
    """The states at a moment, and the stacks that were not there yet.

    Args:
        versions: all of them.
        moment: with a time zone.
        project: the only project they may be of; None takes any.
    """
    found = Gathered(left_out=list(versions.left_out))
    absent = []
    found.left_out += versions.doubtful(moment)
    for stack, version in versions.at(moment).items():
        if version is None:
            absent.append(stack)
            continue
        stored = version.stored()
        if isinstance(stored, LeftOut):
            found.left_out.append(stored)
        else:
            found.add(stored, project)
    return found, absent


def _add(found: Versions, location: str, told: Callable[[str], None]) -> None:
    place = place_of(location)
    if place is not None:
        history = history_of(place, told)
        found.left_out += history.left_out
        _add_all(found, _in_order(each for versions in history.checkpoints.values() for each in versions))
        _add_all(found, map(_exported, history.unrecorded))
        if not any((history.checkpoints, history.unrecorded, history.left_out)):
            found.left_out.append(LeftOut(place.where, f"backend `{place.where}` keeps no history"))
        return
    if is_project(Path(location)):
        _add_all(found, _in_order(versions_of_project(Path(location), told)))
        return
    told(location)
    _add_all(found, [_exported(read_file(location))])


def _add_all(found: Versions, versions: Iterable[Version | LeftOut]) -> None:
    for version in versions:
        if isinstance(version, LeftOut):
            found.left_out.append(version)
        else:
            found.add(version)


def _in_order(versions: Iterable[Numbered | LeftOut]) -> Iterator[Numbered | LeftOut]:
    """Versions in the order of their numbers, of which none ended before the one before it.

    A clock that was set back makes no update undone: it counts from when the one before it had ended.
    """
    ended: dict[str, datetime] = {}
    for each in versions:
        if isinstance(each, LeftOut):
            yield each
            continue
        update = each.update
        last = max(ended.get(update.stack, update.ended), update.ended)
        ended[update.stack] = last
        yield each if last == update.ended else replace(each, update=replace(update, ended=last))


def _exported(stored: Stored | LeftOut) -> Version | LeftOut:
    if isinstance(stored, LeftOut):
        return stored
    read = Gathered()
    read.add(stored)
    if read.left_out:
        return read.left_out[0]
    source = read.sources[0]
    written = read_written(source.written)
    if written is None:
        why = f"`{stored.where}` does not say when it was written: its place in the history cannot be told"
        return LeftOut(stored.where, why)
    return Exported(Update(source.stack, 0, "export", "succeeded", written), stored)
