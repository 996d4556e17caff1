"""The forms in which `crossaccount audit` gives its report, each to a file or to standard output."""

from __future__ import annotations

import os
import sys
from collections import Counter
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crossaccount.access import QuestionError
from crossaccount.audit.csv_form import report_to_csv
from crossaccount.audit.html_form import report_to_html
from crossaccount.audit.markdown import report_to_markdown
from crossaccount.audit.plain import report_to_json
from crossaccount.audit.terminal import EVERYTHING, Bounds, terminal_lines
from crossaccount.whole_file import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from crossaccount.audit.model import Report

_OUTPUT = Path("-")
_OUT = click.Path(dir_okay=False, allow_dash=True, path_type=Path)
_FORMS: dict[str, Callable[[Report], str]] = {
    "csv": report_to_csv,
    "as_json": lambda report: report_to_json(report).decode(),
    "markdown": report_to_markdown,
    "html": report_to_html,
}


def form_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options `--csv`, `--json`, `--markdown`, `--html`, `--summary` and `--all`."""
    for option in reversed(
        (
            click.option(
                "--csv", type=_OUT, help="Write CSV, one right of one principal a line; `-` prints it."
            ),
            click.option("--json", "as_json", type=_OUT, help="Write JSON; `-` prints it."),
            click.option("--markdown", type=_OUT, help="Write Markdown; `-` prints it."),
            click.option(
                "--html", type=_OUT, help="Write one HTML file that needs no network; `-` prints it."
            ),
            click.option("--summary", is_flag=True, help="On the terminal, only the findings."),
            click.option("--all", "everything", is_flag=True, help="On the terminal, every delegation."),
        )
    ):
        command = option(command)
    return command


def write_forms(report: Report, given: dict[str, Any]) -> None:
    """Write the forms that are asked for, files whole or not at all; the terminal's where none is printed.

    Raises:
        QuestionError: a file cannot be written, or two forms would go to the same place.
    """
    bounds = EVERYTHING if given["everything"] else Bounds()
    bounds = replace(bounds, delegations=0) if given["summary"] else bounds
    makers = {name: partial(make, report) for name, make in _FORMS.items()}
    write_asked(makers, given, lambda: _show(report, bounds))


def write_asked(
    makers: Mapping[str, Callable[[], str]], given: Mapping[str, Any], show: Callable[[], None]
) -> None:
    """Write what is asked for of some forms, files whole or not at all; print it where nothing is printed.

    Args:
        makers: what makes each form, by the name of its option.
        given: the options.
        show: prints the terminal's form.

    Raises:
        QuestionError: a file cannot be written, two forms would go to one place, or there is no such form.
    """
    asked = {name: path for name in _FORMS if (path := given[name]) is not None}
    for name in asked:
        if name not in makers:
            raise QuestionError(
                f"there is no {name.removeprefix('as_').upper()} of that: ask for another form"
            )
    _check_apart(asked.values())
    texts = {path: makers[name]() for name, path in asked.items()}
    for path, text in texts.items():
        if str(path) != "-":
            _write(path, text)
    printed = texts.get(_OUTPUT)
    if printed is not None:
        click.echo(printed, nl=False)
    else:
        show()


def _check_apart(paths: Collection[Path]) -> None:
    """Accepts forms that do not go to the same place.

    Raises:
        QuestionError: two do.
    """
    places = Counter(paths)
    for path, times in places.items():
        if times > 1:
            where = "standard output" if path == _OUTPUT else f"`{path}`"
            raise QuestionError(f"two forms would go to {where}: give each a file of its own")


def _write(path: Path, text: str) -> None:
    try:
        write_whole(path, text)
    except OSError as error:
        reason = (error.strerror or "an error").lower()
        raise QuestionError(f"`{path}` cannot be written: {reason}") from None


def _show(report: Report, bounds: Bounds) -> None:
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    for line in terminal_lines(report, bounds, colour=colour):
        click.echo(line, color=colour)
