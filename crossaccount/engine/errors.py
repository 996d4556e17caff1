"""What the embedded engine raises.

EngineError
├── ProjectError      Pulumi.yaml, a stack file or a configuration value is wrong
├── StateError        the stack's state cannot be read, belongs to another stack, or cannot be written
├── LockError         another run holds the stack
├── TargetError       no credentials, or an endpoint that is not allowed
├── UnsupportedError  the program uses what this engine does not handle; nothing was changed
├── ProgramError      the user's program failed
└── StepError         one resource's step failed; the state says what exists
"""

from __future__ import annotations


class EngineError(Exception):
    """The embedded engine cannot go on; the message says why and what to do next."""


class ProjectError(EngineError):
    """Pulumi.yaml or a stack file is missing, malformed or incomplete; names file and key."""


class StateError(EngineError):
    """The stack's state is truncated, of another version or of another project; the file is untouched."""


class LockError(EngineError):
    """Another run holds the stack's lock."""


class TargetError(EngineError):
    """The credentials are missing, or the endpoint is not loopback and `--live` was not given."""


class UnsupportedError(EngineError):
    """The program uses a resource type, option or call this engine does not handle."""


class ProgramError(EngineError):
    """The user's program raised; the message carries its file and line."""


class StepError(EngineError):
    """A resource could not be created, read, updated or deleted."""
