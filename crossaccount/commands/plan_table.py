"""A plan as lines for a terminal: one for each change, and below it what differs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from rich.markup import escape

from crossaccount.commands.progress import mark
from crossaccount.engine import Op

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# A replacement shows once, as `replace`; its parts are Pulumi's bookkeeping.
_PARTS = {"create-replacement", "delete-replaced", "same", "refresh"}
_WIDEST = 100
_KINDS = {"add": "[green]+[/green]", "delete": "[red]-[/red]", "update": "[yellow]~[/yellow]"}


def plan_lines(plan: Mapping[str, Any]) -> Iterator[str]:
    """The lines of a plan in the shape of `pulumi preview --json`, with markup; secrets are masked there."""
    for step in plan["steps"]:
        if step["op"] in _PARTS:
            continue
        kind, name = (
            step["urn"].rpartition("::")[0].rpartition("$")[2].rpartition("::")[2],
            step["urn"].rpartition("::")[2],
        )
        yield f"{mark(Op(step['op']))} {escape(kind.rpartition(':')[2])} [bold]{escape(name)}[/bold]"
        yield from _differences(step)


def _differences(step: Mapping[str, Any]) -> Iterator[str]:
    old, new = (step.get(side, {}).get("inputs", {}) for side in ("oldState", "newState"))
    for path, difference in (step.get("detailedDiff") or {}).items():
        kind, _, replaces = difference["kind"].partition("-")
        change = f"{_shown(old, path)} -> {_shown(new, path)}"
        forced = "  [magenta](forces a replacement)[/magenta]" if replaces else ""
        yield f"      {_KINDS[kind]} {escape(path)}: {escape(change)}{forced}"


def _shown(inputs: Mapping[str, Any], path: str) -> str:
    """The value at the top-level name of a path, as one short line."""
    name = path.partition(".")[0].partition("[")[0]
    if name not in inputs:
        return "nothing"
    text = inputs[name] if isinstance(inputs[name], str) else json.dumps(inputs[name], sort_keys=True)
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 3]}..."
