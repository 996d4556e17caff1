"""Checkpoints of a backend: those of now, and those of any update."""

from __future__ import annotations

import gzip
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from crossaccount.access import AccessError
from crossaccount.access.json_file import json_of
from crossaccount.audit.backend.layout import Layout, UpdateFiles, layout_of
from crossaccount.audit.backend.updates import OUTSIDE, Update, update_of
from crossaccount.audit.model import LeftOut
from crossaccount.audit.stored import Stored

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from crossaccount.audit.backend.layout import StackName
    from crossaccount.audit.backend.places import Place

_AT_ONCE = 8
_GZIP = b"\x1f\x8b"
Given = TypeVar("Given")
Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """An update of a stack, and the file with the state after it.

    Attributes:
        update: the update; of kind `outside` for a state that no recorded update made.
        place: the backend.
        name: the file.
        since: of such a state the earliest moment at which it may have come; else None.
    """

    update: Update
    place: Place
    name: str
    since: datetime | None = None

    def stored(self) -> Stored | LeftOut:
        """The state after the update, read now."""
        return _stored(self.place, self.name, _name_of(self.update.stack), self.update.number)


@dataclass(slots=True)
class History:
    """The updates of some backends' stacks.

    Attributes:
        checkpoints: by stack, the oldest update first.
        unrecorded: the states of stacks of which no update is kept.
        left_out: records and checkpoints that are missing or damaged.
    """

    checkpoints: dict[str, list[Checkpoint]] = field(default_factory=dict)
    unrecorded: list[Stored | LeftOut] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)


def current_states(place: Place, told: Callable[[str], None]) -> Iterator[Stored | LeftOut]:
    """The state of each stack of a backend as it is now.

    Args:
        place: the backend.
        told: is called with each file's name when it is read, for a progress bar.
    """
    layout = layout_of(place.names())
    if not layout.stacks:
        yield LeftOut(place.where, f"backend `{place.where}` has no stack: is it the right folder?")
    files = [(stack, name) for stack, names in sorted(layout.current.items()) for name in names]

    def read(file: tuple[StackName, str]) -> Stored | LeftOut:
        told(file[1])
        stored = _stored(place, file[1], file[0], 0)
        updates = layout.updates.get(file[0])
        if isinstance(stored, LeftOut) or not updates or not _is_of(place, updates[-1], stored.content):
            return stored
        return replace(stored, version=str(len(updates)))

    yield from _each(files, read)


def _is_of(place: Place, update: UpdateFiles, content: bytes) -> bool:
    """Whether a state is the one that an update left."""
    try:
        return bool(update.checkpoint) and _content(place, update.checkpoint) == content
    except OSError:
        return False


def history_of(place: Place, told: Callable[[str], None]) -> History:
    """The updates of a backend's stacks; their states are not read yet.

    Args:
        place: the backend.
        told: as for `current_states`.
    """
    layout = layout_of(place.names())
    found = History()
    for stack in sorted(layout.updates):
        name = "/".join(filter(None, stack))
        _add(found, layout, stack, name, place, told)
        for file in layout.current.get(stack, ()):
            _add_outside(found, name, place, file)
    for stack in sorted(layout.current.keys() - layout.updates.keys()):
        for name in layout.current[stack]:
            told(name)
            found.unrecorded.append(_stored(place, name, stack, 0))
    return found


def _add(
    found: History, layout: Layout, stack: StackName, name: str, place: Place, told: Callable[[str], None]
) -> None:
    files = list(enumerate(layout.updates[stack], 1))

    def read(numbered: tuple[int, UpdateFiles]) -> Checkpoint | LeftOut:
        told(numbered[1].history or numbered[1].checkpoint)
        return _checkpoint(place, name, *numbered)

    for each in _each(files, read):
        if isinstance(each, LeftOut):
            found.left_out.append(each)
        else:
            found.checkpoints.setdefault(name, []).append(each)


def _add_outside(found: History, stack: str, place: Place, file: str) -> None:
    """The state as it is now, where the last update did not leave it so."""
    known = found.checkpoints.get(stack)
    if not known:
        return
    try:
        if _content(place, file) == _content(place, known[-1].name):
            return
    except OSError as error:
        found.left_out.append(LeftOut(f"{place.where}: {file}", _why(f"{place.where}: {file}", error)))
        return
    last = known[-1].update
    ended = max(last.ended, place.changed(file) or last.ended)
    outside = Update(stack, last.number + 1, OUTSIDE, "succeeded", ended)
    known.append(Checkpoint(outside, place, file, last.ended))


def _checkpoint(place: Place, name: str, number: int, files: UpdateFiles) -> Checkpoint | LeftOut:
    where = f"{place.where}: {files.history or files.checkpoint}"
    if not files.history or not files.checkpoint:
        missing = "record" if not files.history else "checkpoint"
        return LeftOut(where, f"`{where}`: the {missing} of update {number} of `{name}` is missing")
    try:
        record = json_of(_content(place, files.history), where)
        return Checkpoint(update_of(record, where, name, number), place, files.checkpoint)
    except (AccessError, OSError) as error:
        return LeftOut(where, _why(where, error))


def _stored(place: Place, name: str, stack: StackName, number: int) -> Stored | LeftOut:
    where = f"{place.where}: {name}"
    try:
        content = _content(place, name)
    except (AccessError, OSError) as error:
        return LeftOut(where, _why(where, error))
    return Stored(where, content, str(number) if number else "", *stack)


def _content(place: Place, name: str) -> bytes:
    content = place.read(name)
    if not content.startswith(_GZIP):
        return content
    try:
        return gzip.decompress(content)
    except (EOFError, zlib.error) as error:
        raise OSError(0, f"it is cut off or not gzip: {error}") from None


def _why(where: str, error: Exception) -> str:
    if isinstance(error, OSError):
        return f"`{where}` cannot be read: {(error.strerror or str(error)).lower()}"
    return str(error)


def _name_of(stack: str) -> StackName:
    project, _, name = stack.rpartition("/")
    return project, name


def _each(given: Iterable[Given], read: Callable[[Given], Read]) -> Iterator[Read]:
    """What `read` makes of each, several at once, in the order given."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        yield from pool.map(read, given)
