"""`crossaccount assume` with a warm cache against a bare Python; 20 regions against the slowest one."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.far import Far
from benchmarks.localcloud import ROLE_ARN, LocalCloud, local_cloud
from benchmarks.report import Ratio, in_turn
from crossaccount.session import Key, SessionRequest, open_session
from crossaccount.session.functions.access import Access
from crossaccount.session.functions.listing import list_regions
from crossaccount.session.functions.regions import REGIONS
from crossaccount.session.source import Source, SourceKind

ROUNDS, LISTINGS = 15, 5
COMMAND = str(Path(sys.executable).parent / "crossaccount")
# As from one place on the globe: 100 to 290 ms to the first byte of an answer.
DELAYS = {region: 0.1 + 0.01 * number for number, region in enumerate(REGIONS[:20])}
SLOWEST = max(DELAYS, key=lambda region: DELAYS[region])


def ratios() -> list[Ratio]:
    """Warm: at most 6 times `python -c pass`; 20 regions: at most 3 times the slowest one."""
    with local_cloud() as cloud:
        return [_warm(cloud), _regions(cloud)]


def _warm(cloud: LocalCloud) -> Ratio:
    key_id, secret = cloud._keys["AssumeRole"]  # noqa: SLF001  the key that the benchmark made
    with tempfile.TemporaryDirectory() as cache:
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": cache,
            "CROSSACCOUNT_CACHE_DIR": str(Path(cache) / "sessions"),
            "CROSSACCOUNT_ENDPOINT": cloud.endpoint,
            "ALIBABA_CLOUD_ACCESS_KEY_ID": key_id,
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET": secret,
        }
        figures = in_turn(
            lambda: _seconds(environment, COMMAND, "assume", ROLE_ARN, "--process"),
            lambda: _seconds(environment, sys.executable, "-c", "pass"),
            ROUNDS,
        )
    return Ratio("assume, warm cache", *figures, "python -c pass", "s", 6, at_least=False)


def _seconds(environment: dict[str, str], *command: str) -> float:
    started = time.perf_counter()
    subprocess.run(command, env=environment, capture_output=True, check=True)
    return time.perf_counter() - started


def _regions(cloud: LocalCloud) -> Ratio:
    key = Key(*cloud._keys["AssumeRole"])  # noqa: SLF001  the key that the benchmark made
    source = Source(SourceKind.GIVEN, "the benchmark's key", f"key:{key.key_id}", key)
    cloud._do(  # noqa: SLF001  as its set-up does
        "1234567890120000",
        "AttachPolicyToRole",
        RoleName="reader",
        PolicyType="System",
        PolicyName="AliyunFCReadOnlyAccess",
    )
    session = open_session(SessionRequest(ROLE_ARN, endpoint=cloud.endpoint), source, None)
    with Far(cloud.port, DELAYS) as far:
        access = Access(session, far.endpoint)
        figures = in_turn(
            lambda: _listing(access, tuple(DELAYS)), lambda: _listing(access, (SLOWEST,)), LISTINGS
        )
    return Ratio(
        "list 20 regions, each 100 to 290 ms away", *figures, "the slowest alone", "s", 3, at_least=False
    )


def _listing(access: Access, regions: Sequence[str]) -> float:
    started = time.perf_counter()
    listing = list_regions(access, regions)
    taken = time.perf_counter() - started
    if listing.failed:
        raise RuntimeError(f"regions failed: {listing.failed}")
    return taken
