"""Decisions a second, conditions included, against moto's IAM evaluator and cedarpy's batch call."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from benchmarks.decision_cases import REQUESTS, document
from benchmarks.report import Ratio, in_turn
from crossaccount.policy import PolicyKind, Request, Source, decide, parse

ROUNDS, REPEATS = 7, 20
PEERS = Path(__file__).parent / "decision_peers.py"
PYTHON = Path(sys.executable).parent.parent / "bench" / "bin" / "python"


def ratios() -> list[Ratio]:
    """At least moto's rate, and 5 times that of cedarpy; Cedar must allow as many requests as we do."""
    with subprocess.Popen([PYTHON, PEERS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as peers:
        found = [
            Ratio(
                "decisions",
                *in_turn(_ours, lambda: _peer(peers, "moto"), ROUNDS),
                "moto",
                "/s",
                1,
                at_least=True,
            ),
            Ratio(
                "decisions",
                *in_turn(_ours, lambda: _peer(peers, "cedar", allowed=_allowed()), ROUNDS),
                "cedarpy, one batch",
                "/s",
                5,
                at_least=True,
            ),
        ]
        peers.stdin.close()
    return found


def _sources() -> list[Source]:
    return [Source("policy", parse(document(version="1"), PolicyKind.IDENTITY))]


def _allowed() -> int:
    sources = _sources()
    return sum(decide(sources, Request(*each)).allowed for each in REQUESTS)


def _ours() -> float:
    sources = _sources()
    start = time.perf_counter()
    for _ in range(REPEATS):
        for action, resource, context in REQUESTS:
            decide(sources, Request(action, resource, context))
    return REPEATS * len(REQUESTS) / (time.perf_counter() - start)


def _peer(peers: subprocess.Popen[str], name: str, allowed: int | None = None) -> float:
    peers.stdin.write(f"{name}\n")
    peers.stdin.flush()
    rate, count = peers.stdout.readline().split()
    if allowed is not None and int(count) != allowed:
        raise SystemExit(f"{name} allows {count} requests, we allow {allowed}: not the same policy")
    return float(rate)
