"""From a partner's request to the owner's settings: one delegation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crossaccount.handover.errors import refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from crossaccount.handover.request_file import ActionsWanted, Places, Request
    from crossaccount.handover.stack_settings import StackSettings

_KEPT = ("roleName", "tags", "suspended", "description")


def delegation_of(request: Request, external_id: object = None) -> dict[str, Any]:
    """The delegation that a request asks for, as a stack file writes it.

    Args:
        request: the request.
        external_id: the external id, or its encrypted form; None for none.
    """
    who = request.who
    trust: dict[str, Any] = {"account": request.account}
    if who.wholeAccount:
        trust["wholeAccount"] = True
    trust |= _given(users=list(who.users), roles=list(who.roles))
    trust |= _given(externalIds=[external_id] if external_id is not None else [])
    trust |= _given(mfa=request.mfa, sourceIps=list(request.sourceIps), expires=request.expires)
    presets = [{"preset": each.preset, **_limits(each)} for each in request.wants.presets]
    statements = [_statement(request.owner, each) for each in request.wants.actions]
    return {
        **_given(description=request.purpose),
        "trust": trust,
        "permissions": _given(presets=presets, statements=statements),
        "maxSessionDuration": request.maxSessionDuration,
    }


def take_up(request: Request, delegation: dict[str, Any], settings: StackSettings, *, replace: bool) -> None:
    """Put a delegation into the owner's settings; the same again changes nothing.

    Args:
        request: what it answers.
        delegation: what `delegation_of` gave; without external ids those that are there are kept.
        settings: the owner's settings, which are edited.
        replace: whether a delegation of that name that says something else may be changed: its role's name,
            its tags, whether it is suspended and its external ids are then kept.

    Raises:
        SessionError: of kind USAGE: there is another delegation of that name.
    """
    there = settings.entries("delegations").get(request.name)
    wanted = delegation
    if isinstance(there, dict):
        kept_ids = there.get("trust", {}).get("externalIds") if isinstance(there.get("trust"), dict) else None
        if kept_ids and "externalIds" not in delegation["trust"]:
            wanted = {**delegation, "trust": {**delegation["trust"], "externalIds": kept_ids}}
        wanted = {**{key: there[key] for key in _KEPT if key in there}, **wanted}
        if wanted == there:
            return
    if there is not None and not replace:
        raise refused(
            f"`{settings.path.name}`: `crossaccount:delegations.{request.name}` is there and says otherwise",
            "change it with `--replace`, or choose another name with `--as`",
        )
    settings.set_entry("delegations", request.name, wanted, f"Asked for by account {request.account}.")


def has_external_id(request: Request, settings: StackSettings) -> bool:
    """Whether the delegation is there already and asks for an external id."""
    there = settings.entries("delegations").get(request.name)
    trust = there.get("trust") if isinstance(there, dict) else None
    return isinstance(trust, dict) and bool(trust.get("externalIds"))


def _given(**values: Any) -> dict[str, Any]:  # noqa: ANN401  YAML
    return {key: value for key, value in values.items() if value}


def _limits(places: Places) -> dict[str, Any]:
    return _given(
        regions=list(places.regions), services=list(places.services), functions=list(places.functions)
    )


def _statement(owner: str, wanted: ActionsWanted) -> Mapping[str, Any]:
    """A statement on functions and services by name, with their versions, aliases and what is below."""
    resources = [
        f"acs:fc:{region}:{owner}:{kind}/{form}"
        for region in wanted.regions or ["*"]
        for kind, names in (("functions", wanted.functions), ("services", wanted.services))
        for name in names
        for form in _forms(name)
    ]
    return {"effect": "Allow", "actions": list(wanted.actions), "resources": resources}


def _forms(name: str) -> Iterable[str]:
    return (name,) if set(name) == {"*"} else (name, f"{name}.*", f"{name}/*")
