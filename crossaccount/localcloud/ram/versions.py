"""Policy versions: create with rotation, get, list, put in force, delete."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crossaccount.localcloud.parameters import boolean, required
from crossaccount.localcloud.ram import authorized, faults, limits, lookup, views
from crossaccount.localcloud.ram.authorized import operation
from crossaccount.localcloud.ram.described import describe, version_view
from crossaccount.localcloud.ram.documents import identity_document
from crossaccount.localcloud.ram.fields import choice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.localcloud.call import Call
    from crossaccount.localcloud.ram.entities import PolicyVersion

_ROTATE = "DeleteOldestNonDefaultVersionWhenLimitExceeded"
_VERSION_ID = re.compile(r"v[1-9][0-9]{0,8}")


def _version_id(call: Call, versions: Mapping[str, PolicyVersion]) -> str:
    version_id = required(call.params, "VersionId")
    if not _VERSION_ID.fullmatch(version_id):
        raise faults.bad_format("VersionId")
    if version_id not in versions:
        raise faults.no_such("Policy.Version")
    return version_id


def create_policy_version(call: Call) -> views.Wire:
    """CreatePolicyVersion: refused at five versions, unless `RotateStrategy` drops the oldest unused one."""
    policy = lookup.custom_policy(call)
    document = identity_document(call)
    default = bool(boolean(call.params, "SetAsDefault", default=False))
    rotate = choice(call, "RotateStrategy", ("None", _ROTATE)) == _ROTATE
    if len(policy.versions) >= limits.VERSIONS_PER_POLICY:
        if not rotate:
            raise faults.limit_exceeded("Policy.Version")
        oldest = next(version for version in policy.versions if version != policy.default_version)
        del policy.versions[oldest]
    now = call.cloud.clock.iso()
    version = lookup.ram(call).add_version(policy, document, now, default=default)
    return {"PolicyVersion": version_view(version, default=default)}


def get_policy_version(call: Call) -> views.Wire:
    """GetPolicyVersion."""
    described = describe(lookup.ram(call), lookup.policy(call))
    version = described.versions[_version_id(call, described.versions)]
    return {"PolicyVersion": version_view(version, default=version == described.default)}


def list_policy_versions(call: Call) -> views.Wire:
    """ListPolicyVersions, oldest first."""
    described = describe(lookup.ram(call), lookup.policy(call))
    listed = [version_view(item, default=item == described.default) for item in described.versions.values()]
    return views.wrapped("PolicyVersions", "PolicyVersion", listed)


def set_default_policy_version(call: Call) -> views.Wire:
    """SetDefaultPolicyVersion: in force for everything the policy is attached to, at once."""
    policy = lookup.custom_policy(call)
    version_id = _version_id(call, policy.versions)
    lookup.ram(call).set_default_version(policy, version_id, call.cloud.clock.iso())
    return {}


def delete_policy_version(call: Call) -> views.Wire:
    """DeletePolicyVersion: refused for the version in force."""
    policy = lookup.custom_policy(call)
    version_id = _version_id(call, policy.versions)
    if version_id == policy.default_version:
        raise faults.still_in_use("Policy.Version.Default")
    del policy.versions[version_id]
    policy.update_date = call.cloud.clock.iso()
    return {}


OPERATIONS = (
    operation("CreatePolicyVersion", create_policy_version, authorized.OWN_POLICY),
    operation("GetPolicyVersion", get_policy_version, authorized.typed_policy),
    operation("ListPolicyVersions", list_policy_versions, authorized.typed_policy),
    operation("SetDefaultPolicyVersion", set_default_policy_version, authorized.OWN_POLICY),
    operation("DeletePolicyVersion", delete_policy_version, authorized.OWN_POLICY),
)
