"""A RAM role: its updates, its replacement, and what keeps it from being deleted."""

from __future__ import annotations

import json

import pytest

from crossaccount.engine.errors import StepError
from crossaccount.engine.resources import RESOURCE_TYPES

ROLE = RESOURCE_TYPES["alicloud:ram/role:Role"]


def trust(*principals, **others):
    principal = {"RAM": list(principals) or ["acs:ram::1345678901230000:root"], **others}
    statement = {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": principal}
    return json.dumps({"Version": "1", "Statement": [statement]})


INPUTS = {
    "roleName": "fc-reader",
    "assumeRolePolicyDocument": trust(),
    "description": "reads",
    "maxSessionDuration": 3600,
    "tags": {"partner": "b", "team": "x"},
}


@pytest.fixture
def role(api):
    return ROLE.create(api, INPUTS)


def attach(api, policy="AliyunFCFullAccess", policy_type="System"):
    """Attach a policy by hand."""
    api.call("AttachPolicyToRole", role_name="fc-reader", policy_name=policy, policy_type=policy_type)


def test_a_role_is_replaced_only_for_its_name():
    """Only another name makes another role."""
    assert ROLE.replace_on == {"roleName"}


@pytest.mark.parametrize(
    ("change", "output", "value"),
    [
        ({"description": "writes"}, "description", "writes"),
        ({"maxSessionDuration": 7200.0}, "maxSessionDuration", 7200),
        ({"tags": {"partner": "c", "owner": "y"}}, "tags", {"owner": "y", "partner": "c"}),
        ({"assumeRolePolicyDocument": trust(Service=["fc.aliyuncs.com"])}, "services", ["fc.aliyuncs.com"]),
        ({"force": True}, "force", True),
    ],
)
def test_each_input_changes_in_place(api, role, change, output, value):
    """A changed input changes the live role, and the new outputs are what a read gives."""
    updated = ROLE.update(api, role[0], role[1], INPUTS, INPUTS | change)
    assert updated[output] == value
    assert ROLE.read(api, role[0], updated)[1] == updated
    assert updated["roleId"] == role[1]["roleId"]


@pytest.mark.parametrize(("left_out", "gone"), [("description", "description"), ("tags", "tags")])
def test_an_input_left_out_is_cleared(api, role, left_out, gone):
    """Leaving out a description or the tags takes them off the live role."""
    inputs = {name: value for name, value in INPUTS.items() if name != left_out}
    updated = ROLE.update(api, role[0], role[1], INPUTS, inputs)
    assert not updated.get(gone)
    assert gone not in ROLE.read(api, role[0], updated)[0]


def test_a_session_duration_left_out_stays(api, role):
    """RAM has always a duration: leaving it out is no change, as with the provider."""
    assert ROLE.diff_ignores("maxSessionDuration", 7200, None)
    inputs = {name: value for name, value in INPUTS.items() if name != "maxSessionDuration"}
    assert ROLE.update(api, role[0], role[1], INPUTS, inputs)["maxSessionDuration"] == 3600


def test_a_document_of_the_same_meaning_is_no_change():
    """The order of keys and white space say nothing; a text in place of a list does."""
    document = json.loads(trust())
    reordered = json.dumps(dict(reversed(document.items())), indent=2)
    assert ROLE.diff_ignores("assumeRolePolicyDocument", trust(), reordered)
    document["Statement"][0]["Action"] = ["sts:AssumeRole"]
    assert not ROLE.diff_ignores("assumeRolePolicyDocument", trust(), json.dumps(document))


def test_drift_shows_in_the_live_inputs(api, role):
    """A read gives what somebody changed by hand as inputs."""
    api.call("UpdateRole", role_name="fc-reader", new_description="by hand")
    assert ROLE.read(api, *role)[0]["description"] == "by hand"


def test_a_role_that_exists_is_an_error_and_stays(api, role):
    """A second creation of one name is refused, and the first role is untouched."""
    with pytest.raises(Exception, match=r"EntityAlreadyExists\.Role"):
        ROLE.create(api, INPUTS | {"description": "other"})
    assert ROLE.read(api, *role)[1]["description"] == "reads"


def test_what_was_attached_by_hand_is_named_with_the_command_that_mends_it(api, role):
    """Without force the error names the role, each policy, and how to take it off; the role stays."""
    api.call(
        "CreatePolicy",
        policy_name="own",
        policy_document='{"Version":"1","Statement":[]}'.replace(
            "[]", json.dumps([{"Effect": "Allow", "Action": "fc:Get*", "Resource": "*"}])
        ),
    )
    attach(api)
    attach(api, "own", "Custom")
    with pytest.raises(StepError) as caught:
        ROLE.delete(api, *role)
    message = str(caught.value)
    assert message.startswith("cannot delete role `fc-reader`, because this still holds it:\n")
    assert (
        "system policy `AliyunFCFullAccess`; take it off with `aliyun ram DetachPolicyFromRole "
        "--PolicyType System --PolicyName AliyunFCFullAccess --RoleName fc-reader`"
    ) in message
    assert "custom policy `own`" in message
    assert ROLE.read(api, *role) is not None


def test_the_named_command_mends_it(api, role):
    """After what the command does, the role can be deleted."""
    attach(api)
    with pytest.raises(StepError):
        ROLE.delete(api, *role)
    api.call(
        "DetachPolicyFromRole", policy_type="System", policy_name="AliyunFCFullAccess", role_name="fc-reader"
    )
    ROLE.delete(api, *role)
    assert ROLE.read(api, *role) is None


def test_force_detaches_what_is_attached_and_deletes_the_role(api):
    """With force, policies attached by hand go first and the role is gone, not only dropped."""
    role = ROLE.create(api, INPUTS | {"force": True})
    attach(api)
    ROLE.delete(api, *role)
    assert ROLE.read(api, *role) is None
    assert api.call("ListRoles")["Roles"]["Role"] == []


def test_force_survives_a_policy_that_is_detached_meanwhile(api, monkeypatch):
    """A policy that somebody detaches at the same moment does not stop the deletion of the role."""
    role = ROLE.create(api, INPUTS | {"force": True})
    attach(api)
    real = api.call

    def detach_first(action, **parameters):
        if action == "DetachPolicyFromRole":
            real(action, **parameters)
        return real(action, **parameters)

    monkeypatch.setattr(api, "call", detach_first)
    ROLE.delete(api, *role)
    assert ROLE.read(api, *role) is None


def test_a_role_that_is_gone_is_deleted_again_without_complaint(api, role):
    """Deleting twice is fine, with force and without."""
    ROLE.delete(api, *role)
    ROLE.delete(api, *role)
    ROLE.delete(api, role[0], role[1] | {"force": True})


def test_a_conflict_that_ram_cannot_explain_is_waited_for_then_told(api, role, monkeypatch):
    """When RAM lists nothing, the deletion is tried again for a while, and then says so."""
    attach(api)
    waits = []
    monkeypatch.setattr(api, "pause", waits.append)
    real = api.call
    monkeypatch.setattr(
        api,
        "call",
        lambda action, **given: {} if action == "ListPoliciesForRole" else real(action, **given),
    )
    with pytest.raises(StepError, match=r"DeleteConflict\.Role\.Policy\), but lists nothing"):
        ROLE.delete(api, *role)
    assert waits == [1.0, 2.0, 4.0]


def test_a_role_without_a_name_is_refused_before_any_call():
    """No name is invented."""
    with pytest.raises(StepError, match="`assumeRolePolicyDocument` and `roleName` must be set"):
        ROLE.create(None, {"description": "nameless"})


def test_a_refused_read_is_an_error_not_an_absence(local_cloud):
    """An access key that RAM does not know never makes a role look gone, although it is a 404."""
    from crossaccount.engine.ram_api import RamApi  # noqa: PLC0415
    from crossaccount.engine.target import Target  # noqa: PLC0415

    with (
        RamApi(Target(local_cloud.endpoint, "LTAI5tUnknownUnknownUnkn", "secret")) as stranger,
        pytest.raises(Exception, match=r"InvalidAccessKeyId\.NotFound"),
    ):
        ROLE.read(stranger, "fc-reader", {})
