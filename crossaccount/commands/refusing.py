"""How a command on states ends where one cannot be read: one line on standard error, and exit code 2."""

from __future__ import annotations

import sys
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from crossaccount.access import AccessError
from crossaccount.access.words import visible
from crossaccount.collection import seldom_collected

if TYPE_CHECKING:
    from collections.abc import Callable

REFUSED = 2


def shown_error(error: AccessError) -> str:
    """What went wrong, with nothing in it that a terminal would obey."""
    return "\n".join(map(visible, str(error).split("\n")))


def refusing(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command that ending; while it runs, garbage is looked for seldom."""

    @wraps(command)
    def guarded(**options: Any) -> None:  # noqa: ANN401  click passes what the options say
        try:
            with seldom_collected():
                command(**options)
        except AccessError as error:
            click.echo(f"error: {shown_error(error)}", err=True)
            sys.exit(REFUSED)

    return guarded
