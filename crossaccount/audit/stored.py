"""A state as it is kept somewhere."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stored:
    """A state as it is kept somewhere, not read yet.

    Attributes:
        where: the file or object, as messages name it.
        content: its bytes.
        version: the update's number or the checkpoint's name; empty if not recorded.
        project: the project, where the place says it and the state does not.
        stack: the stack, likewise.
    """

    where: str
    content: bytes
    version: str = ""
    project: str = ""
    stack: str = ""
