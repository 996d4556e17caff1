"""Policies attached to roles, users and groups."""

from __future__ import annotations

import json

import pytest

from crossaccount.engine.resources import RESOURCE_TYPES

KINDS = ("Role", "User", "Group")


def kind_of(kind):
    return RESOURCE_TYPES[f"alicloud:ram/{kind.lower()}PolicyAttachment:{kind}PolicyAttachment"]


@pytest.fixture(params=KINDS)
def attachment(request, api):
    """An attachment of a custom policy to one kind of owner: its type, inputs, id and outputs."""
    statement = {"Action": "fc:Get*", "Effect": "Allow", "Resource": "*"}
    api.call(
        "CreatePolicy",
        policy_name="own",
        policy_document=json.dumps({"Version": "1", "Statement": [statement]}),
    )
    trust = {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": ["fc.aliyuncs.com"]}}
    document = json.dumps({"Version": "1", "Statement": [trust]})
    extra = {"assume_role_policy_document": document} if request.param == "Role" else {}
    api.call(f"Create{request.param}", **{f"{request.param.lower()}_name": "owner"}, **extra)
    inputs = {"policyName": "own", "policyType": "Custom", f"{request.param.lower()}Name": "owner"}
    kind = kind_of(request.param)
    return request.param, kind, inputs, kind.create(api, inputs)


def test_every_input_replaces(attachment):
    """An attachment has nothing that changes in place."""
    _, kind, inputs, _ = attachment
    assert kind.replace_on == kind.inputs == inputs.keys()


def test_an_attachment_exists_until_it_is_deleted(api, attachment):
    """It reads back as its inputs, and twice deleted it is gone."""
    _, kind, inputs, made = attachment
    assert kind.read(api, *made) == (inputs, inputs)
    kind.delete(api, *made)
    assert kind.read(api, *made) is None
    kind.delete(api, *made)


def test_a_policy_of_the_same_name_and_another_type_is_another(api, attachment):
    """Name and type together say which policy is attached."""
    owner, kind, _, _ = attachment
    assert kind.read(api, f"{owner.lower()}:own:System:owner", {}) is None


def test_an_attachment_goes_with_its_owner(api, attachment):
    """Where the owner was deleted by hand, the attachment reads as gone and deletes without complaint."""
    owner, kind, _, made = attachment
    name = {f"{owner.lower()}_name": "owner"}
    api.call(f"DetachPolicyFrom{owner}", policy_name="own", policy_type="Custom", **name)
    api.call(f"Delete{owner}", **name)
    assert kind.read(api, *made) is None
    kind.delete(api, *made)


def test_what_is_attached_already_is_not_taken_over(api, attachment):
    """An attachment made by hand is refused by RAM's own error, like the provider's."""
    owner, kind, inputs, _ = attachment
    with pytest.raises(Exception, match=rf"EntityAlreadyExists\.{owner}\.Policy"):
        kind.create(api, inputs)


def test_a_policy_type_is_system_or_custom(attachment):
    """Another type is refused before any call."""
    _, kind, inputs, _ = attachment
    assert kind.check(inputs | {"policyType": "Managed"}) == (
        "`policyType` is `Managed`; it takes `System` or `Custom`",
    )
