"""The owner's side of a stack's configuration."""

from collections.abc import Mapping
from dataclasses import dataclass

from components import delegation_rules, permission_documents
from components.conflicts import said
from components.declarations import Delegation
from components.names import role_name
from components.setting import Setting, Settings


@dataclass(frozen=True, slots=True)
class OwnerSettings:
    """What an owner's stack declares.

    Attributes:
        account: the 16 digits of the account it belongs to.
        alias: the account's alias, if it has one.
        delegations: by name, in order; every one has its role's name.
        secret: whether the delegations hold a secret, so that their documents have to be kept as one.
    """

    account: str
    alias: str | None
    delegations: Mapping[str, Delegation]
    secret: bool


def owner_settings(
    account: str, alias: str | None, given: Mapping[str, Setting], settings: Settings
) -> OwnerSettings:
    """The owner's settings as far as they are right; the rest is noted in `settings`."""
    secret = settings.is_secret("delegations")
    if "delegations" not in given:
        return OwnerSettings(account, alias, {}, secret)
    setting = given["delegations"]
    declared = setting.declarations(Delegation)
    roles = setting.called("roleName", role_name)
    readable = setting.readable(Delegation)
    hidden = secret or settings.is_secret("account")
    for name, each in readable.items():
        owner = account or delegation_rules.UNKNOWN
        for problem in delegation_rules.broken(owner, roles.get(name, name), each):
            settings.at(("delegations", name, *problem.get("loc", ())), said(problem, hidden=hidden))
    _refuse_shared_names(roles, readable, settings)
    named = {
        name: each.model_copy(update={"role_name": each.role_name or name}) for name, each in declared.items()
    }
    return OwnerSettings(account, alias, named, secret)


def _refuse_shared_names(
    roles: Mapping[str, str], readable: Mapping[str, Delegation], settings: Settings
) -> None:
    first: dict[str, str] = {}
    for name, role in roles.items():
        kinds = permission_documents.kinds(readable[name].permissions) if name in readable else []
        policies = [("policy", permission_documents.policy_name(role, kind)) for kind in kinds]
        made = [("role", role), *policies]
        others = [(*each, first.setdefault(f"{each[0]} {each[1].lower()}", name)) for each in made]
        twice = [
            f"the {what} {settings.shown(own, 'delegations')}, as `{other}` does"
            for what, own, other in others
            if other != name
        ]
        if twice:
            settings.at(("delegations", name), f"makes {' and '.join(twice)}: give it another `roleName`")
