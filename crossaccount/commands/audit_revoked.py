"""`crossaccount audit --revoked`: the record that no path to a role is left."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import click

from crossaccount.access import QuestionError
from crossaccount.access.build import merge
from crossaccount.access.graph import graph_of_facts
from crossaccount.audit.reading import gather
from crossaccount.audit.redact import principal_names, redacted
from crossaccount.audit.revocation import Verdict
from crossaccount.audit.revoked import Evidence, proof_of
from crossaccount.audit.revoked_forms import proof_lines, proof_to_json, proof_to_markdown
from crossaccount.audit.seen_live import seen_live
from crossaccount.commands.audit_live import LiveRead, is_live, read_live

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from crossaccount.audit.gathered import Gathered
    from crossaccount.audit.revocation import Proof

ENDINGS = {Verdict.REVOKED: 0, Verdict.PATH_LEFT: 1, Verdict.CANNOT_TELL: 3}


def revoked_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options `--revoked` and `--before`."""
    for option in reversed(
        (
            click.option(
                "--revoked", metavar="ROLE", help="Show that no path to a role is left: its ARN, or its name."
            ),
            click.option(
                "--before",
                metavar="PLACE",
                help="With --revoked: the state from before, for how long sessions could last.",
            ),
        )
    ):
        command = option(command)
    return command


def proof(
    locations: Sequence[str],
    project: str | None,
    accounts: Mapping[str, str],
    options: Mapping[str, Any],
    told: Callable[[str], None],
    key: bytes | None = None,
) -> Proof:
    """What is left of the role that `--revoked` names; with a key, marks stand for the names of principals.

    Raises:
        QuestionError: it is no role that is known, nothing could be read, or an option does not go with it.
        AccessError: a state of before cannot be read.
    """
    for name in ("at", "between", "timeline", "fail_on"):
        if options.get(name):
            raise QuestionError(f"--revoked is about now: leave out --{name.replace('_', '-')}")
    gathered = gather(locations, project, told)
    live = read_live(options, told) if is_live(options) else LiveRead(merge([]))
    stacks = merge(gathered.facts(accounts))
    if not gathered.sources:
        raise QuestionError(f"no state could be read: {'; '.join(each.why for each in gathered.left_out)}")
    before = _before(options["before"], project, told)
    states = graph_of_facts(stacks, strict=False)
    evidence = Evidence(
        replace(states, conflicts=(*states.conflicts, *gathered.rivals)),
        graph_of_facts(seen_live(stacks, live.facts), strict=False) if live.sources else None,
        frozenset(live.facts.accounts),
        frozenset(each.account for each in live.facts.unread),
        None if before is None else before.graph(accounts),
        datetime.now(timezone.utc),
        (*gathered.sources, *live.sources),
        () if before is None else tuple(before.sources),
        (*gathered.left_out, *live.left_out),
    )
    found = proof_of(options["revoked"], evidence)
    return found if key is None else redacted(found, principal_names(evidence.graphs), key)


def _before(location: str | None, project: str | None, told: Callable[[str], None]) -> Gathered | None:
    if location is None:
        return None
    found = gather([location], project, told)
    if found.left_out:
        raise QuestionError(f"--before: {found.left_out[0].why}")
    return found


def proof_forms(found: Proof) -> tuple[dict[str, Callable[[], str]], Callable[[], None]]:
    """The forms of a proof, and what prints it on a terminal."""

    def show() -> None:
        for line in proof_lines(found):
            click.echo(line)

    return {
        "as_json": lambda: proof_to_json(found),
        "markdown": lambda: proof_to_markdown(found),
    }, show
