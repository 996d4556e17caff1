"""Reading one key of a stack's configuration, and gathering the problems of all."""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from components.checked import ModelT, check
from components.conflicts import SECRET, text_of
from components.problems import Path, Problem, RefusedError, joined
from components.salvage import salvage

PREFIX = "crossaccount:"


class Settings:
    """The problems found so far, and which keys must not show their values.

    Attributes:
        problems: in the order in which they were found.
    """

    def __init__(self, secret: Collection[str]) -> None:
        self.problems: list[Problem] = []
        self._secret = frozenset(secret)

    def add(self, key: str, message: str) -> None:
        """Note one problem of the key, written in full."""
        self.problems.append(Problem(key, message))

    def at(self, path: Path, message: str) -> None:
        """Note one problem at a path of keys, without the namespace."""
        self.add(joined(PREFIX, path), message)

    def is_secret(self, key: str) -> bool:
        """Whether the stack file keeps something of this key encrypted."""
        return key in self._secret

    def text(self, config: Mapping[str, object], key: str, rule: Callable[[object], str]) -> str:
        """The checked value of a key that holds text; empty, with a problem noted, if it is wrong."""
        if key not in config:
            self.at((key,), "is missing")
            return ""
        try:
            return rule(config[key])
        except ValueError as wrong:
            text = text_of(wrong, hidden=self.is_secret(key))
            self.at((key,), f"{self.shown(config[key], key)} {text}")
            return ""

    def shown(self, value: object, *keys: str) -> str:
        """The value as messages show it: in backticks, or hidden if one of the keys is a secret."""
        return SECRET if any(map(self.is_secret, keys)) else f"`{value}`"


@dataclass(frozen=True, slots=True)
class Setting:
    """One key that maps names to declarations."""

    key: str
    entries: Mapping[str, Any]
    settings: Settings

    @classmethod
    def of(cls, key: str, value: object, settings: Settings) -> "Setting":
        """The mapping in a value as Pulumi passes it, JSON text; empty if it is none."""
        try:
            read = json.loads(value) if isinstance(value, str) else value
        except ValueError:
            read = None
        if isinstance(read, Mapping):
            return cls(key, {str(name): entry for name, entry in read.items()}, settings)
        settings.at((key,), "is not a mapping of names to declarations")
        return cls(key, {}, settings)

    def declarations(self, model: type[ModelT]) -> dict[str, ModelT]:
        """Every entry that is right, by name in order; the problems of the others are noted."""
        found = {}
        for name in sorted(self.entries):
            root = joined(PREFIX, (self.key, name))
            hidden = self.settings.is_secret(self.key)
            try:
                found[name] = check(model, self.entries[name], root=root, camel=True, hidden=hidden)
            except RefusedError as wrong:
                self.settings.problems.extend(wrong.problems)
        return found

    def readable(self, model: type[ModelT]) -> dict[str, ModelT]:
        """What is right of every entry, by name in order; for rules that go beyond one entry."""
        found = {name: salvage(model, self.entries[name]) for name in sorted(self.entries)}
        return {name: each for name, each in found.items() if each is not None}

    def written(self, name: str, key: str) -> object:
        """What was written under a key of an entry, whether right or wrong; None if nothing was."""
        entry = self.entries.get(name)
        return entry.get(key) if isinstance(entry, Mapping) else None

    def listed(self, name: str, key: str) -> list[tuple[int, str]]:
        """The texts in a list under a key of an entry, each with its position."""
        written = self.written(name, key)
        items = written if isinstance(written, list) else []
        return [(position, each) for position, each in enumerate(items) if isinstance(each, str)]

    def called(self, key: str, rule: Callable[[object], str]) -> dict[str, str]:
        """How each entry's thing is called, by the entry's name in order: what `key` says, or that name.

        Args:
            key: the key that gives another name, such as `roleName`.
            rule: what the name has to be; an entry's own name that breaks it is noted.
        """
        found = {}
        for name in sorted(self.entries):
            written = self.written(name, key)
            if written is None:
                try:
                    rule(name)
                except ValueError as wrong:
                    self.settings.at((self.key, name), f"`{name}` {wrong}, or set `{key}`")
            if written is None or isinstance(written, str):
                found[name] = name if written is None else written
        return found
