"""RAM entities as the API answers them (facts 3.2): field names, order and types of each answer's objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from crossaccount.localcloud.account import Account
    from crossaccount.localcloud.ram.entities import Group, LoginProfile, Role, User

Wire = dict[str, Any]


def wrapped(plural: str, singular: str, items: Iterable[Wire]) -> Wire:
    """A list as RAM wraps it, there even when empty: `{"Roles": {"Role": [...]}}`."""
    return {plural: {singular: list(items)}}


def tags(stored: Mapping[str, str]) -> Wire:
    """Tags inside a list's item."""
    return wrapped("Tags", "Tag", ({"TagKey": key, "TagValue": value} for key, value in stored.items()))


def new_role(role: Role) -> Wire:
    """A role as CreateRole answers it."""
    return {
        "RoleId": role.role_id,
        "RoleName": role.name,
        "Arn": role.arn,
        "Description": role.description,
        "AssumeRolePolicyDocument": role.trust_document,
        "MaxSessionDuration": role.max_session_duration,
        "AllowConsoleLogin": role.allow_console_login,
        "CreateDate": role.create_date,
    }


def updated_role(role: Role) -> Wire:
    """A role as UpdateRole answers it."""
    return new_role(role) | {"UpdateDate": role.update_date}


def full_role(role: Role, account: Account) -> Wire:
    """A role as GetRole answers it."""
    shown = updated_role(role) | _principal(role, account)
    if role.latest_deletion is not None:
        date, task = role.latest_deletion
        shown["LatestDeletionTask"] = {"CreateDate": date, "DeletionTaskId": task}
    return shown


def _principal(role: Role, account: Account) -> Wire:
    name = f"{role.name}@role.{account.alias or account.id}.onaliyunservice.com"
    return {"RolePrincipalName": name, "IsServiceLinkedRole": role.linked_service is not None}


def linked_role(role: Role, account: Account) -> Wire:
    """A role as CreateServiceLinkedRole answers it."""
    fields = new_role(role)
    del fields["MaxSessionDuration"], fields["AllowConsoleLogin"]
    return fields | _principal(role, account)


def listed_role(role: Role) -> Wire:
    """A role as ListRoles answers it: without its trust policy, with its tags."""
    fields = updated_role(role)
    del fields["AssumeRolePolicyDocument"]
    return fields | tags(role.tags)


def new_user(user: User) -> Wire:
    """A user as CreateUser answers it."""
    return {
        "UserId": user.user_id,
        "UserName": user.name,
        "DisplayName": user.display_name,
        "MobilePhone": user.mobile_phone,
        "Email": user.email,
        "Comments": user.comments,
        "CreateDate": user.create_date,
    }


def listed_user(user: User) -> Wire:
    """A user as ListUsers and UpdateUser answer it."""
    return new_user(user) | {"UpdateDate": user.update_date}


def full_user(user: User) -> Wire:
    """A user as GetUser answers it; nobody logs in to a console here, so LastLoginDate is empty."""
    return listed_user(user) | {"LastLoginDate": ""}


def group(item: Group) -> Wire:
    """A group as every group action answers it."""
    return {
        "GroupId": item.group_id,
        "GroupName": item.name,
        "Comments": item.comments,
        "CreateDate": item.create_date,
        "UpdateDate": item.update_date,
    }


def login_profile(user: User, login: LoginProfile) -> Wire:
    """A login profile, without its password."""
    return {
        "UserName": user.name,
        "PasswordResetRequired": login.password_reset_required,
        "MFABindRequired": login.mfa_bind_required,
        "CreateDate": login.create_date,
    }
