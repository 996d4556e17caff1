"""Groups and who is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crossaccount.localcloud.parameters import required
from crossaccount.localcloud.ram import authorized, faults, limits, lookup, names, views
from crossaccount.localcloud.ram.authorized import operation
from crossaccount.localcloud.ram.entities import Group
from crossaccount.localcloud.ram.fields import text
from crossaccount.localcloud.ram.paging import page

if TYPE_CHECKING:
    from crossaccount.localcloud.call import Call


def create_group(call: Call) -> views.Wire:
    """CreateGroup."""
    ram = lookup.ram(call)
    name = names.GROUP.check("GroupName", required(call.params, "GroupName"))
    comments = text(call, "Comments", limits.COMMENTS_CHARS) or ""
    if name in ram.groups:
        raise faults.exists_already("Group")
    if len(ram.groups) >= limits.GROUPS:
        raise faults.limit_exceeded("Group")
    now = call.cloud.clock.iso()
    group = Group(call.account.id, name, now, now, call.cloud.ids.group_id(), comments)
    ram.groups[name] = group
    return {"Group": views.group(group)}


def get_group(call: Call) -> views.Wire:
    """GetGroup."""
    return {"Group": views.group(lookup.group(call))}


def update_group(call: Call) -> views.Wire:
    """UpdateGroup: renamed, the group keeps its members and policies."""
    ram = lookup.ram(call)
    group = lookup.group(call)
    comments = text(call, "NewComments", limits.COMMENTS_CHARS)
    new_name = names.GROUP.check("NewGroupName", call.params.get("NewGroupName") or group.name)
    if new_name != group.name:
        if new_name in ram.groups:
            raise faults.exists_already("Group")
        ram.rename_group(group, new_name)
    if comments is not None:
        group.comments = comments
    group.update_date = call.cloud.clock.iso()
    return {"Group": views.group(group)}


def delete_group(call: Call) -> views.Wire:
    """DeleteGroup: refused while it has members or policies."""
    group = lookup.group(call)
    if group.members:
        raise faults.still_in_use("Group.User")
    if group.attachments:
        raise faults.still_in_use("Group.Policy")
    del lookup.ram(call).groups[group.name]
    return {}


def list_groups(call: Call) -> views.Wire:
    """ListGroups, in the order of names."""
    shown, fields = page(call, "ListGroups", lookup.ram(call).groups)
    return views.wrapped("Groups", "Group", map(views.group, shown)) | fields


def add_user_to_group(call: Call) -> views.Wire:
    """AddUserToGroup: a user may be in five groups."""
    user, group = lookup.user(call), lookup.group(call)
    if group in user.groups:
        raise faults.exists_already("User.Group")
    if len(user.groups) >= limits.GROUPS_PER_USER:
        raise faults.limit_exceeded("User.Group")
    lookup.ram(call).join(user, group, call.cloud.clock.iso())
    return {}


def remove_user_from_group(call: Call) -> views.Wire:
    """RemoveUserFromGroup."""
    if not lookup.ram(call).leave(lookup.user(call), lookup.group(call)):
        raise faults.no_such("User.Group")
    return {}


def list_groups_for_user(call: Call) -> views.Wire:
    """ListGroupsForUser: not paged, in the order of joining."""
    joined = [
        {
            "GroupId": group.group_id,
            "GroupName": group.name,
            "Comments": group.comments,
            "JoinDate": date,
        }
        for group, date in lookup.user(call).groups.items()
    ]
    return views.wrapped("Groups", "Group", joined)


def list_users_for_group(call: Call) -> views.Wire:
    """ListUsersForGroup, in the order of names."""
    members = {
        user.name: {"UserName": user.name, "DisplayName": user.display_name, "JoinDate": date}
        for user, date in lookup.group(call).members.items()
    }
    shown, fields = page(call, "ListUsersForGroup", members)
    return views.wrapped("Users", "User", shown) | fields


OPERATIONS = (
    operation("CreateGroup", create_group, authorized.every("group")),
    operation("GetGroup", get_group, authorized.GROUP),
    operation("UpdateGroup", update_group, authorized.GROUP),
    operation("DeleteGroup", delete_group, authorized.GROUP),
    operation("ListGroups", list_groups, authorized.every("group")),
    operation("AddUserToGroup", add_user_to_group, authorized.USER, authorized.GROUP),
    operation("RemoveUserFromGroup", remove_user_from_group, authorized.USER, authorized.GROUP),
    operation("ListGroupsForUser", list_groups_for_user, authorized.USER),
    operation("ListUsersForGroup", list_users_for_group, authorized.GROUP),
)
