"""What the demo shows: a line for each step as it runs, its evidence below it, and how long it took."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

_INDENT = (0, 0, 0, 6)


class Screen:
    """Writes the story to a console.

    Args:
        console: where to write; a spinner turns only on a terminal.
        steps: how many steps there are, for `1/6`.

    Attributes:
        number: the step that runs or ran last, from 1.
    """

    def __init__(self, console: Console, steps: int) -> None:
        self._console = console
        self._steps = steps
        self.number = 0

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Show one step: its title at once, its time when it is done, `failed` when it raises."""
        self.number += 1
        label = f"[bold]{self.number}/{self._steps}[/bold] {escape(title)}"
        self._console.print(label)
        started = time.perf_counter()
        try:
            with self._console.status(f"{escape(title)} ..."):
                yield
        except BaseException:
            self._console.print(Padding("[bold red]failed[/bold red]", _INDENT, expand=False))
            raise
        self._console.print(
            Padding(
                f"[green]done[/green] [dim]in {time.perf_counter() - started:.1f} s[/dim]",
                _INDENT,
                expand=False,
            )
        )

    def say(self, text: str) -> None:
        """One line of evidence."""
        self._console.print(Padding(escape(text), _INDENT, expand=False))

    def allowed(self, what: str, evidence: str) -> None:
        """A call that was answered, and what it answered."""
        self._console.print(
            Padding(f"[green]allowed[/green]  {escape(what)}: {escape(evidence)}", _INDENT, expand=False)
        )

    def refused(self, what: str, code: str, reason: str) -> None:
        """A call that was refused as it must be, with the code and the reason."""
        self._console.print(
            Padding(
                f"[yellow]refused[/yellow]  {escape(what)}: [bold]{escape(code)}[/bold]",
                _INDENT,
                expand=False,
            )
        )
        for line in reason.splitlines():
            self._console.print(Padding(f"[dim]{escape(line)}[/dim]", (0, 0, 0, 15), expand=False))

    def table(self, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
        """A small table of evidence."""
        table = Table(*columns, box=None, pad_edge=False, header_style="dim")
        for row in rows:
            table.add_row(*(escape(cell) for cell in row))
        self._console.print(Padding(table, _INDENT, expand=False))
