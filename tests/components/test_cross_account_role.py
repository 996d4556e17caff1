"""CrossAccountRole and RolePermissions: what they declare, suspend, expose and refuse."""

import json
from typing import Any

import pulumi
import pytest

from components.cross_account_role import CrossAccountRole
from components.problems import RefusedError
from components.role_permissions import RolePermissions

A, B = "1234567890120000", "1345678901230000"
TRUST = {"account": B, "users": ["bob", "ann"]}
PERMISSIONS = {
    "system_policies": ["AliyunFCReadOnlyAccess"],
    "presets": [{"preset": "invoke", "functions": ["report"]}],
    "statements": [{"effect": "Deny", "actions": ["fc:Delete*"], "resources": ["*"]}],
}


def role(**more: Any) -> CrossAccountRole:
    return CrossAccountRole("fc-ops", {"account": A, "trust": TRUST, "permissions": PERMISSIONS, **more})


def outputs(deployment: Any, component: str = "CrossAccountRole") -> dict[str, Any]:
    return deployment.outputs[deployment.one(component).urn]


def test_a_role_its_policies_and_its_attachments_are_declared(deploy: Any) -> None:
    """One role, a custom policy for each preset and for the statements, each attached."""
    deployment = deploy(lambda: role(tags={"partner": "b"}, description="for B", max_session_duration=7200))
    inputs = deployment.one("Role").inputs
    assert inputs["roleName"] == "fc-ops"
    assert (inputs["maxSessionDuration"], inputs["tags"], inputs["description"]) == (
        7200,
        {"partner": "b"},
        "for B",
    )
    assert "force" not in inputs
    attached = [each.inputs for each in deployment.of("RolePolicyAttachment")]
    assert {each["policyName"]: each["policyType"] for each in attached} == {
        "fc-ops-invoke": "Custom",
        "fc-ops-custom": "Custom",
        "AliyunFCReadOnlyAccess": "System",
    }
    assert {each["roleName"] for each in attached} == {"fc-ops"}


def test_children_are_parented_and_attachments_wait_for_role_and_policy(deploy: Any) -> None:
    """Every resource has a parent, and an attachment depends on what it joins, so it is deleted first."""
    deployment = deploy(role)
    urns = {each.type.rsplit(":", 1)[-1]: each.urn for each in deployment.resources}
    assert deployment.one("Role").parent == urns["CrossAccountRole"]
    assert deployment.one("RolePermissions").parent == urns["CrossAccountRole"]
    policies = {each.inputs["policyName"]: each.urn for each in deployment.of("Policy")}
    for attachment in deployment.of("RolePolicyAttachment"):
        assert attachment.parent == urns["RolePermissions"]
        expected = {urns["Role"]}
        if attachment.inputs["policyType"] == "Custom":
            expected.add(policies[attachment.inputs["policyName"]])
        assert expected <= set(attachment.depends_on)


def test_outputs_are_the_documents_as_applied(deploy: Any) -> None:
    """Role ARN, documents, attached policies, the labelled link and the hand-over are registered."""
    deployment = deploy(lambda: role(account_alias="company-a"))
    found = outputs(deployment)
    assert found["roleArn"] == f"acs:ram::{A}:role/fc-ops"
    assert found["trustDocument"] == deployment.one("Role").inputs["assumeRolePolicyDocument"]
    assert found["permissionDocuments"] == {
        each.inputs["policyName"]: each.inputs["policyDocument"] for each in deployment.of("Policy")
    }
    assert found["attachedPolicies"] == ["AliyunFCReadOnlyAccess", "fc-ops-custom", "fc-ops-invoke"]
    assert "parentAlias=company-a.onaliyun.com&roleName=fc-ops" in found["consoleLinkChinaSite"]
    assert found["handover"] == {
        "arn": found["roleArn"],
        "maxSessionDuration": 3600,
        "externalIdRequired": False,
    }


def test_suspended_detaches_and_denies_and_keeps_the_rest(deploy: Any) -> None:
    """Attachments are gone and the trust denies; role and custom policies are those of before."""
    active, suspended = deploy(role), deploy(lambda: role(suspended=True))
    assert suspended.of("RolePolicyAttachment") == []
    trust = json.loads(suspended.one("Role").inputs["assumeRolePolicyDocument"])
    assert [each["Effect"] for each in trust["Statement"]] == ["Deny"]
    assert outputs(suspended)["attachedPolicies"] == []
    kept, before = ({each.urn: each.inputs for each in found.of("Policy")} for found in (suspended, active))
    assert kept == before
    assert suspended.one("Role").urn == active.one("Role").urn


def test_external_ids_that_are_secret_stay_so_and_hide_nothing_else(deploy: Any) -> None:
    """The trust document is a secret then; the hand-over and the role's other values are not."""

    def program() -> None:
        secret = pulumi.Output.secret("the-external-id")
        role(trust={"account": B, "whole_account": True, "external_ids": [secret]})

    deployment = deploy(program)
    assert "the-external-id" in deployment.one("Role").inputs["assumeRolePolicyDocument"]["secret"]
    shown = {key: value for key, value in outputs(deployment).items() if key != "trustDocument"}
    assert "secret" not in str(shown)
    assert shown["handover"]["externalIdRequired"] is True
    assert deployment.one("Role").inputs["roleName"] == "fc-ops"


def test_values_may_be_outputs(deploy: Any) -> None:
    """Outputs in nested arguments arrive in the documents."""

    def program() -> None:
        role(
            trust={"account": pulumi.Output.from_input(B), "roles": [pulumi.Output.from_input("runtime")]},
            permissions={"system_policies": [pulumi.Output.from_input("AliyunFCReadOnlyAccess")]},
        )

    deployment = deploy(program)
    assert f"acs:ram::{B}:role/runtime" in deployment.one("Role").inputs["assumeRolePolicyDocument"]
    assert deployment.one("RolePolicyAttachment").name == "fc-ops-0"


def test_unknown_values_are_left_to_the_update(deploy: Any, unknown: Any) -> None:
    """In a preview an unknown value makes the documents unknown and nothing is refused."""
    deployment = deploy(
        lambda: role(trust={"account": B, "users": [unknown()]}, description=unknown()), preview=True
    )
    inputs = deployment.one("Role").inputs
    assert isinstance(inputs["assumeRolePolicyDocument"], pulumi.output.Unknown)


def test_known_wrong_values_are_refused_at_once_although_others_are_unknown(
    deploy: Any, unknown: Any
) -> None:
    """Nothing is declared, and every problem of the known values is named in the arguments' own spelling."""
    deployments: list[Any] = []

    def program() -> None:
        with pytest.raises(RefusedError) as wrong:
            role(
                trust={"account": unknown(), "users": ["*"], "whole_account": True, "source_ip": "x"},
                max_session_duration=60,
                permissions={"statements": [{"effect": "Alow", "actions": [unknown()], "resources": ["*"]}]},
                descripton="x",
            )
        deployments.append({each.key for each in wrong.value.problems})

    deployed = deploy(program, preview=True)
    assert deployments == [
        {
            "trust",
            "trust.users[0]",
            "trust.source_ip",
            "max_session_duration",
            "permissions.statements[0].effect",
            "descripton",
        }
    ]
    assert {each.type for each in deployed.resources} == {"pulumi:pulumi:Stack"}


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ({"trust": {"account": pulumi.Output.from_input, "whole_account": True}}, "trust.account"),
        ({"trust": {"account": B, "users": pulumi.Output.from_input}}, "trust.users"),
        ({"max_session_duration": pulumi.Output.from_input}, "max_session_duration"),
        ({"permissions": {"system_policies": [pulumi.Output.from_input]}}, "permissions.system_policies[0]"),
    ],
)
def test_outputs_are_checked_once_they_are_known(deploy: Any, more: Any, key: str) -> None:
    """A wrong value inside an Output ends the run with the same error."""

    def late(value: Any) -> Any:
        if value == pulumi.Output.from_input:
            return pulumi.Output.from_input("*")
        if isinstance(value, dict):
            return {name: late(each) for name, each in value.items()}
        return [late(each) for each in value] if isinstance(value, list) else value

    with pytest.raises(RefusedError) as wrong:
        deploy(lambda: role(**late(more)))
    assert [each.key for each in wrong.value.problems] == [key]
    assert "`fc-ops` is refused" in str(wrong.value)


def test_what_decides_the_resources_has_to_be_known(deploy: Any) -> None:
    """An Output where the number of resources hangs on it is refused by its key."""

    def program() -> None:
        with pytest.raises(RefusedError, match="known at preview") as wrong:
            role(
                suspended=pulumi.Output.from_input(True),
                permissions={"presets": pulumi.Output.from_input([])},
            )
        keys = {each.key for each in wrong.value.problems}
        assert keys == {"suspended", "permissions.presets"}

    deploy(program)


def test_documents_are_checked_against_ram_limits(deploy: Any) -> None:
    """An own account in the trust and a policy over the limit are refused before anything is declared."""
    functions = [f"function-{number}" for number in range(100)]

    def program() -> None:
        with pytest.raises(RefusedError) as wrong:
            role(
                trust={"account": A, "whole_account": True},
                permissions={"presets": [{"preset": "read", "functions": functions}]},
            )
        assert {each.key for each in wrong.value.problems} == {"trust.account", "permissions"}
        with pytest.raises(RefusedError, match="characters long"):
            RolePermissions(
                "p",
                {
                    "account": A,
                    "role_name": "r",
                    "permissions": {"presets": [{"preset": "read", "functions": functions}]},
                },
            )

    deploy(program)
