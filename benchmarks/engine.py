"""The embedded engine: against the Pulumi CLI with the alicloud provider, where they are, and its growth."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

from benchmarks.preview import PROGRAM
from benchmarks.report import Ratio, in_turn
from crossaccount.automation.environment import provider_config, variables
from crossaccount.automation.installed import missing
from crossaccount.engine import Target

ACCOUNT = "1234567890120000"
FEW, MANY, ROUNDS = 400, 1600, 5
GROWTH_ROUNDS, CHANGE_ROUNDS = 3, 3
PREVIEW_BOUND, CHANGE_BOUND, GROWTH_BOUND = 1 / 5, 1 / 4, 5
PASSPHRASE = "of a benchmark"
# RAM's quota of 1,000 roles is lifted: 1,600 delegations are 1,600 roles.
CLOUD = """
from crossaccount.localcloud.ram import limits
limits.ROLES = 100_000
from crossaccount.cli import main
main()
"""
# Seconds of the SDK alone, with mocks that do nothing, then of `up` and `destroy`; in one process of its own.
GROWTH = """
import json, os, runpy, sys, time
from pathlib import Path
import pulumi
import pulumi_alicloud
from pulumi.runtime import mocks, set_mocks
from crossaccount.engine import Stack, Target

class Nothing(mocks.Mocks):
    def call(self, args):
        return {}, []
    def new_resource(self, args):
        return args.name + "-id", args.inputs

def sdk():
    set_mocks(Nothing(), project="many", stack="bench", preview=True)
    @pulumi.runtime.test
    def run():
        runpy.run_path("__main__.py", run_name="__main__")
    run()

def seconds(action):
    started = time.perf_counter()
    action()
    return time.perf_counter() - started

endpoint, key, secret, state = sys.argv[1:]
pulumi_alicloud.ram.Role, pulumi_alicloud.ram.RolePolicyAttachment
alone = seconds(sdk)
stack = Stack.open(Path(), "bench", target=Target(endpoint, key, secret), state_dir=Path(state))
print(json.dumps({"sdk": alone, "up": seconds(stack.up), "destroy": seconds(stack.destroy)}))
"""


@dataclass(frozen=True, slots=True)
class Served:
    """A running local cloud and the root key of its account."""

    endpoint: str
    key_id: str
    secret: str


def ratios() -> list[Ratio]:
    """Preview at least 5 times, create and destroy at least 4 times as fast as the CLI; growth 5-fold."""
    with _cloud() as cloud, tempfile.TemporaryDirectory() as folder:
        found = _growth(Path(folder), cloud)
        absent = missing()
        if absent:
            print(f"  not compared with the Pulumi CLI: {', '.join(absent)} not found", flush=True)
            return found
        return [*_against_pulumi(Path(folder), cloud), *found]


def _growth(folder: Path, cloud: Served) -> list[Ratio]:
    few, many = ([], []), ([], [])
    for number in range(GROWTH_ROUNDS):
        for count, (created, destroyed) in ((FEW, few), (MANY, many)):
            project = _project(folder / f"growth-{count}", count, {})
            state = folder / f"growth-{count}-{number}"
            arguments = [cloud.endpoint, cloud.key_id, cloud.secret, str(state)]
            told = json.loads(_run(project, {}, sys.executable, "-c", GROWTH, *arguments))
            created.append(told["up"] - 2 * told["sdk"])  # the program runs twice
            destroyed.append(told["destroy"])
    what = f"from {FEW} to {MANY:,} delegations"
    bound = {"peer_name": f"{FEW} delegations", "unit": "s", "bound": GROWTH_BOUND, "at_least": False}
    return [
        Ratio(f"create {what}, the SDK's own time taken off", many[0], few[0], **bound),
        Ratio(f"destroy {what}", many[1], few[1], **bound),
    ]


def _against_pulumi(folder: Path, cloud: Served) -> list[Ratio]:
    project = _project(folder / "pulumi", FEW, provider_config(cloud.endpoint))
    target = Target(cloud.endpoint, cloud.key_id, cloud.secret)
    pulumi = variables(folder, PASSPHRASE, target, f"http://{cloud.endpoint}")
    embedded = {"ALIBABA_CLOUD_ACCESS_KEY_ID": cloud.key_id, "ALIBABA_CLOUD_ACCESS_KEY_SECRET": cloud.secret}
    own = str(Path(sys.executable).parent / "crossaccount")
    _run(project, pulumi, "pulumi", "stack", "init", "bench", "--non-interactive")

    def ours(verb: str) -> float:
        return _seconds(project, embedded, own, verb, "--stack", "bench", "--endpoint", cloud.endpoint)

    def theirs(verb: str, *options: str) -> float:
        return _seconds(project, pulumi, "pulumi", verb, *options, "--stack", "bench", "--non-interactive")

    unasked = "--yes", "--skip-preview"
    previews = in_turn(lambda: ours("preview"), lambda: theirs("preview"), ROUNDS)
    changes: dict[str, tuple[list[float], list[float]]] = {"up": ([], []), "destroy": ([], [])}
    for _ in range(CHANGE_ROUNDS):
        for run in (ours, lambda verb: theirs(verb, *unasked)):  # one account has room for one of the two
            for verb, figures in changes.items():
                figures[0 if run is ours else 1].append(run(verb))
    measured = (
        ("preview", previews, PREVIEW_BOUND),
        ("create", changes["up"], CHANGE_BOUND),
        ("destroy", changes["destroy"], CHANGE_BOUND),
    )
    what = f"{FEW} delegations ({2 * FEW + 1} resources)"
    return [
        Ratio(f"{verb} {what}", *figures, "Pulumi CLI and provider", "s", bound, at_least=False)
        for verb, figures, bound in measured
    ]


def _project(folder: Path, count: int, config: Mapping[str, str]) -> Path:
    folder.mkdir(exist_ok=True)
    runtime = {"name": "python", "options": {"virtualenv": sys.prefix}}
    (folder / "Pulumi.yaml").write_text(yaml.safe_dump({"name": "many", "runtime": runtime}))
    stack = {"config": {"alicloud:region": "cn-hangzhou", **config}}
    (folder / "Pulumi.bench.yaml").write_text(yaml.safe_dump(stack))
    (folder / "__main__.py").write_text(PROGRAM.replace(f"range({FEW})", f"range({count})"))
    return folder


@contextmanager
def _cloud() -> Iterator[Served]:
    command = [sys.executable, "-c", CLOUD, "local", "--port", "0", "--accounts", ACCOUNT, "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            told = json.loads(process.stdout.readline())
            key = told["accounts"][ACCOUNT]
            yield Served(told["endpoint"], key["accessKeyId"], key["accessKeySecret"])
        finally:
            process.terminate()
            process.wait(timeout=10)


def _seconds(project: Path, extra: Mapping[str, str], *command: str) -> float:
    started = time.perf_counter()
    _run(project, extra, *command)
    return time.perf_counter() - started


def _run(project: Path, extra: Mapping[str, str], *command: str) -> str:
    foreign = ("ALICLOUD_", "ALIBABA")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    done = subprocess.run(
        command,
        cwd=project,
        env={**environment, "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE, **extra},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        tail = f"{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
        raise RuntimeError(f"{' '.join(command[:3])} ended with {done.returncode}:\n{tail}")
    return done.stdout
