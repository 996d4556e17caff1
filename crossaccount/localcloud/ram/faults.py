"""RAM's refusals, with the codes, statuses and messages of its API reference (RAM: error messages; 3.4).

Where the reference gives no message, it is worded by analogy with its neighbours; the code never is.
"""

from __future__ import annotations

from types import MappingProxyType

from crossaccount.localcloud.errors import ApiError

_MISSING_ENTITY = MappingProxyType(
    {
        "Role": "The role does not exist.",
        "User": "The user does not exist.",
        "Group": "The group does not exist.",
        "Policy": "The policy does not exist.",
        "Policy.Version": "The policy version does not exist.",
        "Role.Policy": "The indicate policy of the role does not exist.",
        "User.Policy": "The indicate policy of the user does not exist.",
        "Group.Policy": "The indicate policy attached to the group does not exist.",
        "User.AccessKey": "The user access key does not exist.",
        "User.LoginProfile": "The user login profile does not exist.",
        "User.MFADevice": "The user has not bound any MFA device.",
        "User.Group": "The user has not joined the group.",
        "VirtualMFADevice": "The virtual mfa device does not exist.",
        "Service": "The service does not exist.",
        "ServiceLinkedRole": "This role exists but is not a Service Linked Role.",
    }
)

_EXISTING_ENTITY = MappingProxyType(
    {
        "Role": "The role does already EXIST.",
        "User": "The user does already EXIST.",
        "Group": "The group does already EXIST.",
        "Policy": "The policy does already EXIST.",
        "Role.Policy": "The role has already been attached this policy.",
        "User.Policy": "The user has already been attached this policy.",
        "Group.Policy": "The group has already been attached this policy.",
        "User.LoginProfile": "The user login profile does already EXIST.",
        "User.Group": "The user has already joined the group.",
        "User.MFADevice": "The user has already bound a MFA device.",
        "AccountAlias": "The account alias does already exist.",
        "VirtualMFADevice": "The virtual mfa device does already EXIST.",
        "VirtualMFADevice.User": "The virtual mfa device does already been bound to a user.",
    }
)

_LIMITS = MappingProxyType(
    {
        "Role": "The count of roles beyond the current limits.",
        "User": "The count of users beyond the current limits.",
        "Group": "The count of groups beyond the current limits.",
        "Policy": "The count of policy beyond the current limits.",
        "Policy.Version": "The count of policy version beyond the current limits.",
        "Role.Policy": "The count of policies attached to the role beyond the current limits.",
        "User.Policy": "The policy count of the user attached policies beyond the current limits.",
        "Group.Policy": "The policy count of the group beyond the current limits.",
        "User.AccessKey": "The access key count of the user access keys beyond the current limits.",
        "User.Group": "The count of groups the target user joined beyond the current limits.",
        "VirtualMFADevice": "The count of virtual mfa devices beyond the current limits.",
        "Role.Tag": "The tag count of the role beyond the current limits.",
        "Policy.Tag": "The tag count of the policy beyond the current limits.",
    }
)

_CONFLICTS = MappingProxyType(
    {
        "Role.Policy": "The role CAN NOT has any attached policy while deleting the role.",
        "Policy.User": "The policy CAN NOT been attached to any user while deleting the policy.",
        "Policy.Group": "The policy CAN NOT been attached to any group while deleting the policy.",
        "Policy.Version": "The policy CAN NOT has any version except the defaul version.",
        "Policy.Version.Default": "The default policy version CAN NOT been deleted directly.",
        "User.AccessKey": "The user CAN NOT has any access key while deleting the user.",
        "User.Group": "The user CAN NOT be in any group while deleting the user.",
        "User.LoginProfile": "The user CAN NOT has any login profile while deleting the user.",
        "User.MFADevice": "The user CAN NOT has any mfa device while deleting the user.",
        "User.Policy": "The user CAN NOT has any attached policy while deleting the user.",
        "Group.User": "The group CAN NOT has any user member while deleting the group.",
        "Group.Policy": "The entity CAN NOT has any attached policy while deleting the group.",
        "VirtualMFADevice.User": "The virtual mfa device CAN NOT been bound to any user while deleting it.",
    }
)


def no_such(entity: str) -> ApiError:
    """404 `EntityNotExist.<entity>`."""
    return ApiError(404, f"EntityNotExist.{entity}", _MISSING_ENTITY[entity])


def exists_already(entity: str) -> ApiError:
    """409 `EntityAlreadyExists.<entity>`."""
    return ApiError(409, f"EntityAlreadyExists.{entity}", _EXISTING_ENTITY[entity])


def limit_exceeded(entity: str) -> ApiError:
    """409 `LimitExceeded.<entity>`."""
    return ApiError(409, f"LimitExceeded.{entity}", _LIMITS[entity])


def still_in_use(what: str) -> ApiError:
    """409 `DeleteConflict.<what>`."""
    return ApiError(409, f"DeleteConflict.{what}", _CONFLICTS[what])


def policy_on_roles() -> ApiError:
    """What DeletePolicy answers while roles hold the policy.

    The code that the provider waits for (facts 3.4 and 11, 9); the API reference names none.
    """
    message = "The policy CAN NOT been attached to any role while deleting the policy."
    return ApiError(409, "DeleteConflict.Role.Policy", message)


def missing(parameter: str) -> ApiError:
    """400 `Missing<Parameter>` (facts 3.5)."""
    return ApiError(400, f"Missing{parameter}", f"{parameter} is mandatory for this action.")


def incorrect(parameter: str, allowed: str = "") -> ApiError:
    """400 `InvalidParameter.<Parameter>`; `allowed` says what would be accepted."""
    hint = f" {allowed}" if allowed else ""
    return ApiError(
        400, f"InvalidParameter.{parameter}", f'The parameter - "{parameter}" is incorrect.{hint}'
    )


def bad_format(parameter: str) -> ApiError:
    """400 `InvalidParameter.<Parameter>.Format`."""
    message = f'The format of the parameter - "{parameter}" is incorrect.'
    return ApiError(400, f"InvalidParameter.{parameter}.Format", message)


def bad_chars(parameter: str) -> ApiError:
    """400 `InvalidParameter.<Parameter>.InvalidChars`."""
    message = f'The parameter - "{parameter}" contains invalid chars.'
    return ApiError(400, f"InvalidParameter.{parameter}.InvalidChars", message)


def too_long(parameter: str) -> ApiError:
    """400 `InvalidParameter.<Parameter>.Length`."""
    message = f'The parameter - "{parameter}" beyond the length limit.'
    return ApiError(400, f"InvalidParameter.{parameter}.Length", message)


def out_of_range(parameter: str, low: int, high: int) -> ApiError:
    """400 `InvalidParameter.<Parameter>.Range`."""
    message = f'The parameter - "{parameter}" MUST be in the range of {low} and {high}.'
    return ApiError(400, f"InvalidParameter.{parameter}.Range", message)


def service_linked() -> ApiError:
    """What every action answers that would change a service-linked role, which is its service's own.

    That it refuses is documented (RAM: DeleteRole, Manage permissions for a RAM role); the code is inferred.
    """
    message = "The service-linked role is managed by its service; use DeleteServiceLinkedRole to delete it."
    return ApiError(400, "NotSupport.ServiceLinkedRole", message)


def malformed_document(detail: str) -> ApiError:
    """400 `MalformedPolicyDocument`; `detail` names what is wrong and where."""
    return ApiError(400, "MalformedPolicyDocument", detail)
