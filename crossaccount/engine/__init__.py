"""The embedded engine: run a Pulumi program in process and plan or apply it, without the Pulumi CLI.

It is for trials, tests and previews, and never the way to production: it handles the RAM resource types this
project declares and refuses any other by name.
"""

from __future__ import annotations

from crossaccount.engine.errors import (
    EngineError,
    LockError,
    ProgramError,
    ProjectError,
    StateError,
    StepError,
    TargetError,
    UnsupportedError,
)
from crossaccount.engine.events import (
    Diagnostic,
    Event,
    Op,
    Severity,
    StepDone,
    StepFailed,
    StepStarted,
    Summary,
)
from crossaccount.engine.plan import Plan, Step
from crossaccount.engine.stack import Stack
from crossaccount.engine.target import Target
from crossaccount.engine.targets import Targets

__all__ = [
    "Diagnostic",
    "EngineError",
    "Event",
    "LockError",
    "Op",
    "Plan",
    "ProgramError",
    "ProjectError",
    "Severity",
    "Stack",
    "StateError",
    "Step",
    "StepDone",
    "StepError",
    "StepFailed",
    "StepStarted",
    "Summary",
    "Target",
    "TargetError",
    "Targets",
    "UnsupportedError",
]
