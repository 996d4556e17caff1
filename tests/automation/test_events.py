"""The real engine's events and failures, told as the embedded engine tells its own."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi.automation import CommandError, EngineEvent
from pulumi.automation._cmd import CommandResult

from crossaccount.automation.events import Translation
from crossaccount.engine import (
    Diagnostic,
    EngineError,
    LockError,
    Op,
    ProgramError,
    Severity,
    StepDone,
    StepError,
    StepFailed,
    StepStarted,
    Summary,
)

TYPE = "alicloud:ram/role:Role"
URN = f"urn:pulumi:dev::trial::{TYPE}::partner"


def told(*events: dict[str, Any]) -> tuple[Translation, list[Any]]:
    """Translate events as the CLI sends them; return what came of them."""
    passed: list[Any] = []
    translation = Translation(passed.append)
    for number, event in enumerate(events):
        translation(EngineEvent.from_json({"sequence": number, "timestamp": 0, **event}))
    return translation, passed


def step(op: str, resource_id: str = "") -> dict[str, Any]:
    """A step's metadata as the CLI sends it."""
    state = {"type": TYPE, "urn": URN, "id": resource_id, "parent": "", "provider": ""}
    return {"metadata": {"op": op, "urn": URN, "type": TYPE, "provider": "", "new": state, "old": None}}


def error(message: str) -> dict[str, Any]:
    """An error's diagnostic as the CLI sends it, with its colours."""
    text = f"<{{%reset%}}>{message}<{{%reset%}}>\n"
    return {"diagnosticEvent": {"message": text, "color": "raw", "severity": "error", "urn": URN}}


def failed(stderr: str = "") -> CommandError:
    """The Automation API's error for a command that failed."""
    return CommandError(CommandResult("", stderr, 255))


def test_a_step_is_told_when_it_starts_and_when_it_is_done() -> None:
    """Operation, type, name and id are passed on."""
    _, passed = told(
        {"resourcePreEvent": step("create")},
        {"resOutputsEvent": step("create", "partner-id")},
        {"summaryEvent": {"durationSeconds": 2, "resourceChanges": {"create": 1}}},
    )

    assert passed == [
        StepStarted(Op.CREATE, URN, TYPE, "partner"),
        StepDone(Op.CREATE, URN, TYPE, "partner", "partner-id"),
        Summary({"create": 1}, 2.0),
    ]


def test_a_diagnostic_loses_its_colours() -> None:
    """The message is plain text with its severity."""
    _, passed = told(error("no such role"))

    assert passed == [Diagnostic(Severity.ERROR, "no such role", URN)]


def test_a_failed_step_ends_as_a_step_error() -> None:
    """The error has the provider's words, each once."""
    translation, passed = told(
        error("DeleteConflict.Role.Policy"),
        {"resOpFailedEvent": {**step("delete"), "status": 0, "steps": 1}},
        error("DeleteConflict.Role.Policy"),
    )
    ended = translation.error(failed())

    assert isinstance(passed[1], StepFailed)
    assert type(ended) is StepError
    assert str(ended) == "DeleteConflict.Role.Policy"


@pytest.mark.parametrize(
    ("stderr", "kind", "message"),
    [
        ("error: no Pulumi.yaml project file found", ProgramError, "no Pulumi.yaml project file found"),
        ("error: the stack is currently locked by 1 lock(s)", LockError, "the stack is currently locked by"),
    ],
)
def test_what_the_cli_itself_refuses_is_told_in_its_words(
    stderr: str, kind: type[EngineError], message: str
) -> None:
    """Without a diagnostic the error is what the CLI wrote."""
    translation, _ = told()
    ended = translation.error(failed(stderr))

    assert type(ended) is kind
    assert message in str(ended)
