"""A stack file's settings of this project: its side and account, and its keys in whichever spelling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crossaccount.engine import EngineError
from crossaccount.engine.project import Project
from crossaccount.handover.errors import refused
from crossaccount.handover.stack_file import StackFile

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PREFIX = "crossaccount:"
_CONFIG = "config"


class StackSettings:
    """The settings of one stack, as they are and as they come to be.

    Attributes:
        file: the stack file, edited so far.
        exists: whether the file is there.
        path: where it is.
        project: the project.
        stack: the stack's name.
    """

    def __init__(self, project: Project, stack: str, path: Path) -> None:
        self.project = project
        self.stack = stack
        self.path = path
        self.exists = path.is_file()
        self.original = _read(path) if self.exists else ""
        self.file = StackFile(path.name, self.original)

    @classmethod
    def open(cls, folder: Path, stack: str) -> StackSettings:
        """The settings of a stack, whether or not it has a file.

        Raises:
            SessionError: of kind USAGE: there is no project, or the file cannot be read.
        """
        try:
            project = Project.load(folder)
            path = project.stack_file(stack)
        except EngineError as error:
            raise refused(str(error), "give `--project` and `--stack`") from None
        return cls(project, stack, path)

    @property
    def config(self) -> Mapping[str, Any]:
        """What the file holds below `config`."""
        config = self.file.document.get(_CONFIG) or {}
        if not isinstance(config, dict):
            raise refused(f"`{self.path.name}`: `config` is no mapping", "mend it first")
        return config

    def value(self, key: str) -> Any:  # noqa: ANN401  YAML
        """The value of a key of this project, None where it is not there."""
        return self.config.get(self._spelled(key))

    def entries(self, key: str) -> Mapping[str, Any]:
        """The entries of a key that maps names to declarations.

        Raises:
            SessionError: of kind USAGE: it is something else, or encrypted as a whole.
        """
        found = self.value(key)
        if found is None:
            return {}
        if not isinstance(found, dict) or found.keys() == {"secure"}:
            why = "is encrypted as a whole" if isinstance(found, dict) else "is no mapping"
            raise refused(f"`{self.path.name}`: `{PREFIX}{key}` {why}", "mend it first")
        return found

    def set_entry(self, key: str, name: str, value: object, comment: str = "") -> None:
        """Add or replace an entry of a key.

        Raises:
            SessionError: of kind USAGE: the file cannot be edited there.
        """
        self.file = self.file.with_entry((_CONFIG, self._spelled(key), name), value, comment)

    def add_entries(self, key: str, entries: Mapping[str, object], comment: str = "") -> None:
        """Add new entries to a key, at least one, in one block.

        Raises:
            SessionError: of kind USAGE: the file cannot be edited there.
        """
        self.file = self.file.with_entries((_CONFIG, self._spelled(key)), entries, comment)

    def check_side(self, side: str, account: str | None, what: str) -> None:
        """Hold the stack to its side and account.

        Args:
            side: `owner` or `partner`.
            account: the account that it has to be; None where nobody says.
            what: what is taken up, such as "the hand-over is for account"; the account is put after it.

        Raises:
            SessionError: of kind USAGE: it is another.
        """
        if self.value("side") != side:
            raise refused(
                f"stack `{self.stack}` is `{self.value('side')}`, not `{side}`", "name another `--stack`"
            )
        own = self.value("account")
        if account is not None and str(own) != account:
            raise refused(
                f"{what} `{account}`, and stack `{self.stack}` is account `{own}`", "name another `--stack`"
            )

    def _spelled(self, key: str) -> str:
        """The key as the file spells it; Pulumi takes it without the project's name, too."""
        spellings = [f"{PREFIX}{key}", f"{PREFIX}config:{key}"]
        if f"{self.project.name}:" == PREFIX:
            spellings.append(key)
        return next((each for each in spellings if each in self.config), spellings[0])


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = (getattr(error, "strerror", None) or "it is not UTF-8").lower()
        raise refused(f"`{path}` cannot be read: {reason}", "mend it first") from None
