"""The whole program, as Pulumi runs it, with the committed stack files and others."""

import json
import runpy
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml

from components import handover

ROOT = Path(__file__).parents[2]
A, B = "1234567890120000", "1345678901230000"


def committed(stack: str) -> dict[str, str]:
    return texts(yaml.safe_load((ROOT / f"Pulumi.{stack}.yaml").read_text())["config"])


def texts(config: dict[str, Any]) -> dict[str, str]:
    return {key: value if isinstance(value, str) else json.dumps(value) for key, value in config.items()}


def program() -> object:
    return runpy.run_path(str(ROOT / "__main__.py"), run_name="__main__")


def alicloud(deployment: Any) -> set[tuple[str, str]]:
    found = [each for each in deployment.resources if each.type.startswith("alicloud")]
    return {(each.type.rsplit(":", 1)[-1], each.name) for each in found}


def partner(**keys: Any) -> dict[str, str]:
    given = {f"crossaccount:{key}": value for key, value in keys.items()}
    return texts({"crossaccount:side": "partner", "crossaccount:account": B, **given})


GRANT = {"groups": ["operators"], "assume": ["fc"]}


def test_the_owner_stack_gives_the_partner_read_access(deploy: Any) -> None:
    """Stack account-a declares one role that trusts the whole of account B, and one attachment."""
    deployment = deploy(program, config=committed("account-a"))
    assert alicloud(deployment) == {
        ("Role", "fc-partner-b"),
        ("RolePolicyAttachment", "fc-partner-b-AliyunFCReadOnlyAccess"),
    }
    trust = json.loads(deployment.exports["trustDocuments"]["fc-partner-b"])
    assert trust["Statement"][0]["Principal"] == {"RAM": [f"acs:ram::{B}:root"]}
    assert deployment.exports["roleArns"] == {"fc-partner-b": f"acs:ram::{A}:role/fc-partner-b"}
    assert list(deployment.exports["consoleLinksChinaSite"]) == ["fc-partner-b"]


def test_the_partner_stack_lets_its_user_assume_exactly_that_role(deploy: Any) -> None:
    """Stack account-b declares a user with a key, no login, and a policy that names A's role alone."""
    deployment = deploy(program, account=B, config=committed("account-b"))
    kinds = {kind for kind, _ in alicloud(deployment)}
    assert kinds == {"User", "AccessKey", "Policy", "UserPolicyAttachment"}
    document = json.loads(deployment.exports["grantDocuments"]["assume-fc-partner-b"])
    assert document["Statement"][0]["Resource"] == [f"acs:ram::{A}:role/fc-partner-b"]
    secret = {"accessKeyId": "fc-operator-id", "accessKeySecret": "the-access-key-secret"}
    assert deployment.exports["accessKeys"] == {"secret": {"fc-operator": secret}}
    others = {key: value for key, value in deployment.exports.items() if key != "accessKeys"}
    assert "the-access-key-secret" not in str(others)


@pytest.mark.parametrize("stack", ["account-a", "account-b"])
def test_credentials_of_another_account_stop_the_run(deploy: Any, stack: str) -> None:
    """Nothing is declared, and the error names both accounts and the setting."""
    with pytest.raises(pulumi.RunError, match="wrong account") as wrong:
        deploy(program, account="1456789012340000", config=committed(stack))
    assert all(
        word in str(wrong.value) for word in ("`1456789012340000`", "crossaccount:account", "nothing was")
    )


def test_wrong_settings_stop_the_run_before_any_call(deploy: Any) -> None:
    """Not even the caller's identity is asked for."""
    config = {**committed("account-a"), "crossaccount:alias": "-"}
    with pytest.raises(pulumi.RunError, match="crossaccount:alias"):
        deploy(program, account="none: a call would say `wrong account`", config=config)


def test_a_stack_holds_any_number_of_delegations(deploy: Any) -> None:
    """Three delegations of two partners, one of them suspended, come from the configuration alone."""
    delegations = {
        "reader": {
            "trust": {"account": B, "wholeAccount": True},
            "permissions": {"presets": [{"preset": "read"}]},
        },
        "caller": {"trust": {"account": "1456789012340000", "roles": ["fn"]}, "suspended": True},
        "deployer": {"roleName": "fc.dep", "trust": {"account": B, "users": ["ann"], "mfa": True}},
    }
    config = texts(
        {"crossaccount:side": "owner", "crossaccount:account": A, "crossaccount:delegations": delegations}
    )
    deployment = deploy(program, config=config)
    assert sorted(deployment.exports["roleArns"]) == ["caller", "deployer", "reader"]
    assert deployment.exports["attachedPolicies"]["reader"] == ["reader-read"]
    assert [each.inputs["roleName"] for each in deployment.of("Role")].count("fc.dep") == 1


def test_a_secret_external_id_stays_secret_in_state(deploy: Any) -> None:
    """With an encrypted external id only the trust document is a secret, and the hand-over can be shown."""
    trust = {"account": B, "wholeAccount": True, "externalIds": ["the-external-id"]}
    config = texts(
        {
            "crossaccount:side": "owner",
            "crossaccount:account": A,
            "crossaccount:delegations": {"fc": {"trust": trust}},
        }
    )
    deployment = deploy(program, config=config, secret=["crossaccount:delegations"])
    exports = deployment.exports
    assert "the-external-id" in exports["trustDocuments"].pop("secret")["fc"]
    assert "the-external-id" not in str(exports)
    assert exports["handover"]["roles"]["fc"]["externalIdRequired"] is True
    inputs = deployment.one("Role").inputs
    assert "the-external-id" in inputs["assumeRolePolicyDocument"]["secret"]


def test_the_arn_comes_from_the_owners_stack(deploy: Any) -> None:
    """A partner that shares the backend takes the ARN from the owner's outputs, under the owner's name."""
    outputs = {"roleArns": {"fc-partner-b": f"acs:ram::{A}:role/fc-partner-b"}}
    config = partner(
        roles={"fc": {"stack": "organization/crossaccount/account-a", "role": "fc-partner-b"}},
        grants={"g": GRANT},
    )
    deployment = deploy(
        program, account=B, config=config, stacks={"organization/crossaccount/account-a": outputs}
    )
    assert outputs["roleArns"]["fc-partner-b"] in deployment.one("Policy").inputs["policyDocument"]


def test_a_role_that_the_owners_stack_lacks_is_named(deploy: Any) -> None:
    """The error names the stack, the role and what there is."""
    config = partner(roles={"fc": {"stack": "o/p/s"}}, grants={"g": GRANT})
    stacks = {"o/p/s": {"roleArns": {"other": f"acs:ram::{A}:role/other"}}}
    with pytest.raises(pulumi.RunError, match=r"`o/p/s` exports no role `fc` .* `other`"):
        deploy(program, account=B, config=config, stacks=stacks)


def test_what_the_owner_hands_over_the_partner_reads(deploy: Any, tmp_path: Path) -> None:
    """The exported hand-over, written to a file, is read back with its checksum right."""
    exported = deploy(program, config=committed("account-a")).exports["handover"]
    file = tmp_path / "company-a.json"
    file.write_text(json.dumps(exported))
    found = handover.read(file)
    assert handover.role_arn(found, "fc-partner-b") == f"acs:ram::{A}:role/fc-partner-b"
    config = partner(roles={"fc": {"handover": str(file), "role": "fc-partner-b"}}, grants={"g": GRANT})
    deployment = deploy(program, account=B, config=config)
    assert found.roles["fc-partner-b"].arn in deployment.one("Policy").inputs["policyDocument"]


def test_adopted_users_and_the_system_policy_from_configuration(deploy: Any) -> None:
    """A user that exists gets the system policy by its name, and nothing else is declared."""
    config = partner(
        users={"dev": {"adopt": True}},
        grants={"all": {"users": ["dev"], "systemPolicy": "AliyunSTSAssumeRoleAccess"}},
    )
    deployment = deploy(program, account=B, config=config, users=["dev"])
    assert alicloud(deployment) == {("UserPolicyAttachment", "all-dev")}


def test_a_console_password_is_a_secret(deploy: Any) -> None:
    """A password from the encrypted configuration arrives as a secret."""
    config = partner(users={"dev": {"console": {"password": "hunter2", "mfaBindRequired": False}}})
    deployment = deploy(program, account=B, config=config, secret=["crossaccount:users"])
    inputs = deployment.one("LoginProfile").inputs
    assert inputs["password"] == {"secret": "hunter2"}
    assert inputs["mfaBindRequired"] is False
    assert "hunter2" not in str(deployment.exports)
