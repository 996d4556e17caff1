"""Roles: create, get, update, delete, list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crossaccount.localcloud.parameters import boolean, integer, required
from crossaccount.localcloud.ram import authorized, faults, limits, lookup, names, tagging, views
from crossaccount.localcloud.ram.authorized import operation
from crossaccount.localcloud.ram.documents import trust_document
from crossaccount.localcloud.ram.entities import DEFAULT_SESSION_SECONDS, Role
from crossaccount.localcloud.ram.fields import text
from crossaccount.localcloud.ram.paging import page

if TYPE_CHECKING:
    from crossaccount.localcloud.call import Call


def _session_seconds(call: Call, parameter: str) -> int | None:
    low, high = limits.SESSION_SECONDS
    return integer(call.params, parameter, None, low=low, high=high)


def create_role(call: Call) -> views.Wire:
    """CreateRole."""
    ram = lookup.ram(call)
    name = names.ROLE.check("RoleName", required(call.params, "RoleName"))
    now = call.cloud.clock.iso()
    trust = trust_document(call, "AssumeRolePolicyDocument")
    description = text(call, "Description", limits.DESCRIPTION_CHARS) or ""
    seconds = _session_seconds(call, "MaxSessionDuration") or DEFAULT_SESSION_SECONDS
    console = boolean(call.params, "AllowConsoleLogin", default=True)
    tags = tagging.sent_tags(call, "Role")
    if ram.role(name) is not None:
        raise faults.exists_already("Role")
    if len(ram.roles) >= limits.ROLES:
        raise faults.limit_exceeded("Role")
    role = Role(
        account_id=call.account.id,
        name=name,
        create_date=now,
        update_date=now,
        role_id=call.cloud.ids.role_id(),
        trust_document=trust,
        description=description,
        max_session_duration=seconds,
        allow_console_login=console is not False,
        tags=tags,
    )
    ram.roles[name.lower()] = role
    return {"Role": views.new_role(role)}


def get_role(call: Call) -> views.Wire:
    """GetRole."""
    return {"Role": views.full_role(lookup.role(call), call.account)}


def update_role(call: Call) -> views.Wire:
    """UpdateRole: changes only what is sent."""
    role = lookup.regular_role(call)
    description = text(call, "NewDescription", limits.DESCRIPTION_CHARS)
    seconds = _session_seconds(call, "NewMaxSessionDuration")
    console = boolean(call.params, "NewAllowConsoleLogin")
    if call.params.get("NewAssumeRolePolicyDocument") is not None:
        role.replace_trust(trust_document(call, "NewAssumeRolePolicyDocument"))
    if description is not None:
        role.description = description
    if seconds is not None:
        role.max_session_duration = seconds
    if console is not None:
        role.allow_console_login = console
    role.update_date = call.cloud.clock.iso()
    return {"Role": views.updated_role(role)}


def delete_role(call: Call) -> views.Wire:
    """DeleteRole: refused while a policy is attached; a namesake made later has another RoleId."""
    role = lookup.regular_role(call)
    if role.attachments:
        raise faults.still_in_use("Role.Policy")
    del lookup.ram(call).roles[role.name.lower()]
    return {}


def list_roles(call: Call) -> views.Wire:
    """ListRoles, in the order of names, filtered by `Tag`."""
    wanted = tagging.tag_filter(call)
    roles = {key: role for key, role in lookup.ram(call).roles.items() if wanted(role.tags)}
    shown, fields = page(call, "ListRoles", roles)
    return views.wrapped("Roles", "Role", map(views.listed_role, shown)) | fields


OPERATIONS = (
    operation("CreateRole", create_role, authorized.every("role")),
    operation("GetRole", get_role, authorized.ROLE),
    operation("UpdateRole", update_role, authorized.ROLE),
    operation("DeleteRole", delete_role, authorized.ROLE),
    operation("ListRoles", list_roles, authorized.every("role")),
)
