"""Finding what a call names, or refusing it: the first step of nearly every operation."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from crossaccount.localcloud.parameters import required
from crossaccount.localcloud.ram import faults, names
from crossaccount.policy import SYSTEM_POLICIES

if TYPE_CHECKING:
    from crossaccount.localcloud.call import Call
    from crossaccount.localcloud.ram.entities import CustomPolicy, Group, PolicyKey, PolicyType, Role, User
    from crossaccount.localcloud.ram.state import RamState


def ram(call: Call) -> RamState:
    """The RAM entities of the account that the call acts on."""
    return call.account.ram


def role(call: Call) -> Role:
    """The role named by `RoleName`, in any letter case.

    Raises:
        ApiError: `EntityNotExist.Role`, or the name is no role name.
    """
    found = ram(call).role(names.ROLE.check("RoleName", required(call.params, "RoleName")))
    if found is None:
        raise faults.no_such("Role")
    return found


def regular_role(call: Call) -> Role:
    """The role named by `RoleName`, when it is one that its account may change.

    Raises:
        ApiError: as `role`, and `NotSupport.ServiceLinkedRole`.
    """
    found = role(call)
    if found.linked_service is not None:
        raise faults.service_linked()
    return found


def user(call: Call) -> User:
    """The user named by `UserName`.

    Raises:
        ApiError: `EntityNotExist.User`, or the name is no user name.
    """
    found = ram(call).users.get(names.USER.check("UserName", required(call.params, "UserName")))
    if found is None:
        raise faults.no_such("User")
    return found


def group(call: Call) -> Group:
    """The group named by `GroupName`.

    Raises:
        ApiError: `EntityNotExist.Group`, or the name is no group name.
    """
    found = ram(call).groups.get(names.GROUP.check("GroupName", required(call.params, "GroupName")))
    if found is None:
        raise faults.no_such("Group")
    return found


def custom_policy(call: Call) -> CustomPolicy:
    """The account's own policy named by `PolicyName`.

    Raises:
        ApiError: `EntityNotExist.Policy`, or the name is no policy name.
    """
    found = ram(call).policies.get(names.POLICY.check("PolicyName", required(call.params, "PolicyName")))
    if found is None:
        raise faults.no_such("Policy")
    return found


def policy_type(value: str) -> PolicyType:
    """A policy type, found valid.

    Raises:
        ApiError: `InvalidParameter.PolicyType`.
    """
    if value not in ("System", "Custom"):
        raise faults.incorrect("PolicyType")
    return cast("PolicyType", value)


def policy(call: Call) -> PolicyKey:
    """The existing policy named by `PolicyType` and `PolicyName`.

    Raises:
        ApiError: `EntityNotExist.Policy`, or the type or name is none.
    """
    kind = policy_type(required(call.params, "PolicyType"))
    name = names.POLICY.check("PolicyName", required(call.params, "PolicyName"))
    if name not in (SYSTEM_POLICIES if kind == "System" else ram(call).policies):
        raise faults.no_such("Policy")
    return kind, name
