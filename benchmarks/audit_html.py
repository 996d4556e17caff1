"""The audit's page of 10,000 delegations in Chromium: from a keystroke to the result on the screen.

Where there is no Chromium nothing is measured, and that is said. A figure is a round's slowest keystroke.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.audit_states import write_states
from benchmarks.report import Ratio
from tests.chromium import Chromium, Page, chromium_path

DELEGATIONS, ROWS = 10_000, "10,000 rows"
LIMIT = 200  # milliseconds
WORDS = ("partner-07", "user-0042 fc:get", "urn:pulumi", "no-external", "nothing of it")
_COMMAND = "from crossaccount.entry import main; main()"
_WATCH = """
addEventListener("keydown", (event) => requestAnimationFrame(() => setTimeout(() =>
  (window.keystrokes ||= []).push(performance.now() - event.timeStamp))), true);
"""
_PAINTED = "new Promise((done) => requestAnimationFrame(() => setTimeout(() => setTimeout(done))))"


def ratios() -> list[Ratio]:
    """At most 200 ms, whatever is typed."""
    if chromium_path() is None:
        print("not measured: no Chromium is installed on this machine", flush=True)
        return []
    with TemporaryDirectory(ignore_cleanup_errors=True) as name:
        page = _written(Path(name))
        browser = Chromium(Path(name) / "profile")
        try:
            figures = _measured(browser.page(), page)
        finally:
            browser.close()
    what = f"keystroke to result in the page of {DELEGATIONS:,} delegations"
    return [Ratio(what, figures, [LIMIT], "promise", "ms", 1, at_least=False)]


def _written(folder: Path) -> Path:
    target = folder / "report.html"
    states = map(str, write_states(folder, DELEGATIONS))
    command = [sys.executable, "-c", _COMMAND, "audit", "--summary", "--html", str(target), *states]
    subprocess.run(command, check=True, capture_output=True)
    return target


def _measured(page: Page, path: Path) -> list[float]:
    page.open(path)
    page.evaluate(_WATCH)
    slowest = []
    for word in WORDS:
        page.evaluate("document.getElementById('filters').reset()")
        page.evaluate(f"document.getElementById('search').focus(); window.keystrokes = []; {_PAINTED}")
        for key in word:
            page.press(key)
            page.evaluate(_PAINTED)
        times = page.evaluate("window.keystrokes")
        (said,) = page.texts("#count")
        if len(times) != len(word) or ROWS not in said:
            raise RuntimeError(f"the search did not follow {word!r}: {len(times)} results, {said!r}")
        slowest.append(max(times))
    return slowest
