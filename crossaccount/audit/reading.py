"""Reading what is audited: files, backends, and projects that the Pulumi CLI knows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from crossaccount.access import QuestionError
from crossaccount.audit.backend.checkpoints import current_states
from crossaccount.audit.backend.places import place_of
from crossaccount.audit.backend.project import is_project, states_of_project
from crossaccount.audit.gathered import Gathered
from crossaccount.audit.model import LeftOut
from crossaccount.audit.stored import Stored

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


def gather(
    locations: Sequence[str], project: str | None = None, told: Callable[[str], None] = lambda _: None
) -> Gathered:
    """Every state of some places.

    Args:
        locations: files that `pulumi stack export` wrote; folders and URLs of self-managed backends; folders
            of projects, whose stacks `pulumi` is asked for.
        project: the only project they may be of; None takes any.
        told: is called with the name of each file when it is read.
    """
    found = Gathered()
    for location in locations:
        for each in _states(location, told):
            if isinstance(each, LeftOut):
                found.left_out.append(each)
            else:
                found.add(each, project)
    return found


def _states(location: str, told: Callable[[str], None]) -> Iterator[Stored | LeftOut]:
    try:
        place = place_of(location)
        if place is not None:
            yield from current_states(place, told)
        elif is_project(Path(location)):
            yield from states_of_project(Path(location), told)
        else:
            told(location)
            yield read_file(location)
    except QuestionError as error:
        yield LeftOut(location, str(error))


def read_file(location: str) -> Stored | LeftOut:
    """The state in a file, not looked at yet; what says why where it cannot be read."""
    try:
        return Stored(location, Path(location).read_bytes())
    except IsADirectoryError:
        what = "neither a backend (it has no `.pulumi`) nor a project (it has no `Pulumi.yaml`)"
        return LeftOut(location, f"`{location}` is a folder, and {what}")
    except OSError as error:
        return LeftOut(location, f"`{location}` cannot be read: {(error.strerror or 'an error').lower()}")
