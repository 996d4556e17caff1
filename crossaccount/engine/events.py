"""What the engine tells while it works: values for a progress display, never text on a terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum


class Op(str, Enum):
    """An operation on one resource, under Pulumi's own name (`pulumi preview --json`, field `op`)."""

    SAME = "same"
    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    REPLACE = "replace"
    CREATE_REPLACEMENT = "create-replacement"
    DELETE_REPLACED = "delete-replaced"
    READ = "read"
    REFRESH = "refresh"
    DISCARD = "discard"
    IMPORT = "import"


class Severity(str, Enum):
    """How much a diagnostic matters."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class StepStarted:
    """A step on a resource began."""

    op: Op
    urn: str
    type: str
    name: str


@dataclass(frozen=True, slots=True)
class StepDone:
    """A step on a resource succeeded; `detail` is the resource's id, or the properties that changed."""

    op: Op
    urn: str
    type: str
    name: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class StepFailed:
    """A step on a resource failed; `detail` is the error's message."""

    op: Op
    urn: str
    type: str
    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A message for the user, from the program (`pulumi.log`) or from the engine."""

    severity: Severity
    message: str
    urn: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """The end of a run.

    Args:
        changes: the number of resources for each operation, Pulumi's `changeSummary`.
        duration: seconds.
    """

    changes: Mapping[str, int] = field(default_factory=dict)
    duration: float = 0.0


Event = StepStarted | StepDone | StepFailed | Diagnostic | Summary
OnEvent = Callable[[Event], None]

TRIAL_NOTICE = (
    "the embedded engine is for trials, tests and previews; it is not the way to production: "
    "use `pulumi up` for real accounts"
)


def ignore(event: Event) -> None:
    """Discard an event."""
    del event
