"""The coverage-guided fuzzer of the wire parser runs within a fixed budget."""

from __future__ import annotations

import importlib.util
import random
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
RUNS = 15_000


@pytest.mark.skipif(
    importlib.util.find_spec("atheris") is None, reason="atheris has no wheel for this Python"
)
def test_the_wire_parser_survives_a_coverage_guided_fuzzer(tmp_path):
    """Fifteen thousand inputs: each answered, or refused with a code; none hangs, none is a fault inside."""
    examples = tmp_path / "examples"
    examples.mkdir()
    seed = random.randrange(1, 2**31)  # from pytest-randomly's own, which it prints
    budget = [f"-runs={RUNS}", f"-seed={seed}", "-max_len=2048", "-timeout=10", "-rss_limit_mb=1024"]

    ended = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.localcloud.fuzz_wire",
            *budget,
            f"-artifact_prefix={tmp_path}/",
            examples,
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    found = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    assert (ended.returncode, found) == (0, {}), f"with -seed={seed}:\n{ended.stderr[-5000:]}"
    assert f"Done {RUNS} runs" in ended.stderr
