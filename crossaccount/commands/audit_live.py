"""`crossaccount audit --live`: live accounts beside their stacks, and what the two disagree on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import click

from crossaccount.access import QuestionError, read_account
from crossaccount.access.build import merge
from crossaccount.access.graph import graph_of_facts
from crossaccount.audit.drift import drift_of
from crossaccount.audit.model import LeftOut, Source
from crossaccount.audit.report import gravest_first, report_of
from crossaccount.audit.seen_live import seen_live
from crossaccount.commands.live_api import ToldCalls, live_api

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from crossaccount.access import AccessGraph, Facts
    from crossaccount.audit.gathered import Gathered
    from crossaccount.audit.model import Report


@dataclass(frozen=True, slots=True)
class LiveRead:
    """Live accounts that were read.

    Attributes:
        facts: what they say, together.
        sources: each, with the moment at which reading it began.
        left_out: what could not be read of them.
    """

    facts: Facts
    sources: tuple[Source, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


def live_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options `--live`, `--endpoint` and `--credentials`, as `crossaccount explain` has them."""
    for option in reversed(
        (
            click.option(
                "--live", is_flag=True, help="Read the accounts, too: with the keys of the environment."
            ),
            click.option("--endpoint", help="Read them from the local cloud at host:port; implies --live."),
            click.option(
                "--credentials",
                multiple=True,
                metavar="PREFIX",
                help="Prefix of the variables with an account's key, such as A_; again for another account.",
            ),
        )
    ):
        command = option(command)
    return command


def is_live(options: Mapping[str, Any]) -> bool:
    """Whether accounts are to be read."""
    return bool(options["live"]) or options["endpoint"] is not None


def not_of_the_past(options: Mapping[str, Any]) -> None:
    """Accepts options that do not ask for a live account at another time than now.

    Raises:
        QuestionError: they do.
    """
    if is_live(options) and (options["at"] or options["between"] or options["timeline"]):
        raise QuestionError("a live account is read as it is now: leave out --at, --between and --timeline")


def read_live(options: Mapping[str, Any], told: Callable[[str], None]) -> LiveRead:
    """Read every account that the options give a key of; nothing is changed in it.

    A call that is refused is left out by name. Throttling is waited for.

    Args:
        options: the command's.
        told: is called before each call.

    Raises:
        QuestionError: there is no key, the endpoint is not allowed, or an account is given twice.
    """
    from crossaccount.engine.errors import EngineError  # noqa: PLC0415  loads the engine

    parts: list[Facts] = []
    sources: list[Source] = []
    left_out: list[LeftOut] = []
    for prefix in options["credentials"] or ("",):
        began = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        try:
            with live_api(options["endpoint"], prefix, live=options["live"]) as api:
                account, found = _read(api, told)
        except EngineError as error:
            raise QuestionError(str(error)) from None
        if isinstance(found, LeftOut):
            left_out.append(found)
            continue
        if any(each.account == account for each in sources):
            raise QuestionError(f"two keys are of account `{account}`: give one key for each account")
        parts.append(found)
        sources.append(Source(f"live account {account}", "", account, _size(found), began))
        left_out += [
            LeftOut(
                f"live account {account}",
                f"{each} of live account `{account}` could not be read: {each.why}: whether the state is "
                "right there cannot be told",
            )
            for each in found.unread
        ]
    return LiveRead(merge(parts), tuple(sources), tuple(left_out))


def _read(api: Any, told: Callable[[str], None]) -> tuple[str, Facts | LeftOut]:  # noqa: ANN401  a RamApi
    from crossaccount.engine.api_errors import ApiCallError  # noqa: PLC0415  loads the engine

    try:
        account = api.account_id()
    except ApiCallError as error:
        return "", LeftOut("a live account", f"a live account could not be read: {error}")
    return account, read_account(ToldCalls(api, told), tolerated=ApiCallError)


def _size(facts: Facts) -> int:
    named = len(facts.roles) + len(facts.principals) + len(facts.policies)
    return named + len(facts.attachments) + len(facts.memberships)


def report_with_live(
    gathered: Gathered, accounts: Mapping[str, str], live: LiveRead, moment: datetime
) -> tuple[Report, tuple[AccessGraph, ...]]:
    """The report of what holds today, with what the two disagree on; and the graphs of stacks and of today.

    Args:
        gathered: the stacks.
        accounts: the accounts of stacks that do not say it.
        live: the live accounts.
        moment: the moment it answers for.
    """
    stacks = merge(gathered.facts(accounts))
    declared = graph_of_facts(stacks, strict=False)
    graph = graph_of_facts(seen_live(stacks, live.facts), strict=False)
    graph = replace(graph, conflicts=(*declared.conflicts, *gathered.rivals))
    unseen = [
        stack
        for stack, source in zip(gathered.stacks, gathered.sources, strict=True)
        if source.account not in live.facts.accounts
    ]
    sources = (*gathered.sources, *live.sources)
    report = report_of(graph, moment, sources, (*gathered.left_out, *live.left_out), unseen)
    drift = drift_of(stacks, live.facts)
    return replace(report, findings=gravest_first((*report.findings, *drift))), (declared, graph)
