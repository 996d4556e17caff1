"""Runs a Pulumi program under Pulumi's own mocks, each in a context and on an event loop of its own."""

import asyncio
import contextvars
import gc
import warnings
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pytest
from pulumi.runtime import mocks, rpc, settings, stack

with warnings.catch_warnings():  # the package deprecates one of its own classes while it is imported
    warnings.filterwarnings("ignore", message="alicloud.index/", category=DeprecationWarning)
    import pulumi_alicloud  # noqa: F401

A, B = "1234567890120000", "1345678901230000"


@dataclass
class Registered:
    """A resource as the program declared it."""

    type: str
    name: str
    urn: str
    parent: str
    inputs: Mapping[str, Any]
    secret_outputs: tuple[str, ...]
    depends_on: tuple[str, ...]


@dataclass
class Deployment:
    """What a program declared and exported."""

    resources: list[Registered] = field(default_factory=list)
    outputs: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)

    def of(self, kind: str) -> list[Registered]:
        """The resources of a kind, such as `Role`."""
        return [each for each in self.resources if each.type.rsplit(":", 1)[-1] == kind]

    def one(self, kind: str) -> Registered:
        """The only resource of a kind."""
        (found,) = self.of(kind)
        return found

    @property
    def exports(self) -> dict[str, Any]:
        """The stack's outputs, secrets shown as `{"secret": value}`."""
        return next(value for urn, value in self.outputs.items() if "pulumi:pulumi:Stack" in urn)


class _Answers(mocks.Mocks):
    def __init__(
        self, deployment: Deployment, account: str, users: list[str], stacks: Mapping[str, Any]
    ) -> None:
        self._deployment, self._account, self._users, self._stacks = deployment, account, users, stacks

    def call(self, args: mocks.MockCallArgs) -> Any:
        self._deployment.calls.append(args.token)
        if args.token.endswith("getCallerIdentity"):
            return {"accountId": self._account, "arn": f"acs:ram::{self._account}:root", "id": self._account}
        if args.token.endswith("getUsers"):
            return {"names": self._users, "ids": [], "users": [], "id": "x"}
        raise AssertionError(f"unexpected call {args.token}")

    def new_resource(self, args: mocks.MockResourceArgs) -> Any:
        if args.typ == "pulumi:pulumi:StackReference":
            return args.name, {"name": args.name, "outputs": self._stacks[args.name]}
        outputs = dict(args.inputs)
        if args.typ.endswith(":Role"):
            outputs["arn"] = f"acs:ram::{self._account}:role/{args.inputs['roleName']}"
        if args.typ.endswith(":AccessKey"):
            outputs["secret"] = "the-access-key-secret"
        return f"{args.name}-id", outputs


class _Threads(ThreadPoolExecutor):
    """Closes the event loop that Pulumi's mocks leave behind in every thread that answers them."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        def work() -> Any:
            asyncio.set_event_loop(own := asyncio.new_event_loop())
            try:
                return fn(*args, **kwargs)
            finally:
                asyncio.set_event_loop(None)
                own.close()

        return super().submit(work)


class _Monitor(mocks.MockMonitor):
    def __init__(self, answers: _Answers, deployment: Deployment) -> None:
        super().__init__(answers)
        self._deployment = deployment

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802  the monitor's own name
        answer = super().RegisterResource(request)
        self._deployment.resources.append(
            Registered(
                request.type,
                request.name,
                answer.urn,
                request.parent,
                _plain(rpc.deserialize_properties(request.object, keep_unknowns=True)),
                tuple(request.additionalSecretOutputs),
                tuple(request.dependencies),
            )
        )
        return answer

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802  the monitor's own name
        found = rpc.deserialize_properties(request.outputs, keep_unknowns=True)
        self._deployment.outputs[request.urn] = _plain(found)
        return super().RegisterResourceOutputs(request)


def _plain(value: Any) -> Any:
    if rpc.is_rpc_secret(value):
        return {"secret": _plain(rpc.unwrap_rpc_secret(value))}
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value


Deploy = Callable[..., Deployment]


@pytest.fixture
def deploy() -> Iterator[Deploy]:
    """Run a program: `deploy(program, account=, users=, stacks=, config=, secret=, preview=)`.

    What a failed program leaves behind is collected at once: futures whose exception nobody asked for log it
    when they go, and Python 3.11 does not survive that in the middle of parsing.
    """
    failed = []

    def run(
        program: Callable[[], object],
        *,
        account: str = A,
        users: list[str] | None = None,
        stacks: Mapping[str, Any] | None = None,
        config: Mapping[str, str] | None = None,
        secret: list[str] | None = None,
        preview: bool = False,
    ) -> Deployment:
        deployment = Deployment()
        answers = _Answers(deployment, account, users or [], stacks or {})

        async def main() -> None:
            loop = asyncio.get_running_loop()
            loop.set_default_executor(_Threads())
            # The error of a run is raised once; the SDK keeps futures with the same one that nobody asks.
            loop.set_exception_handler(lambda _loop, _context: None)
            pulumi.runtime.set_all_config(dict(config or {}), secret or [])
            monitor = _Monitor(answers, deployment)
            pulumi.runtime.set_mocks(answers, "crossaccount", "test", preview, monitor=monitor)
            settings.SETTINGS.rpc_manager.clear()
            settings.SETTINGS.outputs.clear()
            settings.ROOT.set(None)
            await stack.run_in_stack(lambda: program() and None)

        try:
            contextvars.copy_context().run(asyncio.run, main())
        except Exception:
            failed.append(program)
            raise
        return deployment

    yield run
    if failed:
        failed.clear()
        gc.collect()


@pytest.fixture
def unknown() -> Callable[[], "pulumi.Output[Any]"]:
    """Make an Output that preview does not know."""

    def make() -> "pulumi.Output[Any]":
        loop = asyncio.get_running_loop()
        value, known = loop.create_future(), loop.create_future()
        value.set_result(None)
        known.set_result(False)
        return pulumi.Output(set(), value, known)

    return make
