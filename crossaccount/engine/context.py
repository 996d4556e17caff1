"""What one run works on and with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from crossaccount.engine.events import OnEvent
    from crossaccount.engine.project import Project
    from crossaccount.engine.ram_api import RamApi
    from crossaccount.engine.resource_type import ResourceType
    from crossaccount.engine.stack_config import StackConfig
    from crossaccount.engine.target import Target


@dataclass(frozen=True, slots=True)
class Context:
    """One run of one stack.

    Args:
        project: the project.
        stack: the stack's name.
        config: the stack's configuration.
        types: the resource types the engine handles.
        state_directory: the root of all states, for stack references.
        passphrase: None reads the environment's when a secret needs it.
        target: None for an offline preview.
        api: the target's API; None for an offline preview.
        parallel: how many steps may run side by side, at least 1.
        on_event: takes the run's events; called from several threads, one at a time.
    """

    project: Project
    stack: str
    config: StackConfig
    types: Mapping[str, ResourceType]
    state_directory: Path
    passphrase: str | None
    target: Target | None
    api: RamApi | None
    parallel: int
    on_event: OnEvent

    @property
    def account(self) -> str | None:
        """The account id that the stack's configuration names under `account`."""
        return self.config.values.get(f"{self.project.name}:account")
