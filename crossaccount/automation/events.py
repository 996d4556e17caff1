"""The real engine's events as those of the embedded engine, and its failures as the embedded engine's errors.

Source: Pulumi documentation, "Automation API", engine events.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crossaccount.engine.errors import EngineError, LockError, ProgramError, StepError
from crossaccount.engine.events import (
    Diagnostic,
    Event,
    OnEvent,
    Op,
    Severity,
    StepDone,
    StepFailed,
    StepStarted,
    Summary,
)

if TYPE_CHECKING:
    from pulumi.automation import CommandError, DiagnosticEvent, EngineEvent, StepEventMetadata

_OPS = {op.value: op for op in Op}
_SEVERITIES = {severity.value: severity for severity in Severity} | {"info#err": Severity.INFO}
_COLOURS = re.compile(r"<\{%.*?%\}>")
_PROGRAM_ENDED = "an unhandled error occurred: program exited with non-zero exit code"
_NOT_STARTED = re.compile(r"^error: ", re.MULTILINE)


class Translation:
    """Takes the real engine's events, passes them on as the embedded engine's, and keeps how the run ended.

    Args:
        on_event: gets the translated events.

    Attributes:
        summary: the run's end; empty until it was told.
    """

    def __init__(self, on_event: OnEvent) -> None:
        self._on_event = on_event
        self._errors: list[str] = []
        self._failed = False
        self.summary = Summary()

    def __call__(self, event: EngineEvent) -> None:
        """Take one event."""
        if event.resource_pre_event is not None:
            self._step(StepStarted, event.resource_pre_event.metadata)
        elif event.res_outputs_event is not None:
            self._step(StepDone, event.res_outputs_event.metadata)
        elif event.res_op_failed_event is not None:
            self._failed = True
            self._step(StepFailed, event.res_op_failed_event.metadata)
        elif event.diagnostic_event is not None:
            self._diagnostic(event.diagnostic_event)
        elif event.summary_event is not None:
            changes = {
                str(getattr(op, "value", op)): n for op, n in event.summary_event.resource_changes.items()
            }
            self.summary = Summary(changes, float(event.summary_event.duration_seconds))
            self._on_event(self.summary)

    def error(self, failure: CommandError) -> EngineError:
        """Return what the embedded engine would raise for a command that failed."""
        text = "; ".join(dict.fromkeys(self._errors)) or _last_words(str(failure))
        if "currently locked by" in str(failure):
            return LockError(text)
        return StepError(text) if self._failed else ProgramError(text)

    def _step(self, kind: type[StepStarted | StepDone | StepFailed], metadata: StepEventMetadata) -> None:
        op = _OPS.get(metadata.op.value)
        if op is None:
            return
        name = metadata.urn.rpartition("::")[2]
        event: Event
        if kind is StepStarted:
            event = StepStarted(op, metadata.urn, metadata.type, name)
        elif kind is StepDone:
            state = metadata.new or metadata.old
            event = StepDone(op, metadata.urn, metadata.type, name, state.id if state else "")
        else:
            event = StepFailed(op, metadata.urn, metadata.type, name, "; ".join(self._errors))
        self._on_event(event)

    def _diagnostic(self, event: DiagnosticEvent) -> None:
        if event.ephemeral or event.severity not in _SEVERITIES:
            return
        message = _COLOURS.sub("", event.message).strip()
        severity = _SEVERITIES[event.severity]
        if message.startswith(_PROGRAM_ENDED) and self._errors:
            return
        if severity is Severity.ERROR:
            self._errors.append(message)
        if message:
            self._on_event(Diagnostic(severity, message, event.urn or ""))


def _last_words(output: str) -> str:
    """What the CLI wrote after its last `error: `, or everything."""
    return _NOT_STARTED.split(output)[-1].strip()
