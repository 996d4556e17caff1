"""The partner's side: its users, and which roles of the owner they may assume."""

from collections.abc import Mapping
from typing import Any, cast

import pulumi

from components.assume_role_grant import AssumeRoleGrant, AssumeRoleGrantArgs
from components.partner_declarations import Grant, RoleSource, User
from components.partner_settings import PartnerSettings
from components.partner_user import PartnerUser, PartnerUserArgs


def declare(settings: PartnerSettings) -> dict[str, object]:
    """Declare every user and grant of the stack.

    Args:
        settings: the stack's checked settings.

    Returns:
        The stack's outputs by name; the access keys are secrets.
    """
    users = {name: _user(name, each, settings) for name, each in settings.users.items()}
    stacks: dict[str, pulumi.StackReference] = {}
    arns = {name: _arn(name, each, stacks) for name, each in settings.roles.items()}
    grants = {name: _grant(name, each, users, arns) for name, each in settings.grants.items()}
    keys = {name: user for name, user in users.items() if user.access_key is not None}
    return {
        "account": settings.account,
        "users": {name: user.user_name for name, user in users.items()},
        "userArns": {name: user.user_arn for name, user in users.items()},
        "signInLinksChinaSite": {name: user.sign_in_link_china_site for name, user in users.items()},
        "accessKeys": {
            name: {"accessKeyId": user.access_key_id, "accessKeySecret": user.access_key_secret}
            for name, user in keys.items()
        },
        "roleArns": arns,
        "grantDocuments": {
            name: grant.policy_document for name, grant in grants.items() if grant.policy_document
        },
        "grantPolicies": {name: grant.policy_name for name, grant in grants.items()},
    }


def _user(name: str, user: User, settings: PartnerSettings) -> PartnerUser:
    args: dict[str, Any] = {
        "account": settings.account,
        "account_alias": settings.alias,
        **user.model_dump(exclude_none=True, exclude_unset=True),
    }
    if user.console is not None:
        args["console"]["password"] = pulumi.Output.secret(user.console.password.get_secret_value())
    return PartnerUser(name, cast("PartnerUserArgs", args))


def _arn(name: str, source: RoleSource, stacks: dict[str, pulumi.StackReference]) -> "pulumi.Input[str]":
    if source.stack is None:
        return cast("str", source.arn)
    if source.stack not in stacks:
        stacks[source.stack] = pulumi.StackReference(source.stack)
    role = source.role or name
    return stacks[source.stack].get_output("roleArns").apply(lambda found: _of_stack(source, role, found))


def _of_stack(source: RoleSource, role: str, found: object) -> str:
    if isinstance(found, Mapping) and role in found:
        return str(found[role])
    known = ", ".join(f"`{each}`" for each in found) if isinstance(found, Mapping) else "none"
    raise pulumi.RunError(
        f"stack `{source.stack}` exports no role `{role}` in `roleArns` (it has {known}): "
        "bring that stack up first, or name another `role`"
    )


def _grant(
    name: str, grant: Grant, users: Mapping[str, PartnerUser], arns: "Mapping[str, pulumi.Input[str]]"
) -> AssumeRoleGrant:
    args: dict[str, Any] = {
        "users": {each: users[each].user_name for each in grant.users or []} or None,
        "groups": {each: each for each in grant.groups or []} or None,
        "roles": {each: each for each in grant.roles or []} or None,
        "assume": [arns[each] for each in grant.assume] if grant.assume else None,
        "system_policy": grant.system_policy,
        "policy_name": grant.policy_name,
        "description": grant.description,
    }
    given = {key: value for key, value in args.items() if value is not None}
    return AssumeRoleGrant(name, cast("AssumeRoleGrantArgs", given))
