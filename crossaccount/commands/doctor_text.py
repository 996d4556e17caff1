"""What `doctor` found, on a terminal and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.markup import escape

from crossaccount.doctor import Status, verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crossaccount.doctor import Check, Observations

_COLOURS = {
    Status.OK: "green",
    Status.FAILED: "red",
    Status.NOT_REACHED: "dim",
    Status.UNTOLD: "yellow",
}
_WIDTH = len(Status.NOT_REACHED.value)


def show_report(seen: Observations, checks: Iterable[Check]) -> None:
    """Every check on standard output; colours only on a terminal, and not with NO_COLOR."""
    console = Console(highlight=False, emoji=False, soft_wrap=True)
    with console.capture() as captured:
        for line in report_lines(seen, tuple(checks)):
            console.print(line)
    # Not rich's own writing: it would end a broken pipe with code 1, which means something else here.
    click.echo(captured.get(), nl=False)


def report_lines(seen: Observations, checks: tuple[Check, ...]) -> Iterator[str]:
    """The report, as lines of rich's markup."""
    who = f" for {seen.for_principal}" if seen.for_principal else ""
    yield f"[bold]{escape(seen.request.role_arn + who)}[/bold]"
    width = max(len(each.name) for each in checks)
    for check in checks:
        colour = _COLOURS[check.status]
        status = f"[{colour}]{check.status.value:<{_WIDTH}}[/{colour}]"
        yield f"  {status}  {check.name:<{width}}  {escape(check.text)}"
        if check.status is not Status.OK:
            yield from _details(check)
    for note in seen.notes:
        yield f"  [yellow]note[/yellow]  {escape(note)}"
    found = verdict(checks)
    colour = "green" if found.value == 0 else "yellow" if found.name == "UNTOLD" else "red"
    yield f"[{colour}]{escape(found.told)}[/{colour}] (exit code {found.value})"


def report_to_json(seen: Observations, checks: tuple[Check, ...]) -> dict[str, Any]:
    """The report for programs, with everything that was observed and is no secret."""
    found = verdict(checks)
    return {
        "role": seen.request.role_arn,
        "principal": seen.principal or None,
        "diagnosis": found.name.lower().replace("_", " "),
        "told": found.told,
        "exitCode": found.value,
        "checks": [each.to_json() for each in checks],
        "answers": [
            {
                "action": each.action,
                "where": each.where,
                "status": each.status or None,
                "code": each.code,
                "message": each.message,
                "requestId": each.request_id,
            }
            for each in (seen.identity, seen.assume, *seen.regions.values())
            if each is not None
        ],
        "notes": list(seen.notes),
    }


def _details(check: Check) -> Iterator[str]:
    indent = " " * (_WIDTH + 4)
    for line in check.evidence:
        yield f"{indent}[dim]{escape(line)}[/dim]"
    for line in check.mend:
        yield f"{indent}[bold]mend:[/bold] {escape(line)}"
