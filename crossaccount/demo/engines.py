"""Which engine runs the demo's stacks: the embedded one, or the Pulumi CLI with the alicloud provider."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from crossaccount.automation.installed import missing

if TYPE_CHECKING:
    from crossaccount.demo.scene import Open


class Engine(str, Enum):
    """What `--engine` takes."""

    AUTO = "auto"
    """The real engine where it is installed, else the embedded one."""
    PULUMI = "pulumi"
    """The Pulumi CLI and the alicloud provider."""
    EMBEDDED = "embedded"
    """The embedded engine, which needs neither."""


class NotInstalledError(Exception):
    """The real engine was asked for, and the message names what of it is not there."""


def choose(engine: Engine) -> Engine:
    """Return `pulumi` or `embedded`.

    Raises:
        NotInstalledError: `pulumi` was asked for and is not there.
    """
    if engine is Engine.EMBEDDED:
        return engine
    absent = missing()
    if not absent:
        return Engine.PULUMI
    if engine is Engine.AUTO:
        return Engine.EMBEDDED
    raise NotInstalledError(
        f"not on the PATH: {', '.join(f'`{name}`' for name in absent)}; install what is missing "
        "(`pulumi plugin install resource alicloud` for the provider), or leave `--engine` out"
    )


def opener(engine: Engine) -> Open:
    """Return what opens a stack under a chosen engine; only that engine's code is imported."""
    if engine is Engine.PULUMI:
        from crossaccount.automation.stack import Stack as RealStack  # noqa: PLC0415  loads a gRPC server

        return RealStack.open
    from crossaccount.engine import Stack  # noqa: PLC0415

    return Stack.open
