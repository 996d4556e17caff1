"""What Pulumi records of an update: when, by whom, from which commit, and how it ended.

The record also holds the stack's configuration, keys in clear among it; nothing of that is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from crossaccount.access import StateFileError
from crossaccount.audit.moments import read_written

if TYPE_CHECKING:
    from collections.abc import Mapping


OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Update:
    """One update of a stack.

    Attributes:
        stack: `<project>/<stack>`, or the stack alone in an old backend.
        number: 1 for the stack's first update that is kept.
        kind: `update`, `refresh`, `destroy`, `import`, ...; `outside` for a state that no recorded one made.
        result: `succeeded`, `failed` or `in-progress`.
        ended: when it ended, in UTC.
        message: what was given or, by default, the commit's own.
        author: the commit's author, or who ran it; empty if not recorded.
        commit: the commit; empty if not recorded.
        dirty: whether the working tree was not the commit's.
    """

    stack: str
    number: int
    kind: str
    result: str
    ended: datetime
    message: str = ""
    author: str = ""
    commit: str = ""
    dirty: bool = False

    @property
    def words(self) -> str:
        """The update in a line: "update 2 of crossaccount/account-a by Operations, commit 0123abc"."""
        if self.kind == OUTSIDE:
            how = "`pulumi stack import`, an edit, or an update under way"
            return f"a change of {self.stack} without a record ({how}), by {self.ended:%Y-%m-%dT%H:%M:%SZ}"
        said = f"{self.kind} {self.number} of {self.stack}"
        if self.result != "succeeded":
            said += f" ({self.result})"
        said += f" by {self.author}" if self.author else ""
        if self.commit:
            said += f", commit {self.commit[:12]}{' and what was not committed' if self.dirty else ''}"
        first = self.message.splitlines()[0] if self.message else ""
        return f"{said}: {first}" if first else said


def update_of(record: object, where: str, stack: str, number: int) -> Update:
    """The update that a record of a backend's history, or of `pulumi stack history --json`, describes.

    Raises:
        StateFileError: it is no such record; `where` names it.
    """
    if not isinstance(record, dict) or not isinstance(record.get("kind"), str):
        raise StateFileError(f"`{where}` is no record of an update: it has no `kind`")
    given = record.get("environment")
    environment: Mapping[str, Any] = given if isinstance(given, dict) else {}
    author = _text(environment, "git.author") or _text(environment, "git.committer")
    return Update(
        stack,
        number,
        record["kind"],
        str(record.get("result") or "in-progress"),
        _moment(record.get("endTime") or record.get("startTime"), where),
        _text(record, "message"),
        author or _text(environment, "ci.pr.author"),
        _text(environment, "git.head"),
        _text(environment, "git.dirty") == "true",
    )


def _text(record: Mapping[str, Any], name: str) -> str:
    value = record.get(name)
    return value if isinstance(value, str) else ""


def _moment(value: object, where: str) -> datetime:
    try:
        if isinstance(value, str):
            found = read_written(value)
            if found is not None:
                return found
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, timezone.utc)
    except (ValueError, OverflowError, OSError):
        pass
    raise StateFileError(f"`{where}` does not say when the update was: `{value}` is no time")
