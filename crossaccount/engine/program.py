"""Running the user's unmodified program in this process.

The Pulumi SDK keeps its settings, configuration and root resource in context variables and the program its
modules, search path and working directory in the interpreter: all of that is set here, for one run at a
time, and put back.
"""

from __future__ import annotations

import asyncio
import contextvars
import os
import re
import runpy
import sys
import threading
import traceback
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pulumi
from google.protobuf import empty_pb2
from pulumi.runtime import config as sdk_config
from pulumi.runtime import mocks, settings
from pulumi.runtime import stack as sdk_stack
from pulumi.runtime.proto import engine_pb2

from crossaccount.collection import seldom_collected
from crossaccount.engine import sdk_positions, sdk_urns, transforms
from crossaccount.engine.errors import EngineError, ProgramError, ProjectError, UnsupportedError
from crossaccount.engine.events import Diagnostic, Severity
from crossaccount.engine.monitor import Monitor, NoMocks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from crossaccount.engine.deployment import Deployment
    from crossaccount.engine.events import OnEvent

_ONE_AT_A_TIME = threading.Lock()
_OWN_PACKAGE = Path(__file__).parents[1]
_OWN_NAME = __name__.partition(".")[0]
_MISSING_FEATURE = re.compile(
    r"The Pulumi CLI does not support (?:the )?(.+?)\. Please update the Pulumi CLI"
)
_OPTION = re.compile(r"((?:[A-Z][a-z]+)+) option")
_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SEVERITIES = {
    engine_pb2.INFO: Severity.INFO,
    engine_pb2.WARNING: Severity.WARNING,
    engine_pb2.ERROR: Severity.ERROR,
}


def run(deployment: Deployment, *, preview: bool, on_event: OnEvent) -> None:
    """Run the program against a deployment, until all it asked for is done.

    May be called from any thread that runs no event loop, any number of times; runs wait for each other.

    Args:
        deployment: what answers the program.
        preview: whether `pulumi.runtime.is_dry_run()`.
        on_event: takes what the program logs.

    Raises:
        ProgramError: the program raised; says where.
        EngineError: a registration was refused or its step failed.
        ProjectError: there is no program.
    """
    main = _main_file(deployment)
    try:
        root = deployment.context.project.directory
        with _ONE_AT_A_TIME, _interpreter(root, main.parent), seldom_collected(), _swift_sdk():
            contextvars.copy_context().run(_run_in_loop, deployment, preview, on_event, main)
    except SystemExit as stop:
        if stop.code not in (None, 0):
            raise ProgramError(f"the program exited with status `{stop.code}`") from None
    except Exception as error:
        raise _explained(error, deployment) from error
    if deployment.failure is not None:
        raise deployment.failure


def _run_in_loop(deployment: Deployment, preview: bool, on_event: OnEvent, main: Path) -> None:
    loop = asyncio.SelectorEventLoop()
    loop.set_exception_handler(lambda _loop, _context: None)  # failures are reported once, by `run`
    parallel = deployment.context.parallel
    workers = _InlineExecutor(parallel) if preview else ThreadPoolExecutor(parallel)
    loop.set_default_executor(workers)
    try:
        loop.run_until_complete(_run_program(deployment, preview, on_event, main))
    except KeyboardInterrupt:
        deployment.fail(EngineError("interrupted"))
        raise
    finally:
        _end(workers, loop)
        _cancel_all(loop)
        loop.close()


def _end(workers: ThreadPoolExecutor, loop: asyncio.AbstractEventLoop) -> None:
    """Wait for calls under way; those that wait for a transform on the loop are told that it ends."""
    ending = threading.Thread(target=workers.shutdown, kwargs={"cancel_futures": True})
    ending.start()
    while ending.is_alive():
        _cancel_all(loop)
        ending.join(_TURN)


async def _run_program(deployment: Deployment, preview: bool, on_event: OnEvent, main: Path) -> None:
    context = deployment.context
    project, stack = context.project.name, context.stack
    settings.reset_options(project, stack, str(context.project.directory), organization="organization")
    settings.ROOT.set(_PLACEHOLDER)  # set_mocks makes a stack that never exports, unless there is one
    monitor = Monitor(deployment, preview=preview)
    mocks.set_mocks(NoMocks(), project, stack, preview, monitor=monitor, organization="organization")
    settings.ROOT.set(None)
    settings.SETTINGS.engine = _Engine(on_event)
    sdk_config.set_all_config(dict(context.config.values), list(context.config.secret_keys))
    await sdk_stack.run_in_stack(lambda: _execute(main))


_TURN = 0.02  # seconds
_PLACEHOLDER: Any = object()


async def _execute(main: Path) -> None:
    runpy.run_path(str(main), run_name="__main__")
    # The SDK waits for the first of all outputs again and again, which takes quadratic time; wait for all.
    while pending := _unsettled():
        await asyncio.wait(pending)


def _unsettled() -> set[asyncio.Task[Any]]:
    calls = {
        task for task in asyncio.all_tasks() if getattr(task.get_coro(), "__name__", "") == "rpc_wrapper"
    }
    return {task for task in calls | settings.SETTINGS.outputs if not task.done()}


def _main_file(deployment: Deployment) -> Path:
    main = deployment.context.project.main
    if main.is_dir():
        main /= "__main__.py"
    if not main.is_file():
        raise ProjectError(f"there is no program `{main}`; see key `main` of `Pulumi.yaml`")
    return main


@contextmanager
def _interpreter(root: Path, directory: Path) -> Iterator[None]:
    path, modules, working_directory = list(sys.path), set(sys.modules), Path.cwd()
    sys.path.insert(0, str(directory))
    os.chdir(directory)
    try:
        yield
    finally:
        os.chdir(working_directory)
        sys.path[:] = path
        for name in set(sys.modules) - modules:
            if _is_of_program(sys.modules[name], root):
                del sys.modules[name]


@contextmanager
def _swift_sdk() -> Iterator[None]:
    with sdk_positions.remembered(), sdk_urns.at_once():
        yield


def _is_of_program(module: Any, root: Path) -> bool:  # noqa: ANN401  anything may lie in sys.modules
    file = getattr(module, "__file__", None)
    own = getattr(module, "__name__", "").partition(".")[0] == _OWN_NAME
    return isinstance(file, str) and not own and _is_users(Path(file), root)


def _is_users(file: Path, root: Path) -> bool:
    return (
        file.is_relative_to(root)
        and "site-packages" not in file.parts
        and not file.is_relative_to(_OWN_PACKAGE)
    )


class _InlineExecutor(ThreadPoolExecutor):
    """Runs each call at once in the calling thread: planning waits for transforms only."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:  # noqa: ANN401
        if transforms.in_use():
            return super().submit(fn, *args, **kwargs)
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as error:  # noqa: BLE001  the future carries it
            future.set_exception(error)
        return future


class _Engine:
    """The engine service of the SDK: takes the program's log messages."""

    def __init__(self, on_event: OnEvent) -> None:
        self._on_event = on_event

    def Log(self, request: Any) -> Any:  # noqa: ANN401, N802  the SDK's name
        if request.severity in _SEVERITIES:
            self._on_event(Diagnostic(_SEVERITIES[request.severity], request.message, request.urn))
        return empty_pb2.Empty()

    def RequirePulumiVersion(self, request: Any) -> Any:  # noqa: ANN401, N802  likewise
        raise UnsupportedError(
            f"the program requires the Pulumi CLI `{request.pulumi_version_range}`, "
            "which is not running: use `pulumi up`"
        )


def _cancel_all(loop: asyncio.AbstractEventLoop) -> None:
    tasks = asyncio.all_tasks(loop)
    if tasks:
        for task in tasks:
            task.cancel()
        loop.run_until_complete(asyncio.wait(tasks))


def _explained(error: Exception, deployment: Deployment) -> EngineError:
    if deployment.failure is not None:
        return deployment.failure
    if isinstance(error, EngineError):
        return error
    if isinstance(error, pulumi.RunError):
        return ProgramError(str(error))
    feature = _MISSING_FEATURE.search(str(error))
    if feature:
        return UnsupportedError(
            f"the program uses {_as_written(feature.group(1))}, which the embedded engine does not handle; "
            "nothing was changed: use `pulumi up`"
        )
    where = _place(error, deployment.context.project.directory)
    return ProgramError(f"the program failed{where}: {type(error).__name__}: {error}")


def _as_written(feature: str) -> str:
    """What the SDK calls a feature, as the program writes it: `DeletedWith option` is `deleted_with`."""
    option = _OPTION.fullmatch(feature)
    return feature if option is None else f"`{_WORD.sub('_', option[1]).lower()}`"


def _place(error: BaseException | None, root: Path) -> str:
    if isinstance(error, SyntaxError) and error.filename:
        return f" at `{Path(error.filename).name}`, line {error.lineno}"
    seen: set[int] = set()
    while error is not None and id(error) not in seen:  # the SDK chains some errors in a ring
        seen.add(id(error))
        for frame in reversed(traceback.extract_tb(error.__traceback__)):
            file = Path(frame.filename)
            if _is_users(file, root):
                return f" at `{file.relative_to(root).as_posix()}`, line {frame.lineno}"
        error = error.__cause__ or error.__context__
    return ""
