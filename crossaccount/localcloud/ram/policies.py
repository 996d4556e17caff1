"""Policies: create, get, describe, delete, list. System policies can be read; only custom ones change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crossaccount.localcloud.parameters import boolean, required
from crossaccount.localcloud.ram import authorized, faults, limits, lookup, names, tagging, views
from crossaccount.localcloud.ram.authorized import operation
from crossaccount.localcloud.ram.described import PolicyDescription, describe, version_view
from crossaccount.localcloud.ram.documents import identity_document
from crossaccount.localcloud.ram.entities import CustomPolicy, Group, PolicyVersion, User
from crossaccount.localcloud.ram.fields import text
from crossaccount.localcloud.ram.paging import page
from crossaccount.policy import SYSTEM_POLICIES

if TYPE_CHECKING:
    from crossaccount.localcloud.call import Call
    from crossaccount.localcloud.ram.entities import PolicyKey


def create_policy(call: Call) -> views.Wire:
    """CreatePolicy: its document becomes version `v1`, in force."""
    ram = lookup.ram(call)
    name = names.POLICY.check("PolicyName", required(call.params, "PolicyName"))
    document = identity_document(call)
    description = text(call, "Description", limits.DESCRIPTION_CHARS) or ""
    tags = tagging.sent_tags(call, "Policy")
    if name in ram.policies:
        raise faults.exists_already("Policy")
    if len(ram.policies) >= limits.CUSTOM_POLICIES:
        raise faults.limit_exceeded("Policy")
    now = call.cloud.clock.iso()
    first = PolicyVersion("v1", document, now)
    ram.policies[name] = CustomPolicy(name, description, now, now, {"v1": first}, tags=tags)
    return {"Policy": describe(ram, ("Custom", name)).created()}


def get_policy(call: Call) -> views.Wire:
    """GetPolicy: the policy and its version in force."""
    described = describe(lookup.ram(call), lookup.policy(call))
    return {
        "Policy": described.counted(),
        "DefaultPolicyVersion": version_view(described.default, default=True),
    }


def update_policy_description(call: Call) -> views.Wire:
    """UpdatePolicyDescription: an empty text clears it, as the alicloud provider does."""
    policy = lookup.custom_policy(call)
    description = text(call, "NewDescription", limits.DESCRIPTION_CHARS)
    if description is None:
        raise faults.missing("NewDescription")
    policy.description = description
    policy.update_date = call.cloud.clock.iso()
    return {"Policy": describe(lookup.ram(call), ("Custom", policy.name)).updated()}


def delete_policy(call: Call) -> views.Wire:
    """DeletePolicy: refused while attached; with several versions only when `CascadingDelete` is true."""
    ram = lookup.ram(call)
    policy = lookup.custom_policy(call)
    cascading = boolean(call.params, "CascadingDelete", default=False)
    for holder in ram.holders(("Custom", policy.name)):
        if isinstance(holder, User):
            raise faults.still_in_use("Policy.User")
        if isinstance(holder, Group):
            raise faults.still_in_use("Policy.Group")
        raise faults.policy_on_roles()
    if len(policy.versions) > 1 and not cascading:
        raise faults.still_in_use("Policy.Version")
    del ram.policies[policy.name]
    return {}


def list_policies(call: Call) -> views.Wire:
    """ListPolicies: both types, or the one asked for, in the order of names, filtered by `Tag`."""
    ram = lookup.ram(call)
    wanted = tagging.tag_filter(call)
    asked = call.params.get("PolicyType")
    kinds = (lookup.policy_type(asked),) if asked else ("Custom", "System")
    found: dict[str, PolicyDescription] = {}
    for kind in kinds:
        for name in SYSTEM_POLICIES if kind == "System" else ram.policies:
            key: PolicyKey = (lookup.policy_type(kind), name)
            found[f"{name} {kind}"] = describe(ram, key)
    shown, fields = page(
        call, "ListPolicies", {name: item for name, item in found.items() if wanted(item.tags)}
    )
    return views.wrapped("Policies", "Policy", (item.listed() for item in shown)) | fields


OPERATIONS = (
    operation("CreatePolicy", create_policy, authorized.every("policy")),
    operation("GetPolicy", get_policy, authorized.typed_policy),
    operation("UpdatePolicyDescription", update_policy_description, authorized.OWN_POLICY),
    operation("DeletePolicy", delete_policy, authorized.OWN_POLICY),
    operation("ListPolicies", list_policies, authorized.every("policy")),
)
