"""AssumeRoleGrant: lets the partner's users assume roles. Source: facts 4.6, "FAQ about RAM roles"."""

from collections.abc import Mapping
from typing import Optional

import pulumi
import pulumi_alicloud as alicloud
from typing_extensions import NotRequired, TypedDict

from components import grant_policy
from components.arguments import AssumeRoleGrantDeclaration, GrantPolicyDeclaration
from components.component_arguments import Arguments
from components.deletion import PATIENCE
from components.role_permissions import ROTATE

_PLAIN = (("users",), ("groups",), ("roles",), ("system_policy",), ("assume",))


class AssumeRoleGrantArgs(TypedDict):
    """The arguments of AssumeRoleGrant: who, and either the roles or the system policy by its name.

    Who gets the grant is a mapping of labels to names: the label names the attachment, and has to stay.
    """

    users: NotRequired[dict[str, pulumi.Input[str]]]
    """Names of RAM users, by label."""
    groups: NotRequired[dict[str, pulumi.Input[str]]]
    """Names of user groups, by label."""
    roles: NotRequired[dict[str, pulumi.Input[str]]]
    """Names of the partner's own roles, such as the execution role of a function, by label."""
    assume: NotRequired[list[pulumi.Input[str]]]
    """The ARNs of the roles that may be assumed; no wildcards."""
    system_policy: NotRequired[str]
    """`AliyunSTSAssumeRoleAccess`, which allows every role of every account that trusts the partner."""
    policy_name: NotRequired[pulumi.Input[str]]
    """The custom policy: 1 to 128 letters, digits, `-`; the component's name if left out."""
    description: NotRequired[pulumi.Input[str]]
    """The custom policy's description, 1 to 1024 characters."""


class AssumeRoleGrant(pulumi.ComponentResource):
    """Lets users, groups or execution roles of the partner assume given roles and no others.

    Makes one custom policy that names the roles' ARNs (at most 6144 characters) and attaches it; a user takes
    10 custom policies, a group or a role 5. With the system policy asked for by name, only attaches that one.
    Deleting detaches first. Wrong arguments end the run with every problem named (`RefusedError`).
    """

    policy_name: pulumi.Output[str]
    """The policy that is attached."""
    policy_document: Optional[pulumi.Output[str]]
    """The custom policy as applied: JSON text; none with the system policy."""

    def __init__(
        self, name: str, args: AssumeRoleGrantArgs, opts: Optional[pulumi.ResourceOptions] = None
    ) -> None:
        self._arguments = Arguments("AssumeRoleGrant", name, AssumeRoleGrantDeclaration, _PLAIN)
        declared = self._arguments.with_defaults(args)
        custom = declared.get("assume") is not None
        named = {"policy_name": name} if custom and declared.get("system_policy") is None else {}
        self._arguments.refuse_known({**named, **declared})
        super().__init__("crossaccount:index:AssumeRoleGrant", name, None, opts)
        self.policy_document = None
        self.policy_name = pulumi.Output.from_input(grant_policy.ASSUME_ROLE_ACCESS)
        self.policy = self._policy(args) if custom else None
        if self.policy:
            self.policy_document = self.policy.policy_document
            self.policy_name = self.policy.policy_name
        self.attachments = [
            *self._attach_users(args.get("users") or {}),
            *self._attach_groups(args.get("groups") or {}),
            *self._attach_roles(args.get("roles") or {}),
        ]
        self.register_outputs({"policyName": self.policy_name, "policyDocument": self.policy_document})

    def _policy(self, args: AssumeRoleGrantArgs) -> alicloud.ram.Policy:
        parts = ("assume", "policy_name", "description")
        own: dict[str, object] = {key: value for key, value in args.items() if key in parts}
        checked = Arguments("AssumeRoleGrant", self.pulumi_resource_name, GrantPolicyDeclaration).resolved(
            {"policy_name": self.pulumi_resource_name, **own}
        )
        return alicloud.ram.Policy(
            self.pulumi_resource_name,
            policy_name=checked.apply(lambda d: d.policy_name),
            policy_document=checked.apply(lambda d: grant_policy.document(d.assume)),
            description=checked.apply(lambda d: d.description),
            rotate_strategy=ROTATE,
            opts=pulumi.ResourceOptions(parent=self, custom_timeouts=PATIENCE),
        )

    def _checked(self, kind: str, label: str, name: "pulumi.Input[str]") -> "pulumi.Output[str]":
        alone = {kind: {label: name}, "system_policy": grant_policy.ASSUME_ROLE_ACCESS}
        return self._arguments.resolved(alone).apply(lambda d: str(getattr(d, kind)[label]))

    @property
    def _policy_type(self) -> str:
        return "Custom" if self.policy else "System"

    def _attach_users(
        self, users: Mapping[str, pulumi.Input[str]]
    ) -> list[alicloud.ram.UserPolicyAttachment]:
        return [
            alicloud.ram.UserPolicyAttachment(
                f"{self.pulumi_resource_name}-{label}",
                user_name=self._checked("users", label, user),
                policy_name=self.policy_name,
                policy_type=self._policy_type,
                opts=pulumi.ResourceOptions(parent=self),
            )
            for label, user in users.items()
        ]

    def _attach_groups(
        self, groups: Mapping[str, pulumi.Input[str]]
    ) -> list[alicloud.ram.GroupPolicyAttachment]:
        return [
            alicloud.ram.GroupPolicyAttachment(
                f"{self.pulumi_resource_name}-{label}",
                group_name=self._checked("groups", label, group),
                policy_name=self.policy_name,
                policy_type=self._policy_type,
                opts=pulumi.ResourceOptions(parent=self),
            )
            for label, group in groups.items()
        ]

    def _attach_roles(
        self, roles: Mapping[str, pulumi.Input[str]]
    ) -> list[alicloud.ram.RolePolicyAttachment]:
        return [
            alicloud.ram.RolePolicyAttachment(
                f"{self.pulumi_resource_name}-{label}",
                role_name=self._checked("roles", label, role),
                policy_name=self.policy_name,
                policy_type=self._policy_type,
                opts=pulumi.ResourceOptions(parent=self),
            )
            for label, role in roles.items()
        ]
