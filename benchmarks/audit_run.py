"""One audit, or one `json.load`, in a process of its own: prints its seconds and its peak of memory."""

from __future__ import annotations

import json
import resource
import sys
import time
from contextlib import suppress
from pathlib import Path

_KIB = 1024


def main(what: str, target: str, *states: str) -> None:
    """Measure.

    Args:
        what: `audit` or `load`.
        target: the folder that the forms are written to.
        states: the files.
    """
    seconds = _load(states) if what == "load" else _audit(Path(target), states)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KIB
    print(json.dumps({"seconds": seconds, "mebibytes": peak}), file=sys.stderr)


def _load(states: tuple[str, ...]) -> float:
    start = time.process_time()
    for path in states:
        with Path(path).open(encoding="utf-8") as file:
            json.load(file)
    return time.process_time() - start


def _audit(target: Path, states: tuple[str, ...]) -> float:
    from crossaccount.commands.audit import audit  # noqa: PLC0415  not a part of what `load` measures

    forms = ("csv", "json", "markdown", "html")
    asked = [f"--{form}={target / form}" for form in forms if f"--{form}" in _options(audit.params)]
    start = time.process_time()
    with suppress(SystemExit):
        audit.main([*asked, *states], standalone_mode=False)
    return time.process_time() - start


def _options(parameters: list[object]) -> set[str]:
    return {name for each in parameters for name in getattr(each, "opts", ())}


if __name__ == "__main__":
    main(*sys.argv[1:])
