"""`make bench`: every promise about speed, measured in one run; exits 1 when one is missed."""

from __future__ import annotations

import sys

from benchmarks import (
    audit,
    audit_html,
    decisions,
    engine,
    localcloud,
    localcloud_large,
    preview,
    review,
    sessions,
)
from benchmarks.report import show

if __name__ == "__main__":
    found = []
    for module in (
        decisions,
        localcloud,
        localcloud_large,
        preview,
        engine,
        review,
        audit,
        audit_html,
        sessions,
    ):
        print(f"measuring: {(module.__doc__ or '').splitlines()[0]}", flush=True)
        found += module.ratios()
    sys.exit(0 if show(found) else 1)
