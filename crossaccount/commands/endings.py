"""How a session command ends: one line on standard error that says what to do, and a documented exit code."""

from __future__ import annotations

import json
import os
import sys
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from crossaccount.session.errors import SessionError

if TYPE_CHECKING:
    from collections.abc import Callable

INTERRUPTED = 130
_PIPE = 141


def ending(command: Callable[..., int | None]) -> Callable[..., None]:
    """Give a command its endings.

    Args:
        command: returns its exit code, None for 0; raises `SessionError`. Its option `as_json`, where it has
            one, makes the error JSON too.
    """

    @wraps(command)
    def ended(**options: Any) -> None:  # noqa: ANN401  click passes what the options say
        try:
            code = command(**options) or 0
            sys.stdout.flush()
        except SessionError as error:
            tell(error, as_json=bool(options.get("as_json")))
            code = error.kind.value
        except (KeyboardInterrupt, click.Abort):
            click.echo("interrupted; nothing was left half-done", err=True)
            code = INTERRUPTED
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = _PIPE
        sys.exit(code)

    return ended


def tell(error: SessionError, *, as_json: bool) -> None:
    """Print a failure to standard error."""
    click.echo(json.dumps(error.to_json()) if as_json else f"error: {error}", err=True)


def warn(text: str) -> None:
    """Print a warning to standard error."""
    click.echo(f"warning: {text}", err=True)
