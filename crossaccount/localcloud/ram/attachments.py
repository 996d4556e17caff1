"""Attaching policies to roles, users and groups, and who has what (facts 3.2, 3.4, 3.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from crossaccount.localcloud.ram import authorized, faults, limits, lookup, views
from crossaccount.localcloud.ram.authorized import operation
from crossaccount.localcloud.ram.described import describe
from crossaccount.localcloud.ram.entities import Group, Role, User

if TYPE_CHECKING:
    from collections.abc import Callable

    from crossaccount.localcloud.call import Call, Operation
    from crossaccount.localcloud.ram.entities import Holder, PolicyKey

Kind = Literal["Role", "User", "Group"]


def _at_account_scope(call: Call) -> None:
    if call.params.get("ResourceGroupId"):
        raise faults.incorrect(
            "ResourceGroupId", "The local cloud attaches at account scope only; leave it out."
        )


def _check_limit(holder: Holder, kind: Kind, key: PolicyKey) -> None:
    policy_type, _ = key
    limit = limits.SYSTEM_POLICIES_ATTACHED
    if policy_type == "Custom":
        limit = limits.CUSTOM_POLICIES_ATTACHED[kind]
    if sum(attached_type == policy_type for attached_type, _ in holder.attachments) >= limit:
        raise faults.limit_exceeded(f"{kind}.Policy")


def _attach(kind: Kind, find: Callable[[Call], Holder]) -> Callable[[Call], views.Wire]:
    def answer(call: Call) -> views.Wire:
        _at_account_scope(call)
        holder, key = find(call), lookup.policy(call)
        if key in holder.attachments:
            raise faults.exists_already(f"{kind}.Policy")
        _check_limit(holder, kind, key)
        lookup.ram(call).attach(holder, *key, call.cloud.clock.iso())
        return {}

    return answer


def _detach(kind: Kind, find: Callable[[Call], Holder]) -> Callable[[Call], views.Wire]:
    def answer(call: Call) -> views.Wire:
        _at_account_scope(call)
        holder, key = find(call), lookup.policy(call)
        if not lookup.ram(call).detach(holder, key):
            raise faults.no_such(f"{kind}.Policy")
        return {}

    return answer


def _list(find: Callable[[Call], Holder]) -> Callable[[Call], views.Wire]:
    def answer(call: Call) -> views.Wire:
        ram = lookup.ram(call)
        attached = find(call).attachments.items()
        listed = [describe(ram, key).summary() | {"AttachDate": item.attach_date} for key, item in attached]
        return views.wrapped("Policies", "Policy", listed)

    return answer


def list_entities_for_policy(call: Call) -> views.Wire:
    """ListEntitiesForPolicy: the users, groups and roles that have a policy, in the order of attaching."""
    users, groups, roles = [], [], []
    for holder, attachment in lookup.ram(call).holders(lookup.policy(call)).items():
        date = {"AttachDate": attachment.attach_date}
        if isinstance(holder, User):
            user = {"UserId": holder.user_id, "UserName": holder.name, "DisplayName": holder.display_name}
            users.append(user | date)
        elif isinstance(holder, Group):
            groups.append({"GroupName": holder.name, "Comments": holder.comments} | date)
        elif isinstance(holder, Role):
            role = {"RoleId": holder.role_id, "RoleName": holder.name, "Arn": holder.arn}
            roles.append(role | {"Description": holder.description} | date)
    return (
        views.wrapped("Users", "User", users)
        | views.wrapped("Groups", "Group", groups)
        | views.wrapped("Roles", "Role", roles)
    )


def _operations(
    kind: Kind,
    find: Callable[[Call], Holder],
    resource: authorized.Resource,
    change: Callable[[Call], Holder] | None = None,
) -> tuple[Operation, ...]:
    both = (resource, authorized.typed_policy)
    return (
        operation(f"AttachPolicyTo{kind}", _attach(kind, change or find), *both),
        operation(f"DetachPolicyFrom{kind}", _detach(kind, change or find), *both),
        operation(f"ListPoliciesFor{kind}", _list(find), resource),
    )


OPERATIONS = (
    *_operations("Role", lookup.role, authorized.ROLE, lookup.regular_role),
    *_operations("User", lookup.user, authorized.USER),
    *_operations("Group", lookup.group, authorized.GROUP),
    operation("ListEntitiesForPolicy", list_entities_for_policy, authorized.typed_policy),
)
