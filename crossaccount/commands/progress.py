"""What a run of the embedded engine looks like on a terminal: one line for each change, then the count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape

from crossaccount.engine import Diagnostic, Op, StepDone, StepFailed, StepStarted, Summary

if TYPE_CHECKING:
    from rich.console import Console
    from rich.status import Status

    from crossaccount.engine import Event

MARKS = {
    Op.CREATE: ("+", "green"),
    Op.UPDATE: ("~", "yellow"),
    Op.REPLACE: ("+-", "magenta"),
    Op.CREATE_REPLACEMENT: ("++", "magenta"),
    Op.DELETE: ("-", "red"),
    Op.DELETE_REPLACED: ("--", "red"),
    Op.REFRESH: ("~", "cyan"),
    Op.READ: (">", "cyan"),
    Op.IMPORT: ("=", "green"),
    Op.DISCARD: ("<", "red"),
}
_WORDS = {
    "create": "created",
    "update": "updated",
    "replace": "replaced",
    "delete": "deleted",
    "same": "unchanged",
    "read": "read",
    "refresh": "refreshed",
    "import": "taken over",
    "discard": "discarded",
}
_PLANNED = {op: f"to {op}" for op in ("create", "update", "replace", "delete", "read", "discard")} | {
    "import": "to take over",
    "same": "unchanged",
}
_SEVERITIES = {"info": "dim", "warning": "yellow", "error": "bold red"}


def mark(op: Op) -> str:
    """The sign of an operation, coloured, as Pulumi draws it."""
    sign, colour = MARKS.get(op, (" ", "white"))
    return f"[{colour}]{sign:>2}[/{colour}]"


class Progress:
    """Prints events as they come.

    Args:
        console: where to print.
        status: the line that shows what is under way, on a terminal.
        planning: shows diagnostics only, for a preview, whose plan is printed afterwards.
    """

    def __init__(self, console: Console, status: Status, *, planning: bool = False) -> None:
        self._console = console
        self._status = status
        self._planning = planning

    def __call__(self, event: Event) -> None:
        """Show one event."""
        if self._planning and not isinstance(event, Diagnostic):
            return
        if isinstance(event, StepStarted):
            self._status.update(f"{event.op.value} {escape(event.name)} ...")
        elif isinstance(event, StepDone):
            self._done(event)
        elif isinstance(event, StepFailed):
            self._console.print(f"[bold red] ![/bold red] {_what(event)}: {escape(event.detail)}")
        elif isinstance(event, Diagnostic):
            style = _SEVERITIES[event.severity.value]
            self._console.print(f"[{style}]{event.severity.value}: {escape(event.message)}[/{style}]")
        else:
            self._console.print(summary_line(event))

    def _done(self, event: StepDone) -> None:
        if event.op is not Op.SAME:
            self._console.print(f"{mark(event.op)} {_what(event)}  [dim]{escape(event.detail)}[/dim]")


def summary_line(summary: Summary, *, planned: bool = False) -> str:
    """The count of changes: `3 created, 1 unchanged in 0.8 s`, or planned: `3 to create, 1 unchanged`."""
    words = _PLANNED if planned else _WORDS
    counts = [f"{count} {words.get(op, op)}" for op, count in sorted(summary.changes.items()) if count]
    return f"[bold]{', '.join(counts) or 'nothing to do'}[/bold] in {summary.duration:.1f} s"


def _what(event: StepDone | StepFailed) -> str:
    return f"{escape(event.type.rpartition(':')[2])} [bold]{escape(event.name)}[/bold]"
