"""The owner's side of a stack's configuration."""

from collections.abc import Mapping
from dataclasses import dataclass

from components import delegation_rules, permission_documents
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
    declared = given["delegations"].declarations(Delegation) if "delegations" in given else {}
    named = {name: _named(name, each, settings) for name, each in declared.items()}
    for name, each in named.items():
        for problem in delegation_rules.broken(account, each.role_name or name, each):
            text = str(problem["type"])
            settings.at(("delegations", name, *problem.get("loc", ())), text)
    _refuse_shared_names(named, settings)
    return OwnerSettings(account, alias, named, settings.is_secret("delegations"))


def _named(name: str, delegation: Delegation, settings: Settings) -> Delegation:
    if delegation.role_name is None:
        try:
            role_name(name)
        except ValueError as wrong:
            settings.at(("delegations", name), f"`{name}` {wrong}, or set `roleName`")
    return delegation.model_copy(update={"role_name": delegation.role_name or name})


def _refuse_shared_names(named: Mapping[str, Delegation], settings: Settings) -> None:
    first: dict[str, str] = {}
    for name, delegation in named.items():
        role = str(delegation.role_name)
        kinds = permission_documents.kinds(delegation.permissions)
        policies = [f"policy `{permission_documents.policy_name(role, kind)}`" for kind in kinds]
        made = [(each, first.setdefault(each.lower(), name)) for each in (f"role `{role}`", *policies)]
        twice = [f"the {each}, as `{other}` does" for each, other in made if other != name]
        if twice:
            settings.at(("delegations", name), f"makes {' and '.join(twice)}: give it another `roleName`")
