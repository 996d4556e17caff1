"""The arguments of the components as checked values: a declaration and where it belongs."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import AfterValidator, StrictBool

from components import delegation_rules, grant_policy, limits, names
from components.checked import Checked, Conflict, Given, conflict
from components.declarations import Delegation, Permissions, Some
from components.partner_declarations import User, grant_conflicts

_ROLE: Mapping[str, object] = {"account": delegation_rules.UNKNOWN, "role_name": "role"}


def _some_named(value: dict[str, str]) -> dict[str, str]:
    limits.some(list(value))
    return value


def _oversized_grant(given: Given) -> list[Conflict]:
    text = grant_policy.excess(given.known("assume"))
    return [conflict(text, "assume")] if text else []


class CrossAccountRoleDeclaration(Delegation):
    """The arguments of CrossAccountRole."""

    account: names.AccountId
    account_alias: names.AccountAlias | None = None
    role_name: names.RoleName

    stand_ins: ClassVar[Mapping[str, object]] = {**Delegation.stand_ins, **_ROLE}

    def rules(self) -> list[Conflict]:
        """What `delegation_rules.broken` finds."""
        return delegation_rules.broken(self.account, self.role_name, self)


class RolePermissionsDeclaration(Checked):
    """The arguments of RolePermissions."""

    account: names.AccountId
    role_name: names.RoleName
    permissions: Permissions
    suspended: StrictBool = False

    stand_ins: ClassVar[Mapping[str, object]] = {**_ROLE, "permissions": Permissions()}

    def rules(self) -> list[Conflict]:
        """What `delegation_rules.oversized` finds."""
        return delegation_rules.oversized(self.account, self.role_name, self.permissions)


class PartnerUserDeclaration(User):
    """The arguments of PartnerUser."""

    account: names.AccountId
    account_alias: names.AccountAlias | None = None
    user_name: names.UserName


class GrantPolicyDeclaration(Checked):
    """The custom policy of AssumeRoleGrant."""

    assume: Some[names.RoleArn]
    policy_name: names.PolicyName
    description: limits.Description | None = None

    @classmethod
    def contradictions(cls, given: Given) -> list[Conflict]:
        """A policy that is longer than RAM takes."""
        return _oversized_grant(given)


class AssumeRoleGrantDeclaration(Checked):
    """The arguments of AssumeRoleGrant."""

    users: Annotated[dict[str, names.UserName], AfterValidator(_some_named)] | None = None
    groups: Annotated[dict[str, names.GroupName], AfterValidator(_some_named)] | None = None
    roles: Annotated[dict[str, names.RoleName], AfterValidator(_some_named)] | None = None
    assume: Some[names.RoleArn] | None = None
    system_policy: str | None = None
    policy_name: names.PolicyName | None = None
    description: limits.Description | None = None

    @classmethod
    def contradictions(cls, given: Given) -> list[Conflict]:
        """What `grant_conflicts` finds, and a policy that is longer than RAM takes."""
        return [*grant_conflicts(given), *_oversized_grant(given)]
