"""`crossaccount preview` of 400 delegations, against Pulumi's SDK alone with mocks that do nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.report import Ratio, in_turn

DELEGATIONS, ROUNDS = 400, 5
BIN = Path(sys.executable).parent

PROGRAM = f"""
import json
import pulumi_alicloud as alicloud

partner = {{"RAM": ["acs:ram::1345678901230000:root"]}}
statement = {{"Action": ["sts:AssumeRole"], "Effect": "Allow", "Principal": partner}}
trust = json.dumps({{"Version": "1", "Statement": [statement]}})
for number in range({DELEGATIONS}):
    role = alicloud.ram.Role(
        f"role-{{number}}",
        role_name=f"partner-{{number}}",
        assume_role_policy_document=trust,
        max_session_duration=3600,
    )
    alicloud.ram.RolePolicyAttachment(
        f"read-{{number}}",
        role_name=role.role_name,
        policy_name="AliyunFCReadOnlyAccess",
        policy_type="System",
    )
"""

FLOOR = """
import runpy
import pulumi
from pulumi.runtime import mocks, set_mocks

class Nothing(mocks.Mocks):
    def call(self, args):
        return {}, []
    def new_resource(self, args):
        return args.name + "-id", args.inputs

set_mocks(Nothing(), project="many", stack="bench", preview=True)

@pulumi.runtime.test
def run():
    runpy.run_path("__main__.py", run_name="__main__")

run()
"""


def ratios() -> list[Ratio]:
    """Whole processes: at most 1.5 times what the SDK alone takes."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        (project / "Pulumi.yaml").write_text("name: many\nruntime: python\n")
        (project / "Pulumi.bench.yaml").write_text(
            'config:\n  alicloud:region: cn-hangzhou\n  many:account: "1234567890120000"\n'
        )
        (project / "__main__.py").write_text(PROGRAM)
        (project / "floor.py").write_text(FLOOR)
        figures = in_turn(
            lambda: _seconds(project, str(BIN / "crossaccount"), "preview", "--stack", "bench"),
            lambda: _seconds(project, sys.executable, "floor.py"),
            ROUNDS,
        )
    return [
        Ratio(
            "preview of 400 delegations (801 resources)",
            *figures,
            "Pulumi's SDK, mocks that do nothing",
            "s",
            1.5,
            at_least=False,
        )
    ]


def _seconds(project: Path, *command: str) -> float:
    started = time.perf_counter()
    done = subprocess.run(
        command, cwd=project, env=_environment(), capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(
            f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
        )
    return time.perf_counter() - started


def _environment() -> dict[str, str]:
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("ALICLOUD_", "ALIBABA", "PULUMI_"))
    }
