"""`crossaccount audit` in time: `--at`, `--between` and `--timeline`."""

from __future__ import annotations

import sys
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import click

from crossaccount.access import QuestionError
from crossaccount.access.build import merge
from crossaccount.access.graph import graph_of_facts
from crossaccount.access.words import visible
from crossaccount.audit.moments import moment_text, read_moment
from crossaccount.audit.settled import settled
from crossaccount.audit.timeline import timeline_of
from crossaccount.audit.timeline_forms import (
    timeline_lines,
    timeline_to_csv,
    timeline_to_json,
    timeline_to_markdown,
)
from crossaccount.audit.versions import gather_versions, gathered_at

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from crossaccount.audit.gathered import Gathered
    from crossaccount.audit.model import LeftOut
    from crossaccount.audit.versions import Versions
    from crossaccount.review.model import PermissionDiff

Forms = dict[str, "Callable[[], str]"]


def history_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options that ask about another time than now."""
    for option in reversed(
        (
            click.option(
                "--at", metavar="MOMENT", help="Answer for a moment: 2026-03-01 (its end), or a time."
            ),
            click.option(
                "--between",
                nargs=2,
                metavar="FROM TO",
                help="The permission diff of two moments (a date: from its beginning, to its end).",
            ),
            click.option(
                "--timeline",
                is_flag=True,
                help="Who could do what from when to when, and which update changed it.",
            ),
        )
    ):
        command = option(command)
    return command


def at_moment(
    locations: Sequence[str], text: str, project: str | None, told: Callable[[str], None]
) -> tuple[Gathered, datetime]:
    """The states at a moment; stacks that were not there yet are told on standard error.

    Raises:
        QuestionError: it is no moment, or one that is still to come.
    """
    moment = _past(read_moment(text))
    return _at(gather_versions(locations, told), moment, project), moment


def _at(versions: Versions, moment: datetime, project: str | None) -> Gathered:
    gathered, absent = gathered_at(versions, moment, project)
    for stack in absent:
        click.echo(f"stack {visible(stack)} was not there yet at {moment_text(moment)}", err=True)
    return gathered


def compared(
    locations: Sequence[str],
    between: tuple[str, str],
    project: str | None,
    accounts: Mapping[str, str],
    told: Callable[[str], None],
) -> tuple[PermissionDiff, list[LeftOut]]:
    """The permission diff of two moments, and what could not be read.

    Raises:
        QuestionError: one is no moment or still to come, or the second is before the first.
        AccessError: a state's facts cannot be read.
    """
    from crossaccount.review import permission_diff  # noqa: PLC0415  only this option compares

    first, last = read_moment(between[0], ends=False), _past(read_moment(between[1]))
    if last < first:
        raise QuestionError(f"`{between[1]}` is before `{between[0]}`: give the earlier one first")
    versions = gather_versions(locations, told)
    sides, graphs = [], []
    for moment in (first, last):
        gathered = _at(versions, moment, project)
        facts = [settled(each, moment) for each in gathered.facts(accounts)]
        sides.append(gathered)
        graphs.append(graph_of_facts(merge(facts), strict=False))
    left_out = {(each.where, each.why): each for side in sides for each in side.left_out}
    return permission_diff(*graphs), list(left_out.values())


def timeline_forms(
    locations: Sequence[str],
    project: str | None,
    accounts: Mapping[str, str],
    told: Callable[[str], None],
) -> tuple[Forms, Sequence[LeftOut], Callable[[], None]]:
    """The forms of the timeline, what was left out, and what prints it on a terminal."""
    versions: Versions = gather_versions(locations, told)
    if project is not None:
        named = {
            stack: each for stack, each in versions.by_stack.items() if _project_of(stack) in ("", project)
        }
        versions.by_stack = named
    timeline = timeline_of(versions, datetime.now(timezone.utc), accounts)
    forms: Forms = {
        "csv": lambda: timeline_to_csv(timeline),
        "as_json": lambda: timeline_to_json(timeline),
        "markdown": lambda: timeline_to_markdown(timeline),
    }
    return forms, timeline.left_out, lambda: _print(list(timeline_lines(timeline)))


def _project_of(stack: str) -> str:
    """The project of a stack; empty in backends from before projects."""
    return stack.rpartition("/")[0].rpartition("/")[2]


def diff_forms(found: PermissionDiff) -> tuple[Forms, Callable[[], None]]:
    """The forms of a permission diff, and what prints it on a terminal."""
    import json  # noqa: PLC0415

    from crossaccount.review.json_form import to_json  # noqa: PLC0415  only `--between` compares
    from crossaccount.review.markdown import to_markdown  # noqa: PLC0415
    from crossaccount.review.terminal import terminal_lines  # noqa: PLC0415

    forms: Forms = {
        "as_json": lambda: json.dumps(to_json(found), indent=2) + "\n",
        "markdown": lambda: to_markdown(found, key="", digest=""),
    }
    return forms, lambda: _print(list(terminal_lines(found)))


def _past(moment: datetime) -> datetime:
    now = datetime.now(timezone.utc)
    if moment.date() > now.date():
        raise QuestionError(
            f"`{moment_text(moment)}` is still to come: what will be then nobody has recorded"
        )
    return min(moment, now)


def _print(lines: list[str]) -> None:
    from rich.console import Console  # noqa: PLC0415  a program that reads JSON has no use for it

    console = Console(
        highlight=False, emoji=False, soft_wrap=True, width=None if sys.stdout.isatty() else 200
    )
    for line in lines:
        console.print(line)


def only_one(given: Mapping[str, Any]) -> None:
    """Refuse more than one question about time at once, and forms that its answer does not have.

    Raises:
        QuestionError: more than one is asked, or there is no such form.
    """
    asked = [f"`--{name}`" for name in ("at", "between", "timeline") if given.get(name)]
    if len(asked) > 1:
        raise QuestionError(f"{' and '.join(asked)} are two questions: ask one at a time")
    if given.get("fail_on") and (given.get("between") or given.get("timeline")):
        raise QuestionError("`--fail-on` is about findings, and `--between` and `--timeline` have none")
    for name in ("csv", "html") if given.get("between") else ("html",) if given.get("timeline") else ():
        if given.get(name) is not None:
            raise QuestionError(f"there is no {name.upper()} of that: ask for another form")
