"""The partner's side of a stack's configuration."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from components import grant_policy, handover
from components.names import nearest, policy_name, user_name
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
    users = given["users"].declarations(User) if "users" in given else {}
    roles = given["roles"].declarations(RoleSource) if "roles" in given else {}
    grants = given["grants"].declarations(Grant) if "grants" in given else {}
    _refuse_open_passwords(users, settings)
    _refuse_undeclared(grants, given, settings)
    known = {name: _known(name, source, directory, settings) for name, source in roles.items()}
    _refuse_oversized(grants, known, settings)
    return PartnerSettings(
        account, alias, _named_users(users, settings), known, _named_grants(grants, settings)
    )


def _named_users(users: Mapping[str, User], settings: Settings) -> dict[str, User]:
    named: dict[str, User] = {}
    for name, user in users.items():
        if user.user_name is None:
            try:
                user_name(name)
            except ValueError as wrong:
                settings.at(("users", name), f"`{name}` {wrong}, or set `userName`")
        own = user.user_name or name
        twins = [other for other, each in named.items() if str(each.user_name).lower() == own.lower()]
        if twins:
            settings.at(("users", name), f"is the user `{own}`, as `{twins[0]}` is: declare it once")
        named[name] = user.model_copy(update={"user_name": own})
    return named


def _named_grants(grants: Mapping[str, Grant], settings: Settings) -> dict[str, Grant]:
    named: dict[str, Grant] = {}
    for name, grant in grants.items():
        if grant.assume is None:
            named[name] = grant
            continue
        if grant.policy_name is None:
            try:
                policy_name(name)
            except ValueError as wrong:
                settings.at(("grants", name), f"`{name}` {wrong}, or set `policyName`")
        own = grant.policy_name or name
        twins = [other for other, each in named.items() if str(each.policy_name).lower() == own.lower()]
        if twins:
            settings.at(("grants", name), f"makes the policy `{own}`, as `{twins[0]}` does: set `policyName`")
        named[name] = grant.model_copy(update={"policy_name": own})
    return named


def _known(name: str, source: RoleSource, directory: Path, settings: Settings) -> RoleSource:
    if source.handover is None:
        return source
    try:
        content = handover.read(directory / source.handover)
        return RoleSource(arn=handover.role_arn(content, source.role or name))
    except ValueError as wrong:
        settings.at(("roles", name, "handover"), f"`{source.handover}` {wrong}")
        return source


def _refuse_open_passwords(users: Mapping[str, User], settings: Settings) -> None:
    if settings.is_secret("users"):
        return
    for name, user in users.items():
        if user.console is not None:
            command = f"pulumi config set --secret --path 'crossaccount:users.{name}.console.password'"
            settings.at(
                ("users", name, "console", "password"),
                f"[secret] stands open in the stack file: set it with `{command}`",
            )


def _refuse_undeclared(grants: Mapping[str, Grant], given: Mapping[str, Setting], settings: Settings) -> None:
    declared = {key: list(setting.entries) for key, setting in given.items()}
    for name, grant in grants.items():
        for key, known, listed in (("assume", "roles", grant.assume), ("users", "users", grant.users)):
            for position, each in enumerate(listed or []):
                if each not in declared.get(known, []):
                    hint = nearest(each, declared.get(known, []))
                    text = f"`{each}` is not among `crossaccount:{known}`; {hint}"
                    settings.at(("grants", name, key, position), text)


def _refuse_oversized(
    grants: Mapping[str, Grant], roles: Mapping[str, RoleSource], settings: Settings
) -> None:
    """Refuse the grants whose known ARNs alone are too many; those of other stacks are not known yet."""
    for name, grant in grants.items():
        arns = [roles[each].arn for each in grant.assume or [] if each in roles]
        text = grant_policy.excess(arns)
        if text:
            settings.at(("grants", name, "assume"), text)
