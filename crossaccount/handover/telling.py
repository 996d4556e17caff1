"""Hand-overs and requests in words, as lines for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.markup import escape

from crossaccount.handover.words import printable
from crossaccount.sealed_file import checksum

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crossaccount.handover.request_file import Places, Request
    from crossaccount.session.handover_file import HandedRole, HandoverFile

_HOUR, _MINUTE = 3600, 60


def handover_lines(handover: HandoverFile, names: Iterable[str] | None = None) -> Iterator[str]:
    """The hand-over: from whom, to whom, and what each role gives.

    Args:
        handover: the file's content.
        names: only these roles.
    """
    to = f" to account {handover.partner}" if handover.partner else ""
    yield f"[bold]{escape(company(handover.account, handover.alias))}[/bold] hands over{to}:"
    for name in handover.roles if names is None else names:
        yield from _role_lines(name, handover.roles[name])
    yield f"  {handover.checksum}"


def company(account: str, alias: str | None) -> str:
    """An account with its alias, where it has one: `company-a (1234567890120000)`."""
    return f"{alias} ({account})" if alias else f"account {account}"


def duration_words(seconds: int) -> str:
    """A session's length in words: `2 hours`, `1 hour 30 minutes`."""
    hours, rest = divmod(seconds, _HOUR)
    parts = [(hours, "hour"), (rest // _MINUTE, "minute"), (rest % _MINUTE, "second")]
    return " ".join(f"{number} {unit}{'' if number == 1 else 's'}" for number, unit in parts if number)


def handover_to_json(handover: HandoverFile) -> dict[str, Any]:
    """The hand-over for programs: every key of the file, and those that version 1 does not have as null."""
    return {
        "version": handover.version,
        "account": handover.account,
        "alias": handover.alias,
        "partner": handover.partner,
        "checksum": handover.checksum,
        "roles": {name: _role_json(each) for name, each in handover.roles.items()},
    }


def _role_lines(name: str, role: HandedRole) -> Iterator[str]:
    yield f"  role [bold]{escape(printable(name))}[/bold]  {escape(role.arn)}"
    if role.whole_account is None:
        yield "    trusts, permissions, end: not told (version 1 of the file)"
    else:
        yield f"    trusts: {escape(_trusted(role))}"
        for each in role.conditions:
            yield f"    only if {escape(each)}"
        for each in role.permissions or ("nothing",):
            yield f"    may: {escape(each)}"
        yield f"    until: {role.expires or 'no end'}"
    yield f"    sessions: at most {duration_words(role.longest)}"
    if role.external_id_required:
        where = f": {role.external_id_from}" if role.external_id_from else ""
        yield f"    an external id is asked for{escape(where)}"


def _trusted(role: HandedRole) -> str:
    if role.whole_account:
        return "the whole account; your own policies say who"
    users = [f"user `{each}`" for each in role.users]
    return ", ".join([*users, *(f"role `{each}`" for each in role.roles)])


def _role_json(role: HandedRole) -> dict[str, Any]:
    trusts = None
    if role.whole_account is not None:
        trusts = {
            "wholeAccount": role.whole_account,
            "users": list(role.users),
            "roles": list(role.roles),
        }
    return {
        "arn": role.arn,
        "maxSessionDuration": role.longest,
        "externalIdRequired": role.external_id_required,
        "externalIdFrom": role.external_id_from,
        "trusts": trusts,
        "conditions": list(role.conditions),
        "expires": role.expires,
        "permissions": list(role.permissions),
        "classes": list(role.classes),
    }


def request_lines(request: Request) -> Iterator[str]:
    """A request: who asks whom, who is to come, for what, how long."""
    yield f"[bold]{escape(company(request.account, request.alias))}[/bold] asks account {request.owner} for:"
    yield f"  role [bold]{request.name}[/bold]"
    if request.purpose:
        yield f"    purpose: {escape(request.purpose)}"
    yield f"    for: {escape(_asking(request))}"
    for preset in request.wants.presets:
        yield f"    to: {preset.preset} {escape(_where(preset))}"
    for wanted in request.wants.actions:
        yield f"    to: {escape(', '.join(wanted.actions))} on {escape(_where(wanted))}"
    if request.mfa:
        yield "    only with a second factor"
    if request.sourceIps:
        yield f"    only from {', '.join(request.sourceIps)}"
    yield f"    until: {request.expires or 'no end'}"
    yield f"    sessions: at most {duration_words(request.maxSessionDuration)}"
    if request.externalId:
        yield "    an external id is to be asked for"
    yield f"  {checksum(request.content())}"


def _asking(request: Request) -> str:
    who = request.who
    if who.wholeAccount:
        groups = ", ".join(f"group `{each}`" for each in who.groups)
        return f"the whole account{f', of which its own policies let {groups}' if groups else ''}"
    users = [f"user `{each}`" for each in who.users]
    return ", ".join([*users, *(f"role `{each}`" for each in who.roles)])


def _where(places: Places) -> str:
    functions = [f"function `{each}`" for each in places.functions]
    named = ", ".join([*functions, *(f"service `{each}`" for each in places.services)])
    regions = f" in {', '.join(places.regions)}" if places.regions else " in every region"
    return (named or "every function and service") + regions
