"""YAML from somebody else, read as plain data: what JSON could say, and nothing more.

Anchors, aliases, tags, several documents, keys given twice and deep nesting are refused while the text is
read, so that a small text never becomes a large value. Scalars are those of YAML 1.2's JSON schema without
fractions: `true`, `false`, `null`, whole numbers; every other plain scalar is a text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

DEEPEST = 12
_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}


def parse(text: str) -> Any:  # noqa: ANN401  plain data
    """The value of a YAML text.

    Raises:
        ValueError: it is not YAML, or uses more of it than plain data needs; names line and reason.
    """
    events = yaml.parse(text, yaml.SafeLoader)
    try:
        return _Reader(events).document()
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        raise ValueError(f"{line}{error.problem}") from None
    except yaml.YAMLError as error:
        raise ValueError(str(error).splitlines()[0]) from None


class _Reader:
    def __init__(self, events: Iterator[yaml.Event]) -> None:
        self._events = events

    def document(self) -> Any:  # noqa: ANN401  plain data
        next(self._events)
        opened = next(self._events)
        if isinstance(opened, yaml.StreamEndEvent):
            raise ValueError("it is empty")  # noqa: TRY004  a text, not a type
        value = self._value(next(self._events), 1)
        next(self._events)
        if not isinstance(ended := next(self._events), yaml.StreamEndEvent):
            raise _refused(ended, "it holds a second document")
        return value

    def _value(self, event: yaml.Event, depth: int) -> Any:  # noqa: ANN401  plain data
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _refused(event, "anchors and aliases are not read")
        if getattr(event, "tag", None):
            raise _refused(event, "tags are not read")
        if depth > DEEPEST:
            raise _refused(event, f"it is nested deeper than {DEEPEST} levels")
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(depth)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(depth)
        return _scalar(cast("yaml.ScalarEvent", event))

    def _mapping(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent) or event.anchor or event.tag:
                raise _refused(event, "a key is not a text")
            if event.value in found:
                raise _refused(event, f"key {event.value[:40]!r} is given twice")
            found[event.value] = self._value(next(self._events), depth + 1)
        return found

    def _sequence(self, depth: int) -> list[Any]:
        found = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            found.append(self._value(event, depth + 1))
        return found


def _scalar(event: yaml.ScalarEvent) -> Any:  # noqa: ANN401  plain data
    if event.style is not None:
        return event.value
    if event.value in _WORDS:
        return _WORDS[event.value]
    return int(event.value) if _WHOLE.fullmatch(event.value) else event.value


def _refused(event: yaml.Event, why: str) -> ValueError:
    line = event.start_mark.line + 1 if event.start_mark else 1
    return ValueError(f"line {line}: {why}")
