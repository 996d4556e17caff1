"""CrossAccountRole: the owner's role for a partner. Source: facts 1.7, 1.8 and 7.3, "RAM: CreateRole"."""

from collections.abc import Mapping
from typing import Any, Optional

import pulumi
import pulumi_alicloud as alicloud
from typing_extensions import NotRequired, TypedDict

from components import console_link, trust_policy
from components.arguments import CrossAccountRoleDeclaration
from components.component_arguments import Arguments
from components.deletion import PATIENCE
from components.role_permissions import PLAIN, PermissionsArgs, RolePermissions


class TrustArgs(TypedDict):
    """Who may assume the role, and under which conditions; all of them must hold."""

    account: pulumi.Input[str]
    """The partner's account id: 16 digits, not the owner's own."""
    whole_account: NotRequired[pulumi.Input[bool]]
    """Trust every user and role of the account that its own administrators let assume the role."""
    users: NotRequired[pulumi.Input[list[pulumi.Input[str]]]]
    """Trust these RAM users only; they must exist."""
    roles: NotRequired[pulumi.Input[list[pulumi.Input[str]]]]
    """Trust these roles only, such as the execution role of a function; they must exist."""
    external_ids: NotRequired[pulumi.Input[list[pulumi.Input[str]]]]
    """Ask for one of these external ids (2 to 1224 characters); two while one is being rotated."""
    mfa: NotRequired[pulumi.Input[bool]]
    """Ask for a sign-in with a second factor; a function's role never has one."""
    source_ips: NotRequired[pulumi.Input[list[pulumi.Input[str]]]]
    """Addresses or CIDR blocks from which the role may be assumed."""
    expires: NotRequired[pulumi.Input[str]]
    """Until when, with offset: `2027-03-31T23:59:59+09:00`. Sessions that began before live on."""


class CrossAccountRoleArgs(TypedDict):
    """The arguments of CrossAccountRole."""

    account: pulumi.Input[str]
    """The owner's account id: 16 digits."""
    account_alias: NotRequired[pulumi.Input[str]]
    """The owner's account alias, for the console link."""
    role_name: NotRequired[pulumi.Input[str]]
    """1 to 64 letters, digits, `.`, `-`; the component's name if left out. Another name is another role."""
    trust: TrustArgs
    """Who may assume the role."""
    permissions: NotRequired[PermissionsArgs]
    """What the role may do; nothing if left out."""
    max_session_duration: NotRequired[pulumi.Input[int]]
    """The longest session in seconds, 3600 to 43200; 3600 if left out."""
    tags: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]]]
    """At most 20 tags, keys of 1 to 128 and values of at most 256 characters."""
    description: NotRequired[pulumi.Input[str]]
    """1 to 1024 characters."""
    suspended: NotRequired[bool]
    """Cut the partner off and keep the role; taking it back restores everything. False if left out."""


class CrossAccountRole(pulumi.ComponentResource):
    """A RAM role that a partner's account may assume: the role, its trust policy, its policies.

    Durations are in seconds. Documents are canonical: the same declaration in another order is no change.
    While suspended no policy is attached, so that the next call of every session is refused, and the trust
    policy denies. Deleting detaches what the component attached, then deletes the role, never by the
    provider's `force`. Wrong arguments end the run with every problem named (`RefusedError`), those of
    Outputs once they are known.
    """

    role_arn: pulumi.Output[str]
    """The role's ARN."""
    role_name: pulumi.Output[str]
    """The role's name."""
    trust_document: pulumi.Output[str]
    """The trust policy as applied: JSON text."""
    permission_documents: pulumi.Output[dict[str, str]]
    """The custom policies as applied: JSON text by the policy's name."""
    attached_policies: pulumi.Output[list[str]]
    """The names of all attached policies, sorted."""
    console_link_china_site: pulumi.Output[str]
    """Where a signed-in RAM user switches to the role on the China site."""
    handover: pulumi.Output[dict[str, Any]]
    """What the partner has to know of the role: `arn`, `maxSessionDuration`, `externalIdRequired`."""

    def __init__(
        self, name: str, args: CrossAccountRoleArgs, opts: Optional[pulumi.ResourceOptions] = None
    ) -> None:
        arguments = Arguments("CrossAccountRole", name, CrossAccountRoleDeclaration, (("trust",), *PLAIN))
        declared = arguments.with_defaults(args, role_name=name)
        arguments.refuse_known(declared)
        super().__init__("crossaccount:index:CrossAccountRole", name, None, opts)
        suspended = bool(args.get("suspended"))
        self.trust_document = arguments.resolved(declared).apply(_trust_document)
        checked = arguments.resolved(_without_external_ids(declared))
        self.role = alicloud.ram.Role(
            name,
            role_name=checked.apply(lambda d: d.role_name),
            assume_role_policy_document=self.trust_document,
            description=checked.apply(lambda d: d.description),
            max_session_duration=checked.apply(lambda d: d.max_session_duration),
            tags=checked.apply(lambda d: d.tags or None),
            opts=pulumi.ResourceOptions(
                parent=self,
                additional_secret_outputs=_secret_outputs(args["trust"]),
                custom_timeouts=PATIENCE,
            ),
        )
        self.permissions = RolePermissions(
            name,
            {
                "account": args["account"],
                "role_name": self.role.role_name,
                "permissions": args.get("permissions", {}),
                "suspended": suspended,
            },
            pulumi.ResourceOptions(parent=self),
        )
        self._expose(checked, external_id_required=args["trust"].get("external_ids") is not None)

    def _expose(
        self, checked: "pulumi.Output[CrossAccountRoleDeclaration]", *, external_id_required: bool
    ) -> None:
        self.role_arn = self.role.arn
        self.role_name = self.role.role_name
        self.permission_documents = self.permissions.policy_documents
        self.attached_policies = self.permissions.attached_policies
        self.console_link_china_site = checked.apply(
            lambda d: console_link.switch_role(d.account, d.account_alias, d.role_name)
        )
        self.handover = pulumi.Output.all(
            arn=self.role_arn,
            maxSessionDuration=checked.apply(lambda d: d.max_session_duration),
            externalIdRequired=external_id_required,
        )
        self.register_outputs(
            {
                "roleArn": self.role_arn,
                "roleName": self.role_name,
                "trustDocument": self.trust_document,
                "permissionDocuments": self.permission_documents,
                "attachedPolicies": self.attached_policies,
                "consoleLinkChinaSite": self.console_link_china_site,
                "handover": self.handover,
            }
        )


def _trust_document(declared: CrossAccountRoleDeclaration) -> str:
    return trust_policy.document(declared.account, declared.trust, suspended=declared.suspended)


def _without_external_ids(declared: Mapping[str, Any]) -> dict[str, Any]:
    """What may be shown even where the external ids are secrets."""
    trust = {key: value for key, value in declared["trust"].items() if key != "external_ids"}
    return {**declared, "trust": trust}


def _secret_outputs(trust: TrustArgs) -> Optional[list[str]]:
    """The provider repeats the trust policy in `document`, where a secret external id would be in clear."""
    external_ids = trust.get("external_ids")
    given = external_ids if isinstance(external_ids, list) else [external_ids]
    return ["document"] if any(isinstance(each, pulumi.Output) for each in given) else None
