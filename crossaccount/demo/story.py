"""The six steps, told in order on a fresh local cloud that ends with the story."""

from __future__ import annotations

import secrets
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from Tea.exceptions import TeaException

from crossaccount.demo import steps
from crossaccount.demo.scene import DemoError, Scene
from crossaccount.demo.screen import Screen
from crossaccount.engine import EngineError
from crossaccount.localcloud.cloud import Cloud

if TYPE_CHECKING:
    from crossaccount.demo.scene import Open

STEPS = (
    ("Start the local cloud: A with functions and services, B with nothing", steps.start),
    ("Bring up stack account-a, then stack account-b", steps.bring_up),
    (
        "As B's user: assume the role, list A's functions and services, try to invoke one",
        steps.assume_and_list,
    ),
    ("Everyone else is refused", steps.outsiders),
    ("Revoke: destroy stack account-a", steps.revoke),
    ("Destroy stack account-b, and look at what is left", steps.clear),
)
_PLAIN_WIDTH = 140
OPENING = "Enterprise A owns Function Compute; enterprise B runs it for A. Nothing leaves this machine."


def tell(project: Path, open_stack: Open, console: Console | None = None) -> bool:
    """Run the story; True when every step behaved.

    Args:
        project: the folder of `Pulumi.yaml` and the two stack files.
        open_stack: the engine that runs the stacks.
        console: where to show it; the terminal when None.
    """
    console = console or _console()
    console.print(f"[dim]{OPENING}[/dim]")
    started = time.perf_counter()
    cloud = Cloud()
    with tempfile.TemporaryDirectory(prefix="crossaccount-demo-") as folder:
        screen = Screen(console, len(STEPS))
        scene = Scene(cloud, open_stack, project, Path(folder), secrets.token_urlsafe(), screen, {})
        try:
            for title, step in STEPS:
                if not _take(console, scene, title, step):
                    return False
        finally:
            cloud.stop()
    console.print(f"[bold green]Every step behaved[/bold green], in {time.perf_counter() - started:.1f} s.")
    return True


def _console() -> Console:
    """The terminal at its own width; a file or a pipe at one that breaks no ARN."""
    return Console(highlight=False, emoji=False, width=None if sys.stdout.isatty() else _PLAIN_WIDTH)


def _take(console: Console, scene: Scene, title: str, step: steps.Step) -> bool:
    try:
        with scene.screen.step(title):
            step(scene)
    except (DemoError, EngineError, TeaException) as error:
        console.print(f"[bold red]step {scene.screen.number} did not behave[/bold red]: {escape(str(error))}")
        return False
    return True
