"""Refresh and destroy: what somebody changed by hand, and the end."""

from __future__ import annotations

import json

import pytest

from crossaccount.engine import Op, StepDone, StepError
from crossaccount.engine.ram_api import RamApi
from crossaccount.engine.refresh import refreshed_inputs
from crossaccount.engine.state import Resource

PROGRAM = """
trust = json.dumps({"Version": "1", "Statement": [{"Action": "sts:AssumeRole", "Effect": "Allow",
    "Principal": {"RAM": ["acs:ram::1345678901230000:root"]}}]})
role = alicloud.ram.Role("role", role_name="reader", description="for B", assume_role_policy_document=trust)
alicloud.ram.RolePolicyAttachment("att", role_name=role.role_name, policy_name="AliyunFCReadOnlyAccess",
    policy_type="System")
user = alicloud.ram.User("user", name="dev")
key = alicloud.ram.AccessKey("key", user_name=user.name)
pulumi.export("secret", key.secret)
"""


@pytest.fixture
def api(target):
    """The account's API, for changes by hand."""
    with RamApi(target, pause=lambda _: None) as api:
        yield api


@pytest.fixture
def stack(bench, target):
    """The program, brought up."""
    bench.program(PROGRAM)
    stack = bench.stack(target=target)
    stack.up()
    return stack


def ops(stack, run="refresh"):
    events = []
    getattr(stack, run)(events.append)
    return {event.name: event.op for event in events if isinstance(event, StepDone)}


def test_nothing_changed_is_the_same(stack):
    """The state stays as it is, secrets included; nothing is planned afterwards."""
    secret = stack.outputs(show_secrets=True)

    assert stack.refresh().changes == {"same": 5}
    assert stack.outputs(show_secrets=True) == secret
    assert stack.preview().changes == {"same": 5}


def test_a_change_by_hand_shows_and_is_put_back(stack, api):
    """The next plan puts the program's value back, also of an input the program does not give."""
    api.call("UpdateRole", role_name="reader", new_description="by hand")
    api.call("UpdateUser", user_name="dev", new_user_name="dev", new_comments="by hand")

    assert ops(stack)["role"] is Op.UPDATE
    steps = {step.urn.rpartition("::")[2]: step for step in stack.preview().steps}
    assert steps["role"].decision.detailed == {"description": "update"}
    assert steps["user"].decision.detailed == {"comments": "delete"}

    stack.up()
    assert api.call("GetRole", role_name="reader")["Role"]["Description"] == "for B"
    assert stack.preview().changes == {"same": 5}


def test_what_the_program_does_not_write_down_is_counted_as_the_same(bench, target):
    """A policy that got attached has another count in the state, and Pulumi counts it as unchanged."""
    bench.program(
        "allow = {'Effect': 'Allow', 'Action': 'fc:*', 'Resource': '*'}\n"
        "document = json.dumps({'Version': '1', 'Statement': [allow]})\n"
        "alicloud.ram.User('user', name='dev')\n"
        "policy = alicloud.ram.Policy('policy', policy_name='all', policy_document=document)\n"
        "alicloud.ram.UserPolicyAttachment('att', user_name='dev', policy_name=policy.policy_name,\n"
        "    policy_type='Custom')\n"
    )
    stack = bench.stack(target=target)
    stack.up()

    assert stack.refresh().changes == {"same": 4}
    policy = next(each for each in stack.export()["deployment"]["resources"] if each.get("id") == "all")
    assert policy["outputs"]["attachmentCount"] == 1


def test_a_refresh_drops_empty_property_dependencies(stack):
    """As Pulumi's does; the next run writes them again."""
    stack.refresh()
    refreshed = {each["urn"].rpartition("::")[2]: each for each in stack.export()["deployment"]["resources"]}
    stack.up()
    again = {each["urn"].rpartition("::")[2]: each for each in stack.export()["deployment"]["resources"]}

    assert list(refreshed["att"]["propertyDependencies"]) == ["roleName"]
    assert sorted(again["att"]["propertyDependencies"]) == ["policyName", "policyType", "roleName"]


def test_a_reordered_document_is_no_change(stack, api):
    """A trust policy that means the same stays as the program wrote it."""
    document = json.loads(api.call("GetRole", role_name="reader")["Role"]["AssumeRolePolicyDocument"])
    turned = json.dumps(dict(reversed(document.items())))
    api.call("UpdateRole", role_name="reader", new_assume_role_policy_document=turned)

    stack.refresh()

    assert stack.preview().changes == {"same": 5}


def test_what_is_gone_leaves_the_state_and_is_made_again(stack, api):
    """An attachment that somebody took off is planned anew."""
    api.call(
        "DetachPolicyFromRole", policy_name="AliyunFCReadOnlyAccess", policy_type="System", role_name="reader"
    )

    assert ops(stack)["att"] is Op.DELETE
    assert stack.preview().changes == {"create": 1, "same": 4}
    stack.up()
    assert stack.refresh().changes == {"same": 5}


def test_a_refused_read_changes_nothing(stack, api, target, local_cloud):
    """An error is not taken for absence."""
    before = stack.export()["deployment"]["resources"]
    local_cloud.stop()

    with pytest.raises(StepError, match="refresh of"):
        stack.refresh()

    assert [each["urn"] for each in stack.export()["deployment"]["resources"]] == [
        each["urn"] for each in before
    ]


def test_destroy_names_what_somebody_attached_by_hand(stack, api):
    """The error says what blocks and the command that mends it; afterwards the next run ends it."""
    api.call(
        "AttachPolicyToRole",
        policy_name="AliyunSTSAssumeRoleAccess",
        policy_type="System",
        role_name="reader",
    )

    with pytest.raises(StepError) as error:
        stack.destroy()
    assert "AliyunSTSAssumeRoleAccess" in str(error.value)
    assert "DetachPolicyFromRole" in str(error.value)

    api.call(
        "DetachPolicyFromRole",
        policy_name="AliyunSTSAssumeRoleAccess",
        policy_type="System",
        role_name="reader",
    )
    stack.destroy()
    assert "resources" not in stack.export()["deployment"]


def test_destroying_nothing_is_fine(bench, target):
    """An empty stack has nothing to delete, twice as well."""
    bench.program("")

    assert bench.stack(target=target).destroy().changes == {}
    assert bench.stack(target=target).destroy().changes == {}


def test_destroy_needs_no_program(bench, stack):
    """The state says it all."""
    (bench.directory / "__main__.py").unlink()

    assert stack.destroy().changes == {"delete": 5}


def test_refreshed_inputs_follow_what_is_live(shelf):
    """Given ones follow, unread ones stay, others appear only when somebody changed them."""
    resource = Resource(
        urn="u",
        type=shelf.token,
        inputs={"groupName": "g", "force": True},
        outputs={"comments": "", "groupName": "g"},
    )

    unchanged = refreshed_inputs(resource, shelf, {"groupName": "g", "comments": ""}, {"comments": ""})
    changed = refreshed_inputs(resource, shelf, {"groupName": "g", "comments": "x"}, {"comments": "x"})

    assert unchanged == {"groupName": "g", "force": True}
    assert changed == {"groupName": "g", "force": True, "comments": "x"}
