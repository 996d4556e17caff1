"""RolePermissions: the policies attached to a role. Source: facts 1.8 and 7.3, "RAM: AttachPolicyToRole"."""

from functools import partial
from typing import Optional

import pulumi
import pulumi_alicloud as alicloud
from typing_extensions import NotRequired, TypedDict

from components import permission_documents
from components.arguments import RolePermissionsDeclaration
from components.component_arguments import Arguments
from components.declarations import Effect, PresetName
from components.deletion import PATIENCE

ROTATE = "DeleteOldestNonDefaultVersionWhenLimitExceeded"
"""RAM keeps five versions of a policy; without this the sixth change of a document would be refused."""

_LISTS = ("system_policies", "other_system_policies", "presets", "statements")
PLAIN = (("suspended",), ("permissions",), *(("permissions", key) for key in _LISTS))
"""What decides which policies and attachments there are."""


class StatementArgs(TypedDict):
    """One statement of a custom policy."""

    effect: pulumi.Input[Effect]
    """`Allow` or `Deny`."""
    actions: NotRequired[pulumi.Input[list[pulumi.Input[str]]]]
    """Actions such as `fc:GetFunction`, with `*` and `?`; either these or the not-actions."""
    not_actions: NotRequired[pulumi.Input[list[pulumi.Input[str]]]]
    """Every action but these."""
    resources: pulumi.Input[list[pulumi.Input[str]]]
    """ARNs, with `*` and `?`, or `*` alone."""
    conditions: NotRequired[pulumi.Input[dict[str, pulumi.Input[dict[str, pulumi.Input[list[str]]]]]]]
    """Operator to condition key to values, such as `IpAddress`, `acs:SourceIp`, `203.0.113.0/24`."""


class PresetArgs(TypedDict):
    """A least-privilege policy for Function Compute; without services and functions it covers all of both."""

    preset: PresetName
    """`read`, `invoke` or `deploy`."""
    regions: NotRequired[pulumi.Input[list[pulumi.Input[str]]]]
    """Region ids; every region if left out."""
    services: NotRequired[pulumi.Input[list[pulumi.Input[str]]]]
    """Services of Function Compute 2.0; a `*` stands for any characters."""
    functions: NotRequired[pulumi.Input[list[pulumi.Input[str]]]]
    """Functions of Function Compute 3.0; a `*` stands for any characters. Listing and creating need `*`."""
    pass_roles: NotRequired[pulumi.Input[list[pulumi.Input[str]]]]
    """With `deploy`: names of the owner's roles that may be given to functions."""


class PermissionsArgs(TypedDict):
    """What a role may do. How many policies there are has to be known at preview; what they say has not."""

    system_policies: NotRequired[list[pulumi.Input[str]]]
    """System policies known here, such as `AliyunFCReadOnlyAccess`; at most 20 together with the others."""
    other_system_policies: NotRequired[list[pulumi.Input[str]]]
    """System policies that are not known here, named on purpose."""
    presets: NotRequired[list[PresetArgs]]
    """Least-privilege policies for Function Compute."""
    statements: NotRequired[list[StatementArgs]]
    """Statements of your own; together they make one custom policy of at most 6144 characters."""


class RolePermissionsArgs(TypedDict):
    """The arguments of RolePermissions."""

    account: pulumi.Input[str]
    """The id of the account that owns the role: 16 digits."""
    role_name: pulumi.Input[str]
    """The role that gets the policies; its custom policies are named after it."""
    permissions: PermissionsArgs
    """What the role may do."""
    suspended: NotRequired[bool]
    """Keep the custom policies and attach nothing; false if left out."""


class RolePermissions(pulumi.ComponentResource):
    """The policies of a role: system policies, presets for Function Compute, statements of your own.

    Custom policies are made, named after the role (`<role>-read`, `-invoke`, `-deploy`, `-custom`), attached
    and removed with it; every policy is detached before it is deleted. At most 20 system policies; a document
    is at most 6144 characters long. Wrong arguments end the run with every problem named (`RefusedError`).
    """

    policy_documents: pulumi.Output[dict[str, str]]
    """The documents of the custom policies, by the policy's name."""
    attached_policies: pulumi.Output[list[str]]
    """The names of all policies that are attached, sorted; none while suspended."""

    def __init__(
        self, name: str, args: RolePermissionsArgs, opts: Optional[pulumi.ResourceOptions] = None
    ) -> None:
        arguments = Arguments("RolePermissions", name, RolePermissionsDeclaration, PLAIN)
        arguments.refuse_known(arguments.with_defaults(args))
        super().__init__("crossaccount:index:RolePermissions", name, None, opts)
        self._args = args
        self._checked = arguments.resolved(args)
        kinds = _kinds(args["permissions"])
        self.policies = {kind: self._policy(kind) for kind in kinds}
        attached = [] if args.get("suspended") else [*self._attach_custom(), *self._attach_system()]
        self.attachments = attached
        self.policy_documents = self._checked.apply(partial(_documents, kinds))
        self.attached_policies = pulumi.Output.all(*[each.policy_name for each in attached]).apply(sorted)
        self.register_outputs(
            {"policyDocuments": self.policy_documents, "attachedPolicies": self.attached_policies}
        )

    def _policy(self, kind: str) -> alicloud.ram.Policy:
        return alicloud.ram.Policy(
            f"{self.pulumi_resource_name}-{kind}",
            policy_name=self._checked.apply(lambda d: permission_documents.policy_name(d.role_name, kind)),
            policy_document=self._checked.apply(lambda d: _documents([kind], d).popitem()[1]),
            description=self._checked.apply(lambda d: f"What the role {d.role_name} may do: {kind}"),
            rotate_strategy=ROTATE,
            opts=pulumi.ResourceOptions(parent=self, custom_timeouts=PATIENCE),
        )

    def _attach_custom(self) -> list[alicloud.ram.RolePolicyAttachment]:
        return [self._attach(kind, policy.policy_name, "Custom") for kind, policy in self.policies.items()]

    def _attach_system(self) -> list[alicloud.ram.RolePolicyAttachment]:
        permissions = self._args["permissions"]
        named = [*permissions.get("system_policies", []), *permissions.get("other_system_policies", [])]
        labels = [each if isinstance(each, str) else str(position) for position, each in enumerate(named)]
        return [self._attach(label, each, "System") for label, each in zip(labels, named, strict=True)]

    def _attach(
        self, label: str, policy: pulumi.Input[str], policy_type: str
    ) -> alicloud.ram.RolePolicyAttachment:
        return alicloud.ram.RolePolicyAttachment(
            f"{self.pulumi_resource_name}-{label}",
            role_name=self._args["role_name"],
            policy_name=policy,
            policy_type=policy_type,
            opts=pulumi.ResourceOptions(parent=self),
        )


def _kinds(permissions: PermissionsArgs) -> list[str]:
    used = {PresetName(preset["preset"]).value for preset in permissions.get("presets", [])}
    if permissions.get("statements"):
        used.add(permission_documents.CUSTOM)
    return [kind for kind in permission_documents.KINDS if kind in used]


def _documents(kinds: list[str], declared: RolePermissionsDeclaration) -> dict[str, str]:
    role = declared.role_name
    return {
        permission_documents.policy_name(role, kind): permission_documents.document(
            declared.account, role, kind, declared.permissions
        )
        for kind in kinds
    }
