"""A policy of either type as the API describes it: one shape for system and custom policies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crossaccount.localcloud.ram import views
from crossaccount.localcloud.ram.entities import PolicyKey, PolicyVersion
from crossaccount.policy import SYSTEM_POLICIES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.localcloud.ram.state import RamState


@dataclass(frozen=True, slots=True)
class PolicyDescription:
    """What an answer says of a policy.

    Attributes:
        key: type and name.
        description: free text.
        default: the version in force.
        versions: all versions by id, oldest first.
        create_date: when it was made.
        update_date: when it was last changed.
        attachment_count: on how many users, groups and roles of the account it is.
        tags: its tags; a system policy has none.
    """

    key: PolicyKey
    description: str
    default: PolicyVersion
    versions: Mapping[str, PolicyVersion]
    create_date: str
    update_date: str
    attachment_count: int
    tags: Mapping[str, str]

    def summary(self) -> dict[str, Any]:
        """What ListPoliciesForRole, -User and -Group say, without the date of attaching."""
        policy_type, name = self.key
        return {
            "PolicyName": name,
            "PolicyType": policy_type,
            "Description": self.description,
            "DefaultVersion": self.default.version_id,
        }

    def created(self) -> dict[str, Any]:
        """What CreatePolicy answers."""
        return self.summary() | {"CreateDate": self.create_date}

    def updated(self) -> dict[str, Any]:
        """What UpdatePolicyDescription answers."""
        return self.created() | {"UpdateDate": self.update_date}

    def counted(self) -> dict[str, Any]:
        """What GetPolicy answers."""
        return self.updated() | {"AttachmentCount": self.attachment_count}

    def listed(self) -> dict[str, Any]:
        """What ListPolicies answers."""
        return self.counted() | views.tags(self.tags)


def _iso(updated: str | None) -> str:
    day, _, time = (updated or "").partition(" ")
    return f"{day}T{time or '00:00:00'}Z" if day else ""


def describe(ram: RamState, key: PolicyKey) -> PolicyDescription:
    """The description of an existing policy."""
    policy_type, name = key
    count = len(ram.holders(key))
    if policy_type == "System":
        system = SYSTEM_POLICIES[name]
        date = _iso(system.updated)
        version = PolicyVersion(system.version, system.document, date)
        versions = {version.version_id: version}
        return PolicyDescription(key, "", version, versions, date, date, count, {})
    policy = ram.policies[name]
    return PolicyDescription(
        key,
        policy.description,
        policy.default,
        policy.versions,
        policy.create_date,
        policy.update_date,
        count,
        policy.tags,
    )


def version_view(version: PolicyVersion, *, default: bool) -> dict[str, Any]:
    """A version as the API answers it."""
    return {
        "VersionId": version.version_id,
        "IsDefaultVersion": default,
        "PolicyDocument": version.document,
        "CreateDate": version.create_date,
    }
