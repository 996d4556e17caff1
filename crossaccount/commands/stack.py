"""`crossaccount preview`, `up`, `refresh`, `destroy`: a stack under the embedded engine."""

from __future__ import annotations

import atexit
import gc
import json
import sys
from functools import partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click
from rich.console import Console

from crossaccount.collection import seldom_collected
from crossaccount.commands.endings import tell
from crossaccount.commands.plan_table import plan_lines
from crossaccount.commands.progress import Progress, summary_line
from crossaccount.engine import (
    Diagnostic,
    EngineError,
    ProgramError,
    Stack,
    StepError,
    Summary,
    Target,
    Targets,
)
from crossaccount.session.errors import ErrorKind, SessionError

if TYPE_CHECKING:
    from collections.abc import Callable

    from crossaccount.engine import Event

_EPILOG = """\
\b
Examples:
  crossaccount preview --stack account-a
  crossaccount up --stack account-a --endpoint 127.0.0.1:8600
  crossaccount destroy --stack account-a --endpoint 127.0.0.1:8600 --json

\b
Exit codes: 0 done; 1 the program or a call failed, or it was cut off, and the next run goes on from there;
2 refused, and nothing was changed.
"""


def _stack_command(command: Callable[..., None]) -> Callable[..., None]:
    """The options that every stack command takes, and the exit codes that each ends with."""

    @wraps(command)
    def guarded(**options: Any) -> None:  # noqa: ANN401  click passes what the options say
        as_json = bool(options.get("as_json"))
        atexit.register(
            gc.freeze
        )  # the process ends: taking a large program's objects apart one by one is idle
        patterns, dependents = options.pop("target"), options.pop("target_dependents")
        try:
            with seldom_collected():
                command(**options, targets=Targets(patterns, dependents))
        except (ProgramError, StepError) as error:
            _end(error, ErrorKind.FAILED, as_json=as_json)
        except EngineError as error:
            _end(error, ErrorKind.USAGE, as_json=as_json)

    decorated: Callable[..., None] = guarded
    for option in reversed(
        (
            click.option(
                "--stack", "name", required=True, help="The stack: Pulumi.<stack>.yaml configures it."
            ),
            click.option(
                "--endpoint",
                envvar="CROSSACCOUNT_ENDPOINT",
                help="The local cloud's host:port (also CROSSACCOUNT_ENDPOINT).",
            ),
            click.option("--live", is_flag=True, help="Allow an endpoint that is not on this machine."),
            click.option(
                "--project",
                type=click.Path(exists=True, file_okay=False, path_type=Path),
                default=Path(),
                help="The folder of Pulumi.yaml (default: this one).",
            ),
            click.option(
                "--state-dir",
                type=click.Path(file_okay=False, path_type=Path),
                default=None,
                help="Where trial states are kept (default: .crossaccount/state in the project).",
            ),
            click.option(
                "--target",
                multiple=True,
                metavar="URN",
                help="Touch only this resource, and leave the others as they are; `**` stands for anything.",
            ),
            click.option("--target-dependents", is_flag=True, help="What depends on a target is one too."),
        )
    ):
        decorated = option(decorated)
    return decorated


_refresh_option = click.option(
    "--refresh", is_flag=True, help="Compare with what is live, not with what the trial state says."
)

_json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print what was done as JSON, and the stack's outputs."
)


@click.command(epilog=_EPILOG)
@_stack_command
@_refresh_option
@click.option("--json", "as_json", is_flag=True, help="Print the plan as `pulumi preview --json` does.")
def preview(
    name: str,
    endpoint: str | None,
    live: bool,
    project: Path,
    state_dir: Path | None,
    targets: Targets,
    refresh: bool,
    as_json: bool,
) -> None:
    """Show what `up` would change, changing nothing.

    Without --endpoint nothing is called: the plan is made from the program and the trial state alone.
    """
    target = Target.from_environment(endpoint, live=live) if endpoint or live else None
    stack = Stack.open(project, name, target=target, state_dir=state_dir)
    if as_json:
        click.echo(json.dumps(stack.preview(_tell, targets=targets, refresh=refresh).to_json(), indent=4))
        return
    console = _console()
    with console.status(f"planning {name} ...") as status:
        plan = stack.preview(Progress(console, status, planning=True), targets=targets, refresh=refresh)
    if lines := "\n".join(plan_lines(plan.to_json())):
        console.print(lines)
    console.print(summary_line(Summary(plan.changes, plan.duration), planned=True))


@click.command(epilog=_EPILOG)
@_stack_command
@_json_option
@_refresh_option
@click.option("--yes", is_flag=True, help="Do not ask, where --live is given.")
def up(
    name: str,
    endpoint: str | None,
    live: bool,
    project: Path,
    state_dir: Path | None,
    targets: Targets,
    as_json: bool,
    refresh: bool,
    yes: bool,
) -> None:
    """Bring a stack up with the embedded engine, for trials and tests; `pulumi up` is for real accounts."""
    stack = _open(name, endpoint, live=live, project=project, state_dir=state_dir)
    _confirm(f"change the real account of stack {name}", live=live, yes=yes)
    _show(stack, f"bringing {name} up", partial(stack.up, targets=targets, refresh=refresh), as_json=as_json)


@click.command(epilog=_EPILOG)
@_stack_command
@_json_option
def refresh(
    name: str,
    endpoint: str | None,
    live: bool,
    project: Path,
    state_dir: Path | None,
    targets: Targets,
    as_json: bool,
) -> None:
    """Read a stack's resources again and correct its state; no resource is changed."""
    stack = _open(name, endpoint, live=live, project=project, state_dir=state_dir)
    _show(stack, f"refreshing {name}", partial(stack.refresh, targets=targets), as_json=as_json)


@click.command(epilog=_EPILOG)
@_stack_command
@_json_option
@click.option("--yes", is_flag=True, help="Do not ask, where --live is given.")
def destroy(
    name: str,
    endpoint: str | None,
    live: bool,
    project: Path,
    state_dir: Path | None,
    targets: Targets,
    as_json: bool,
    yes: bool,
) -> None:
    """Take a stack back, in dependency order: policies are detached before their role is deleted."""
    stack = _open(name, endpoint, live=live, project=project, state_dir=state_dir)
    _confirm(f"delete what stack {name} made in the real account", live=live, yes=yes)
    _show(stack, f"destroying {name}", partial(stack.destroy, targets=targets), as_json=as_json)


def _open(name: str, endpoint: str | None, *, live: bool, project: Path, state_dir: Path | None) -> Stack:
    return Stack.open(project, name, target=Target.from_environment(endpoint, live=live), state_dir=state_dir)


def _confirm(what: str, *, live: bool, yes: bool) -> None:
    if live and not yes:
        click.confirm(f"{what}?", abort=True)


def _console() -> Console:
    return Console(highlight=False, emoji=False, width=None if sys.stdout.isatty() else 140)


def _show(
    stack: Stack, what: str, run: Callable[[Callable[[Event], None]], Summary], *, as_json: bool
) -> None:
    if as_json:
        done = run(_tell)
        told = {
            "changes": dict(done.changes),
            "duration": round(done.duration, 3),
            "outputs": stack.outputs(),
        }
        click.echo(json.dumps(told, indent=2))
        return
    console = _console()
    with console.status(f"{what} ...") as status:
        run(Progress(console, status))


def _tell(event: Event) -> None:
    """Diagnostics on standard error, where standard output holds JSON."""
    if isinstance(event, Diagnostic):
        click.echo(f"{event.severity.value}: {event.message}", err=True)


def _end(error: EngineError, kind: ErrorKind, *, as_json: bool) -> NoReturn:
    tell(SessionError(kind, str(error)), as_json=as_json)
    sys.exit(kind.value)
