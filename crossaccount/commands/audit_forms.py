"""The forms in which `crossaccount audit` gives its report, each to a file or to standard output."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crossaccount.access import QuestionError
from crossaccount.audit.csv_form import report_to_csv
from crossaccount.audit.markdown import report_to_markdown
from crossaccount.audit.plain import report_to_json
from crossaccount.audit.terminal import terminal_lines
from crossaccount.whole_file import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable

    from crossaccount.audit.model import Report

_OUT = click.Path(dir_okay=False, allow_dash=True, path_type=Path)
_WIDTH = 200
_FORMS: dict[str, Callable[[Report], str]] = {
    "csv": report_to_csv,
    "as_json": lambda report: report_to_json(report).decode(),
    "markdown": report_to_markdown,
}


def form_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options `--csv`, `--json`, `--markdown` and `--summary`."""
    for option in reversed(
        (
            click.option(
                "--csv", type=_OUT, help="Write CSV, one right of one principal a line; `-` prints it."
            ),
            click.option("--json", "as_json", type=_OUT, help="Write JSON; `-` prints it."),
            click.option("--markdown", type=_OUT, help="Write Markdown; `-` prints it."),
            click.option("--summary", is_flag=True, help="On the terminal, only the findings."),
        )
    ):
        command = option(command)
    return command


def write_forms(report: Report, given: dict[str, Any]) -> None:
    """Write the forms that are asked for, files whole or not at all; the terminal's where none is printed.

    Raises:
        QuestionError: a file cannot be written.
    """
    printed = False
    for name, make in _FORMS.items():
        path: Path | None = given[name]
        if path is None:
            continue
        text = make(report)
        if str(path) == "-":
            click.echo(text, nl=False)
            printed = True
            continue
        try:
            write_whole(path, text)
        except OSError as error:
            reason = (error.strerror or "an error").lower()
            raise QuestionError(f"`{path}` cannot be written: {reason}") from None
    if not printed:
        _show(report, rows=not given["summary"])


def _show(report: Report, *, rows: bool) -> None:
    from rich.console import Console  # noqa: PLC0415  a program that reads JSON has no use for it

    width = None if sys.stdout.isatty() else _WIDTH
    console = Console(highlight=False, emoji=False, soft_wrap=True, width=width)
    for line in terminal_lines(report, rows=rows):
        console.print(line)
