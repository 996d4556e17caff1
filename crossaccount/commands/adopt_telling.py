"""What `crossaccount adopt` says in the end: what is adopted, what is not and why, and what to do next."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

import click

from crossaccount.access.words import visible
from crossaccount.commands.handover_files import print_json, print_lines
from crossaccount.commands.handover_writing import diff_text
from crossaccount.review.json_form import to_json
from crossaccount.review.terminal import terminal_lines

if TYPE_CHECKING:
    from pathlib import Path

    from crossaccount.adopt.planning import Plan
    from crossaccount.handover.stack_settings import StackSettings


def import_command(place: Path, stack: str) -> str:
    """The command that takes the roles over; without it Pulumi would protect them and print a program."""
    words = ["pulumi", "import", "--file", str(place), "--stack", stack]
    return shlex.join([*words, "--protect=false", "--generate-code=false"])


def tell(plan: Plan, settings: StackSettings, place: Path, written: bool | None, *, as_json: bool) -> None:
    """Print it.

    Args:
        plan: what is adopted.
        settings: the stack's settings, edited.
        place: where the import file is, or would be.
        written: whether it was written; None where there was nothing to.
        as_json: for programs.
    """
    if as_json:
        print_json(_to_json(plan, settings, place, written))
        return
    for each in plan.left_out:
        click.echo(f"left out: {visible(str(each))}", err=True)
    if plan.change is not None:
        print_lines(["", *terminal_lines(plan.change), ""])
    for name in plan.there:
        click.echo(f"role `{name}` is in {settings.path.name} already")
    if written is None:
        click.echo("there is nothing to adopt")
    elif not written:
        click.echo(f"nothing was written; it would be {settings.path.name} and {place}")
    else:
        click.echo(f"written: {settings.path.name} and {place}, for {_counted(plan)}; next:")
        if not settings.exists:
            click.echo(f"  pulumi stack init {shlex.quote(settings.stack)}")
        click.echo(f"  {import_command(place, settings.stack)}")
        click.echo(f"  pulumi preview --stack {shlex.quote(settings.stack)}")
        if "secure" in diff_text(settings):
            click.echo(
                "an encrypted external id makes its trust policy a secret, of which a preview tells nothing"
            )


def _counted(plan: Plan) -> str:
    count = len(plan.adoptions)
    return "1 role" if count == 1 else f"{count} roles"


def _to_json(plan: Plan, settings: StackSettings, place: Path, written: bool | None) -> dict[str, Any]:
    return {
        "file": str(settings.path),
        "changed": written is not None,
        "written": bool(written),
        "diff": diff_text(settings),
        "importFile": str(place),
        "import": plan.document,
        "command": import_command(place, settings.stack) if plan.adoptions else None,
        "adopted": [
            {
                "role": each.role.name,
                "partner": each.delegation["trust"]["account"],
                "policies": sorted(one.policy for one in each.taken()),
            }
            for each in plan.adoptions
        ],
        "alreadyThere": plan.there,
        "leftOut": [
            {"role": each.role, "policy": each.policy or None, "why": each.why} for each in plan.left_out
        ],
        "permissions": None if plan.change is None else to_json(plan.change),
    }
