"""`crossaccount audit --redact`: marks for the names of principals, and the key that they are made with."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crossaccount.access import QuestionError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

KEY_VARIABLE = "CROSSACCOUNT_REDACT_KEY"
_SHORTEST = 16
_RANDOM = 32


def redact_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options `--redact` and `--redact-key`."""
    for option in reversed(
        (
            click.option(
                "--redact", is_flag=True, help="Marks instead of the names of users, groups, assuming roles."
            ),
            click.option(
                "--redact-key",
                type=click.Path(dir_okay=False, path_type=Path),
                help=f"A file with the key of the marks (or ${KEY_VARIABLE}), for the same marks each time.",
            ),
        )
    ):
        command = option(command)
    return command


def redact_key(options: Mapping[str, Any]) -> bytes | None:
    """The key of the marks: of the file, else of the environment, else a random one; None without `--redact`.

    Raises:
        QuestionError: a key is shorter than 16 bytes or cannot be read, or an option does not go with it.
    """
    path: Path | None = options["redact_key"]
    if not options["redact"]:
        if path is not None:
            raise QuestionError("--redact-key goes with --redact")
        return None
    if options["between"] or options["timeline"]:
        raise QuestionError("--redact is for the report: leave out --between and --timeline")
    if path is not None:
        try:
            return _checked(path.read_bytes().strip(), f"`{path}`")
        except OSError as error:
            reason = (error.strerror or "an error").lower()
            raise QuestionError(f"`{path}` cannot be read: {reason}") from None
    given = os.environ.get(KEY_VARIABLE)
    return (
        secrets.token_bytes(_RANDOM) if given is None else _checked(os.fsencode(given), f"`{KEY_VARIABLE}`")
    )


def _checked(key: bytes, where: str) -> bytes:
    if len(key) < _SHORTEST:
        raise QuestionError(
            f"the key in {where} is shorter than {_SHORTEST} bytes, so that names could be tried out: make "
            "one with `openssl rand -hex 32`"
        )
    return key
