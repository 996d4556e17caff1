"""`alicloud:ram/policy:Policy`: a custom policy and its default version.

Source: facts 7.3 and 7.4; the recordings of the real provider.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crossaccount.engine.api_errors import ApiCallError
from crossaccount.engine.errors import StepError
from crossaccount.engine.ram_api import listed
from crossaccount.engine.resources.declared import DeclaredType, Input, timeouts_meta
from crossaccount.engine.resources.documents import statements_of, version_of
from crossaccount.engine.resources.gone import unless_gone
from crossaccount.engine.resources.held_by import policy_holds
from crossaccount.engine.resources.holds import Deletion
from crossaccount.engine.resources.tags import change_tags, read_tags

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.engine.ram_api import RamApi
    from crossaccount.engine.resource_type import JsonObject

ROTATING = "DeleteOldestNonDefaultVersionWhenLimitExceeded"
_KEPT = ("force", "rotateStrategy")


class Policy(DeclaredType):
    """A custom policy; its id is its name.

    A changed document becomes a new default version. RAM keeps five; the sixth is an error unless
    `rotateStrategy` says that the oldest may go.
    """

    token = "alicloud:ram/policy:Policy"  # noqa: S105  a Pulumi type token
    timeouts_meta = timeouts_meta(delete=1560)
    declared = {  # noqa: RUF012  never changed
        "description": Input(str),
        "force": Input(bool),
        "policyDocument": Input(str, required=True, filled=True, document=True),
        "policyName": Input(str, required=True, filled=True, replaces=True),
        "rotateStrategy": Input(str, choices=("None", ROTATING)),
        "tags": Input(dict),
    }

    def create(self, api: RamApi, inputs: Mapping[str, Any]) -> tuple[str, JsonObject]:
        """Create the policy with its tags, in one call."""
        self.require(inputs)
        policy = api.call(
            "CreatePolicy",
            policy_name=inputs["policyName"],
            policy_document=inputs["policyDocument"],
            description=inputs.get("description") or None,
            tag=inputs.get("tags") or None,
        )["Policy"]
        version = {"VersionId": policy["DefaultVersion"], "PolicyDocument": inputs["policyDocument"]}
        return policy["PolicyName"], _outputs(policy, version, inputs.get("tags") or {}, inputs)

    def read(
        self, api: RamApi, resource_id: str, outputs: Mapping[str, Any]
    ) -> tuple[JsonObject, JsonObject] | None:
        """Return the live policy and its default version, or None."""
        live = unless_gone(lambda: _read(api, resource_id, outputs))
        return None if live is None else (self.read_inputs(live), live)

    def update(
        self,
        api: RamApi,
        resource_id: str,
        old_outputs: Mapping[str, Any],  # noqa: ARG002  the seam's
        old_inputs: Mapping[str, Any],
        new_inputs: Mapping[str, Any],
    ) -> JsonObject:
        """Change description and tags, then the document, and read them back.

        The version comes last: a run that fails before it and is repeated leaves no spare versions.

        Raises:
            StepError: the policy has five versions already.
        """
        if self.changed("description", old_inputs, new_inputs):
            description = new_inputs.get("description") or ""
            api.call("UpdatePolicyDescription", policy_name=resource_id, new_description=description)
        change_tags(api, "policy", resource_id, old_inputs.get("tags") or {}, new_inputs.get("tags") or {})
        if self.changed("policyDocument", old_inputs, new_inputs):
            _new_version(api, resource_id, new_inputs)
        return _read(api, resource_id, new_inputs)

    def delete(self, api: RamApi, resource_id: str, outputs: Mapping[str, Any]) -> None:
        """Delete the policy with all its versions.

        Raises:
            StepError: it is attached to something that is not this stack's, and `force` is not set.
        """
        Deletion(
            entity=f"policy `{resource_id}`",
            action="DeletePolicy",
            parameters=(("policy_name", resource_id), ("cascading_delete", True)),
            holds=lambda api: policy_holds(api, resource_id),
            force=bool(outputs.get("force")),
        ).run(api)


def _new_version(api: RamApi, policy_name: str, inputs: Mapping[str, Any]) -> None:
    try:
        api.call(
            "CreatePolicyVersion",
            policy_name=policy_name,
            policy_document=inputs["policyDocument"],
            set_as_default=True,
            rotate_strategy=inputs.get("rotateStrategy"),
        )
    except ApiCallError as error:
        if error.code != "LimitExceeded.Policy.Version":
            raise
        raise StepError(_too_many_versions(api, policy_name)) from error


def _too_many_versions(api: RamApi, policy_name: str) -> str:
    body = api.call("ListPolicyVersions", policy_name=policy_name, policy_type="Custom")
    versions = listed(body, "PolicyVersions", "PolicyVersion")
    spare = [str(version["VersionId"]) for version in versions if not version["IsDefaultVersion"]]
    oldest = min(spare, key=lambda version_id: int(version_id[1:]))
    return (
        f"policy `{policy_name}` has as many versions as RAM keeps: set `rotateStrategy` to `{ROTATING}`, or "
        f"run `aliyun ram DeletePolicyVersion --PolicyName {policy_name} --VersionId {oldest}`"
    )


def _read(api: RamApi, policy_name: str, kept: Mapping[str, Any]) -> JsonObject:
    body = api.call("GetPolicy", policy_name=policy_name, policy_type="Custom")
    return _outputs(body["Policy"], body["DefaultPolicyVersion"], read_tags(api, "policy", policy_name), kept)


def _outputs(
    policy: JsonObject, version: JsonObject, tags: Mapping[str, str], kept: Mapping[str, Any]
) -> JsonObject:
    document = version["PolicyDocument"]
    outputs = {
        "attachmentCount": policy.get("AttachmentCount") or 0,
        "createTime": policy["CreateDate"],
        "defaultVersion": policy["DefaultVersion"],
        "description": policy.get("Description") or "",
        "document": document,
        "name": policy["PolicyName"],
        "policyDocument": document,
        "policyName": policy["PolicyName"],
        "statements": statements_of(document),
        "tags": dict(tags),
        "type": policy["PolicyType"],
        "version": version_of(document),
        "versionId": version["VersionId"],
    }
    return outputs | {name: kept[name] for name in _KEPT if kept.get(name) is not None}
