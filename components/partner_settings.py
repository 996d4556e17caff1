"""The partner's side of a stack's configuration."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from components import partner_rules
from components.names import policy_name, user_name
from components.partner_declarations import Grant, RoleSource, User
from components.setting import Setting, Settings


@dataclass(frozen=True, slots=True)
class PartnerSettings:
    """What a partner's stack declares.

    Attributes:
        account: the 16 digits of the account it belongs to.
        alias: the account's alias, if it has one.
        users: by name, in order; every one has its user name.
        roles: the owners' roles by name; those from a hand-over file have their ARN already.
        grants: by name, in order; every one that names roles has its policy's name.
    """

    account: str
    alias: str | None
    users: Mapping[str, User]
    roles: Mapping[str, RoleSource]
    grants: Mapping[str, Grant]


def partner_settings(
    account: str, alias: str | None, given: Mapping[str, Setting], settings: Settings, directory: Path
) -> PartnerSettings:
    """The partner's settings as far as they are right; the rest is noted in `settings`."""
    users, roles, grants = (
        given.get(key, Setting(key, {}, settings)) for key in ("users", "roles", "grants")
    )
    declared = (users.declarations(User), roles.declarations(RoleSource), grants.declarations(Grant))
    names = users.called("userName", user_name)
    partner_rules.refuse_twins(users, names, "is the user {}, as `{}` is: declare it once")
    partner_rules.refuse_open_passwords(users)
    partner_rules.refuse_undeclared(grants, {"assume": roles, "users": users})
    made = partner_rules.made_by(grants)
    policies = made.called("policyName", policy_name)
    partner_rules.refuse_twins(made, policies, "makes the policy {}, as `{}` does: set `policyName`")
    arns = partner_rules.known_arns(roles, directory)
    partner_rules.refuse_oversized(made, arns)
    partner_rules.refuse_crowded(made, names)
    return PartnerSettings(
        account,
        alias,
        {name: each.model_copy(update={"user_name": names[name]}) for name, each in declared[0].items()},
        {name: _known(each, arns.get(name)) for name, each in declared[1].items()},
        {
            name: each.model_copy(update={"policy_name": policies.get(name)})
            for name, each in declared[2].items()
        },
    )


def _known(source: RoleSource, arn: str | None) -> RoleSource:
    return source if source.handover is None or arn is None else RoleSource(arn=arn)
