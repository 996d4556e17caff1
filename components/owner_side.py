"""The owner's side: the roles of its delegations, and what it tells its partners."""

from typing import Any, cast

import pulumi

from components import handover
from components.cross_account_role import CrossAccountRole, CrossAccountRoleArgs
from components.declarations import Delegation
from components.moments import is_past
from components.owner_settings import OwnerSettings
from components.problems import joined
from components.setting import PREFIX


def declare(settings: OwnerSettings) -> dict[str, object]:
    """Declare every delegation of the stack.

    Args:
        settings: the stack's checked settings.

    Returns:
        The stack's outputs by name.
    """
    for name, each in settings.delegations.items():
        if each.trust.expires and is_past(each.trust.expires):
            key = joined(PREFIX, ("delegations", name, "trust", "expires"))
            pulumi.log.warn(f"`{key}` has passed: nobody can assume the role any more")
    roles = {name: _role(name, each, settings) for name, each in settings.delegations.items()}
    handed = {name: role.handover for name, role in roles.items()}
    return {
        "account": settings.account,
        "roleArns": {name: role.role_arn for name, role in roles.items()},
        "trustDocuments": {name: role.trust_document for name, role in roles.items()},
        "permissionDocuments": {name: role.permission_documents for name, role in roles.items()},
        "attachedPolicies": {name: role.attached_policies for name, role in roles.items()},
        "consoleLinksChinaSite": {name: role.console_link_china_site for name, role in roles.items()},
        "handover": pulumi.Output.from_input(handed).apply(
            lambda known: handover.write(settings.account, settings.alias, cast("Any", known))
        ),
    }


def _role(name: str, delegation: Delegation, settings: OwnerSettings) -> CrossAccountRole:
    args: dict[str, Any] = {
        "account": settings.account,
        "account_alias": settings.alias,
        **delegation.model_dump(exclude_none=True, exclude_unset=True),
    }
    if settings.secret and "external_ids" in args["trust"]:
        args["trust"]["external_ids"] = pulumi.Output.secret(args["trust"]["external_ids"])
    return CrossAccountRole(name, cast("CrossAccountRoleArgs", args))
