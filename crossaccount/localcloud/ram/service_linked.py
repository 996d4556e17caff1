"""Service-linked roles: roles that a service keeps for itself in an account, made and deleted by name.

Only Function Compute's is here. Another service's name is a 501, not a 404: the service exists, its role is
merely not known here. Source: Resource Management: CreateServiceLinkedRole, DeleteServiceLinkedRole; Function
Compute: Service-linked role of Function Compute.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson

from crossaccount.localcloud.errors import ApiError
from crossaccount.localcloud.parameters import required
from crossaccount.localcloud.products import RAM
from crossaccount.localcloud.ram import authorized, faults, lookup, views
from crossaccount.localcloud.ram.authorized import operation
from crossaccount.localcloud.ram.entities import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.localcloud.call import Call


@dataclass(frozen=True, slots=True)
class Template:
    """What a service's role is like.

    Attributes:
        service: the service's name, e.g. `fc.aliyuncs.com`.
        role_name: the role's name.
        policy_name: the system policy it has.
        descriptions: what the role is for, by language.
    """

    service: str
    role_name: str
    policy_name: str
    descriptions: Mapping[str, str]

    @property
    def trust(self) -> str:
        """The trust policy: the service alone."""
        principal = {"Service": [self.service]}
        statement = {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": principal}
        return orjson.dumps({"Statement": [statement], "Version": "1"}).decode()


FUNCTION_COMPUTE = Template(
    "fc.aliyuncs.com",
    "AliyunServiceRoleForFC",
    "AliyunServiceRolePolicyForFC",
    {
        "en": "Service Linked Role for Function Compute. Function Compute will use this role to access your "
        "resources in other services.",
    },
)
_TEMPLATES = {FUNCTION_COMPUTE.service: FUNCTION_COMPUTE}
_SUFFIX = ".aliyuncs.com"


def _template(call: Call) -> Template:
    service = required(call.params, "ServiceName")
    template = _TEMPLATES.get(service)
    if template is not None:
        return template
    if not service.endswith(_SUFFIX):
        raise faults.no_such("Service")
    call.cloud.note_unimplemented(RAM, f"the service-linked role of {service[:100]}")
    message = (
        f"The local cloud has no service-linked role of `{service[:100]}`; it has {', '.join(_TEMPLATES)}."
    )
    raise ApiError(501, "NotImplemented", message)


def create_service_linked_role(call: Call) -> views.Wire:
    """CreateServiceLinkedRole: name, trust policy, description and permissions are the service's."""
    template = _template(call)
    if call.params.get("CustomSuffix"):
        message = "Custom suffix is not allowed for this Service Linked Role."
        raise ApiError(400, "InvalidParameter.CustomSuffix.NotAllowed", message)
    if call.params.get("Description"):
        message = "Custom description is not allowed for default service linked role."
        raise ApiError(400, "InvalidParameter.Description.NotAllowed", message)
    ram, now = lookup.ram(call), call.cloud.clock.iso()
    if ram.role(template.role_name) is not None:
        raise faults.exists_already("Role")
    role = Role(
        account_id=call.account.id,
        name=template.role_name,
        create_date=now,
        update_date=now,
        role_id=call.cloud.ids.role_id(),
        trust_document=template.trust,
        description=template.descriptions["en"],
        allow_console_login=False,
        linked_service=template.service,
    )
    ram.roles[role.name.lower()] = role
    ram.attach(role, "System", template.policy_name, now)
    return {"Role": views.linked_role(role, call.account)}


def delete_service_linked_role(call: Call) -> views.Wire:
    """DeleteServiceLinkedRole: the task is over at once, and leaves a role that a function still has."""
    role = lookup.role(call)
    if role.linked_service is None:
        raise faults.no_such("ServiceLinkedRole")
    task = f"task/acs-service-role/{role.linked_service}/{role.name}/{call.cloud.ids.uuid()}"
    if call.account.fc.uses_role(role.arn):
        role.latest_deletion = (call.cloud.clock.iso(), task)
    else:
        ram = lookup.ram(call)
        for key in list(role.attachments):
            ram.detach(role, key)
        del ram.roles[role.name.lower()]
    return {"DeletionTaskId": task}


def get_service_linked_role_template(call: Call) -> views.Wire:
    """GetServiceLinkedRoleTemplate."""
    template = _template(call)
    descriptions = (
        {"Language": language, "Description": text} for language, text in template.descriptions.items()
    )
    return {
        "ServiceLinkedRoleTemplate": {
            "ServiceName": template.service,
            "RoleNamePrefix": template.role_name,
            "SystemPolicyName": template.policy_name,
            "MultipleRolesAllowed": False,
            **views.wrapped("RoleDescriptions", "RoleDescription", descriptions),
        }
    }


def _named_service(call: Call) -> dict[str, str]:
    service = call.params.get("ServiceName")
    return {"ram:ServiceName": service} if service else {}


def _service_of_role(call: Call) -> dict[str, str]:
    role = lookup.ram(call).role(call.params.get("RoleName", ""))
    return {"ram:ServiceName": role.linked_service} if role is not None and role.linked_service else {}


_SOURCE = "Resource Management: CreateServiceLinkedRole and its neighbours; facts 3.2"
_ROLES = authorized.every("role")

OPERATIONS = (
    operation(
        "CreateServiceLinkedRole",
        create_service_linked_role,
        _ROLES,
        context=_named_service,
        source=_SOURCE,
    ),
    operation(
        "DeleteServiceLinkedRole",
        delete_service_linked_role,
        authorized.ROLE,
        context=_service_of_role,
        source=_SOURCE,
    ),
    operation("GetServiceLinkedRoleTemplate", get_service_linked_role_template, _ROLES, source=_SOURCE),
)
