"""Where a fact comes from: the evidence that each edge of the graph carries."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_SCHEME = "project:///"


@dataclass(frozen=True, slots=True)
class Origin:
    """The resource that says something, and where it was read.

    Attributes:
        where: the file, or the live account, as messages name it.
        stack: `<project>/<stack>`; empty for a live account.
        urn: the resource's URN; empty for a live account.
        position: the line of the program that declares it, `components/role.py:95`; empty if not recorded.
        trace: the program's own lines that led there, innermost first; empty if not recorded.
        created: when it was made, RFC 3339; empty if not recorded.
        modified: when it was last changed, RFC 3339; empty if not recorded.
    """

    where: str
    stack: str = ""
    urn: str = ""
    position: str = ""
    trace: tuple[str, ...] = ()
    created: str = ""
    modified: str = ""

    def __str__(self) -> str:
        return self.position or self.urn or self.where


def read_position(text: object) -> str:
    """A source position as people write it: `project:///a/b.py#12,3` is `a/b.py:12`; a library's is empty."""
    return _position(text) if isinstance(text, str) else ""


@lru_cache(maxsize=4096)
def _position(text: str) -> str:
    path, _, place = text.removeprefix(_SCHEME).partition("#")
    if not text.startswith(_SCHEME) or "site-packages/" in path or "../" in path:
        return ""
    line = place.partition(",")[0]
    return f"{path}:{line}" if line else path


def read_trace(frames: object) -> tuple[str, ...]:
    """The program's own positions in a stack trace, innermost first, neighbours that are alike once."""
    found: list[str] = []
    for frame in frames if isinstance(frames, list) else ():
        position = read_position(frame.get("sourcePosition")) if isinstance(frame, dict) else ""
        if position and found[-1:] != [position]:
            found.append(position)
    return tuple(found)


def origin_of(resource: Mapping[str, Any], where: str, stack: str) -> Origin:
    """The origin of what one resource of a state or preview says."""
    return Origin(
        where,
        stack,
        resource["urn"],
        read_position(resource.get("sourcePosition")),
        read_trace(resource.get("stackTrace")),
        _time(resource.get("created")),
        _time(resource.get("modified")),
    )


def _time(text: object) -> str:
    return text if isinstance(text, str) and not text.startswith("0001-") else ""
