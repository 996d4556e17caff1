"""One stack of a project under the real engine: up, refresh, destroy, on a local cloud only."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from pulumi import automation
from semver import VersionInfo

from crossaccount.automation import environment, installed
from crossaccount.automation.events import Translation
from crossaccount.automation.project_copy import ProjectCopy
from crossaccount.engine.errors import ProjectError, TargetError
from crossaccount.engine.events import OnEvent, Summary, ignore
from crossaccount.engine.values import MASK

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from crossaccount.engine.target import Target


class _Command(automation.PulumiCommand):
    """The CLI of the PATH; unlike the SDK's own, it asks for the version in the environment of a run."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self.command = installed.CLI
        version = self.run(["version"], os.curdir, variables).stdout.strip()
        self.version = VersionInfo.parse(version.removeprefix("v"))


class Stack:
    """One stack of a Pulumi project, run by the Pulumi CLI on a throw-away copy. Make one with `open`."""

    def __init__(self, stack: automation.Stack) -> None:
        self._stack = stack
        self.name = stack.name

    @classmethod
    def open(cls, project_dir: Path, name: str, *, target: Target, state_dir: Path, passphrase: str) -> Stack:
        """Copy the project and create the stack in a backend of its own; nothing is called yet.

        Args:
            project_dir: where `Pulumi.yaml` is; nothing there is written.
            name: the stack's name; `Pulumi.<name>.yaml` configures it.
            target: the account, on a local cloud.
            state_dir: a throw-away folder: the copy, the backend, the CLI's home. Stacks may share it.
            passphrase: encrypts the secrets in the backend's states.

        Raises:
            ProjectError: the CLI, its Python host or the provider is not there; a file of the project is
                missing or malformed.
            TargetError: the endpoint is not a local cloud's.
        """
        absent = installed.missing()
        if absent:
            raise ProjectError(f"not on the PATH: {', '.join(f'`{each}`' for each in absent)}; install them")
        if target.endpoint is None or not target.is_local:
            raise TargetError(
                "the real engine is run here on a local cloud only; use `pulumi up` for an account"
            )
        copy = ProjectCopy(project_dir, state_dir / "project")
        copy.add_stack(name, environment.provider_config(target.endpoint))
        variables = environment.variables(state_dir, passphrase, target, f"http://{target.endpoint}")
        workspace = automation.LocalWorkspace(
            work_dir=str(copy.folder), env_vars=variables, pulumi_command=_Command(variables)
        )
        translation = Translation(ignore)
        try:
            return cls(automation.Stack.create_or_select(name, workspace))
        except automation.CommandError as failure:
            raise translation.error(failure) from None

    def up(self, on_event: OnEvent = ignore) -> Summary:
        """Make the account what the program says.

        Raises:
            ProgramError: the program failed, or the CLI did.
            StepError: a resource could not be created, updated or deleted.
            LockError: another run holds the stack.
        """
        return self._run(self._stack.up, on_event)

    def refresh(self, on_event: OnEvent = ignore) -> Summary:
        """Bring the state up to what is live; the account does not change.

        Raises:
            ProgramError, StepError, LockError: as `up`.
        """
        return self._run(self._stack.refresh, on_event)

    def destroy(self, on_event: OnEvent = ignore) -> Summary:
        """Delete everything the state holds, dependents first.

        Raises:
            ProgramError, StepError, LockError: as `up`.
        """
        return self._run(self._stack.destroy, on_event)

    def outputs(self, *, show_secrets: bool = False) -> dict[str, Any]:
        """Return the stack's outputs; secrets are `[secret]` unless they are asked for."""
        return {
            name: MASK if output.secret and not show_secrets else output.value
            for name, output in self._stack.outputs().items()
        }

    def _run(self, command: Callable[..., object], on_event: OnEvent) -> Summary:
        translation = Translation(on_event)
        try:
            command(on_event=translation, color="never")
        except automation.CommandError as failure:
            raise translation.error(failure) from None
        return translation.summary
