"""The audit: a state of 10,000 delegations in all forms, against `json.load` of it; its memory; how it grows.

Each measurement is a process of its own. Seconds are those of the processor, without the start of Python;
the memory is the peak of the whole process.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.audit_states import write_states
from benchmarks.report import Ratio

SMALL, LARGE = 1_000, 10_000
ROUNDS = 3
_MEBIBYTE = 1 << 20
_FEWEST_BYTES = 100_000


def ratios() -> list[Ratio]:
    """At most 6 times `json.load` and 10 times the size; ten times as many in at most 12 times as long."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        small, large = write_states(folder, SMALL), write_states(folder, LARGE)
        size = sum(path.stat().st_size for path in large) / _MEBIBYTE
        pairs = [(_run("audit", folder, large), _run("load", folder, large)) for _ in range(ROUNDS)]
        few = [_run("audit", folder, small) for _ in range(ROUNDS)]
    ours, peaks = [each[0][0] for each in pairs], [each[0][1] for each in pairs]
    loads = [each[1][0] for each in pairs]
    what = f"audit of {LARGE:,} delegations in all forms"
    return [
        Ratio(what, ours, loads, "json.load of their states", "s", 6, at_least=False),
        Ratio(f"{what}: memory", peaks, [size], "the states' size", "MiB", 10, at_least=False),
        Ratio(what, ours, [each[0] for each in few], f"the same of {SMALL:,}", "s", 12, at_least=False),
    ]


def _run(what: str, folder: Path, states: tuple[Path, ...]) -> tuple[float, float]:
    """Seconds, and MiB at the peak."""
    target = folder / "forms"
    target.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "benchmarks.audit_run", what, str(target), *map(str, states)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    if what == "audit" and any(path.stat().st_size < _FEWEST_BYTES for path in target.iterdir()):
        raise RuntimeError(f"a form is nearly empty: {done.stderr}")
    found = json.loads(done.stderr.splitlines()[-1])
    return found["seconds"], found["mebibytes"]
