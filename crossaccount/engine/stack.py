"""One stack of a project: preview, up, refresh, destroy."""

from __future__ import annotations

import threading
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crossaccount.engine import checks, parallel, plan, program, recovery, stack_config
from crossaccount.engine import refresh as refreshing
from crossaccount.engine.apply import ApplyExecutor
from crossaccount.engine.context import Context
from crossaccount.engine.deployment import Deployment
from crossaccount.engine.errors import EngineError, ProjectError, TargetError
from crossaccount.engine.events import (
    TRIAL_NOTICE,
    Diagnostic,
    Event,
    OnEvent,
    Op,
    Severity,
    Summary,
    ignore,
)
from crossaccount.engine.journal import Journal
from crossaccount.engine.lock import locked
from crossaccount.engine.plan import Plan, Step
from crossaccount.engine.preview import PreviewExecutor
from crossaccount.engine.project import Project
from crossaccount.engine.ram_api import RamApi
from crossaccount.engine.state_file import StateFile
from crossaccount.engine.targets import ALL, Targets
from crossaccount.engine.values import masked, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from crossaccount.engine.resource_type import ResourceType
    from crossaccount.engine.state import Resource, State
    from crossaccount.engine.target import Target


_GO_ON = "the state says what exists now; run `up` again to go on from there, or `destroy`"


class Stack:
    """One stack of a Pulumi project, planned and applied in this process.

    Make one with `open`. Its state is at `<state_dir>/<project>/<stack>.json`.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self.name = context.stack
        self._file = StateFile(
            context.state_directory, context.project.name, self.name, context.config.salt, context.passphrase
        )

    @classmethod
    def open(
        cls,
        project_dir: Path,
        name: str,
        *,
        target: Target | None = None,
        state_dir: Path | None = None,
        passphrase: str | None = None,
        parallel: int = 8,
        resource_types: Mapping[str, ResourceType] | None = None,
    ) -> Stack:
        """Open a stack; nothing is called or written yet.

        Args:
            project_dir: where `Pulumi.yaml` is.
            name: the stack's name; `Pulumi.<name>.yaml` configures it.
            target: the account and endpoint; None allows an offline preview only.
            state_dir: the root of all states; default, `.crossaccount/state` in the project's directory.
            passphrase: protects the stack's secrets; default, Pulumi's environment variables when needed.
            parallel: how many steps run side by side, at least 1.
            resource_types: default, the RAM types this engine handles.

        Raises:
            ProjectError: a project or stack file is missing or malformed; names file and key.
            SecretsError: the stack file holds secrets and the passphrase is missing or wrong.
        """
        if parallel < 1:
            raise ProjectError(f"`parallel` is `{parallel}`; give at least 1")
        if resource_types is None:
            from crossaccount.engine.resources import RESOURCE_TYPES  # noqa: PLC0415  loads the SDK's models

            resource_types = RESOURCE_TYPES
        project = Project.load(project_dir)
        directory = Path(state_dir or project.directory / ".crossaccount" / "state").absolute()
        return cls(
            Context(
                project=project,
                stack=name,
                config=stack_config.load(project, name, passphrase),
                types=resource_types,
                state_directory=directory,
                passphrase=passphrase,
                target=target,
                api=None,
                parallel=parallel,
                on_event=ignore,
            )
        )

    def preview(self, on_event: OnEvent = ignore, *, targets: Targets = ALL, refresh: bool = False) -> Plan:
        """Say what `up` would do; nothing changes.

        Without a target account it is taken from the stack's configuration, and a diagnostic says so.

        Args:
            on_event: takes the run's events.
            targets: the resources that the run may touch.
            refresh: compare with what is live rather than with what the state says.

        Raises:
            UnsupportedError: the program uses what this engine does not handle.
            ProgramError: the program failed.
            StateError: the state cannot be read.
            TargetError: `refresh` is asked for, and there is no account to ask.
        """
        started = time.monotonic()
        diagnostics: list[Diagnostic] = []

        def collect(event: Event) -> None:
            if isinstance(event, Diagnostic):
                diagnostics.append(event)
            on_event(event)

        with self._run(collect, needs_target=refresh) as context:
            state = self._file.load()
            refreshed = self._refresh(context, state, state, targets) if refresh else []
            deployment, _ = self._plan(context, state, targets)
        duration = time.monotonic() - started
        steps = (*refreshed, *deployment.steps)
        on_event(Summary(plan.count(steps), duration))
        return Plan(steps, self._context.config.masked(), tuple(diagnostics), duration)

    def up(self, on_event: OnEvent = ignore, *, targets: Targets = ALL, refresh: bool = False) -> Summary:
        """Make the account what the program says.

        The program runs twice: planned whole first, so that what is refused is refused before anything
        changes, then applied. After a failure the state says what exists, and the next `up` goes on.

        Args:
            on_event: takes the run's events.
            targets: the resources that the run may touch.
            refresh: bring the state up to what is live first.

        Raises:
            UnsupportedError, ProgramError, StateError: as `preview`.
            SecretsError: there is a secret to keep and no passphrase, or a wrong one; nothing was changed.
            LockError: another run holds the stack.
            TargetError: there is no target, or it is not the account the stack names.
            StepError: a step failed.
        """
        started = time.monotonic()
        with self._run(on_event) as context, locked(self._file.lock, self.name):
            state = self._file.load()
            recovery.recover(context, self._file, state)
            if refresh:
                with Journal(self._file, state) as journal:
                    self._refresh(context, state, journal, targets)
            planned, _ = self._plan(context, state, targets)
            if self._file.sealing.salt is not None or planned.has_secrets():
                self._file.sealing.unlock()
            with Journal(self._file, state) as journal:
                deployment = self._apply(context, state, journal, targets)
        return _ended(on_event, plan.count(deployment.steps), started)

    def refresh(self, on_event: OnEvent = ignore, *, targets: Targets = ALL) -> Summary:
        """Bring the state up to what is live; the account does not change.

        Args:
            on_event: takes the run's events.
            targets: the resources to look at.

        Raises:
            StateError, LockError, TargetError, StepError: as `up`.
            UnsupportedError: a target is not in the stack.
        """
        started = time.monotonic()
        with self._run(on_event) as context, locked(self._file.lock, self.name):
            state = self._file.load()
            targets.check_found(state.live)
            recovery.recover(context, self._file, state)
            with Journal(self._file, state) as journal:
                steps = self._refresh(context, state, journal, targets)
        counts = Counter(_outcome(step) for step in steps)
        return _ended(on_event, dict(sorted(counts.items())), started)

    def destroy(self, on_event: OnEvent = ignore, *, targets: Targets = ALL) -> Summary:
        """Delete everything the state holds, dependents first; the program does not run.

        Args:
            on_event: takes the run's events.
            targets: the resources to delete.

        Raises:
            UnsupportedError: something is protected, of a type that is not handled, or no target while it
                depends on one; nothing was changed.
            StateError, LockError, TargetError, StepError: as `up`.
        """
        started = time.monotonic()
        with self._run(on_event) as context, locked(self._file.lock, self.name):
            state = self._file.load()
            targets.check_found(state.live)
            recovery.recover(context, self._file, state)
            unwanted = plan.deletions(state.live.values(), state.retired, set(), targets)
            checks.check_deletable(unwanted, self._context.types)
            with Journal(self._file, state) as journal:
                self._delete(context, journal, unwanted)
        steps = [
            Step(Op.DISCARD if resource.external else Op.DELETE, resource.urn, resource)
            for resource in unwanted
            if not resource.pending_replacement
        ]
        return _ended(on_event, plan.count(steps), started)

    def outputs(self, *, show_secrets: bool = False) -> dict[str, Any]:
        """Return the stack's outputs; secrets are `[secret]` unless they are asked for.

        Raises:
            StateError: the state cannot be read.
        """
        root = self._file.load().root
        if root is None:
            return {}
        outputs: dict[str, Any] = (plain if show_secrets else masked)(root.outputs)
        return outputs

    def export(self) -> dict[str, Any]:
        """Return the deployment JSON, as `pulumi stack export` does; secrets are encrypted.

        Raises:
            StateError: the state cannot be read.
        """
        return self._file.document(self._file.load())

    def _plan(self, context: Context, state: State, targets: Targets) -> tuple[Deployment, list[Resource]]:
        deployment = Deployment(context, state, PreviewExecutor(context), targets)
        program.run(deployment, preview=True, on_event=context.on_event)
        return deployment, deployment.deletions()

    def _apply(self, context: Context, state: State, journal: Journal, targets: Targets) -> Deployment:
        deployment = Deployment(context, state, ApplyExecutor(context, journal), targets)
        try:
            program.run(deployment, preview=False, on_event=context.on_event)
            self._delete(context, journal, deployment.deletions())
        except EngineError:
            context.on_event(Diagnostic(Severity.INFO, _GO_ON))
            raise
        return deployment

    def _refresh(
        self, context: Context, state: State, keeper: refreshing.Keeper, targets: Targets
    ) -> list[Step]:
        """Read what the targets are now; `keeper` is the journal, or for a preview the state itself."""
        steps: list[Step] = []
        chosen = [resource for resource in state.live.values() if targets.names(resource.urn)]
        parallel.each(
            chosen,
            lambda resource: steps.append(refreshing.refresh(context, keeper, resource)),
            self._context.parallel,
        )
        return [step for step in steps if step.old and not plan.is_default_provider(step.old)]

    def _delete(self, context: Context, journal: Journal, unwanted: list[Resource]) -> None:
        executor = ApplyExecutor(context, journal)
        parallel.dependents_first(
            unwanted,
            lambda resource: executor.delete(resource, Op.DELETE_REPLACED if resource.delete else Op.DELETE),
            self._context.parallel,
        )

    @contextmanager
    def _run(self, on_event: OnEvent, *, needs_target: bool = True) -> Iterator[Context]:
        if needs_target and self._context.target is None:
            raise TargetError(
                "there is no account to work on: give an endpoint, e.g. that of `crossaccount local`"
            )
        tell = _one_at_a_time(on_event)
        tell(Diagnostic(Severity.WARNING, TRIAL_NOTICE))
        target = self._context.target
        api = RamApi(target) if target else None
        try:
            context = replace(self._context, api=api, on_event=tell)
            _check_account(context)
            yield context
        finally:
            if api is not None:
                api.close()


def _one_at_a_time(on_event: OnEvent) -> OnEvent:
    """Pass events on one at a time; a diagnostic only once, for the program runs twice."""
    turn = threading.Lock()
    told: set[Diagnostic] = set()

    def tell(event: Event) -> None:
        with turn:
            if isinstance(event, Diagnostic):
                if event in told:
                    return
                told.add(event)
            on_event(event)

    return tell


def _check_account(context: Context) -> None:
    if context.api is None or context.account is None:
        return
    actual = context.api.account_id()
    if actual != context.account:
        raise TargetError(
            f"stack `{context.stack}` is for account `{context.account}`, and the credentials are of account "
            f"`{actual}`; nothing was changed"
        )


def _outcome(step: Step) -> str:
    if step.new is None:
        return Op.DELETE.value
    return (refreshing.outcome(step.old, step.new) if step.old else Op.SAME).value


def _ended(on_event: OnEvent, changes: Mapping[str, int], started: float) -> Summary:
    summary = Summary(changes, time.monotonic() - started)
    on_event(summary)
    return summary
