"""Late visibility: what is new in RAM is seen after some reads or some time; what is gone is gone at once."""

from __future__ import annotations

import json

import pytest
from alibabacloud_fc20230330 import models as fc

from tests.localcloud import raw
from tests.localcloud.delegation import document, functions, refused, trusting

TRUST = document(trusting("acs:ram::1345678901230000:root"))


@pytest.fixture
def ask(cloud, account_a):
    """A function that calls RAM as A's root and gives the code of a refusal, else the answer."""

    def call(action, **params):
        reply = raw.acs3(account_a.root_key, action, params).sent_to(cloud.endpoint)
        return reply.code or reply.json

    return call


def create_role(ask):
    """Creates the role `r`, which is answered at once."""
    assert ask("CreateRole", RoleName="r", AssumeRolePolicyDocument=TRUST)["Role"]["RoleName"] == "r"


def test_a_new_role_is_seen_after_n_reads(cloud, ask):
    """The first n reads do not see it, whatever they read; the next one does. Writes see it at once."""
    cloud.delay_visibility(reads=3)
    create_role(ask)

    assert ask("GetRole", RoleName="r") == "EntityNotExist.Role"
    assert ask("CreateRole", RoleName="r", AssumeRolePolicyDocument=TRUST) == "EntityAlreadyExists.Role"
    assert ask("ListRoles")["Roles"] == {"Role": []}
    assert ask("GetRole", RoleName="r") == "EntityNotExist.Role"
    assert ask("GetRole", RoleName="r")["Role"]["RoleName"] == "r"
    assert len(ask("ListRoles")["Roles"]["Role"]) == 1


def test_a_new_role_is_seen_after_t(cloud, ask):
    """Time is the cloud's own, so that a test need not wait."""
    cloud.delay_visibility(seconds=60)
    create_role(ask)

    assert ask("GetRole", RoleName="r") == "EntityNotExist.Role"
    cloud.clock.advance(59)
    assert ask("GetRole", RoleName="r") == "EntityNotExist.Role"
    cloud.clock.advance(2)
    assert ask("GetRole", RoleName="r")["Role"]["RoleName"] == "r"


def test_users_groups_policies_members_and_attachments_are_late_too(cloud, ask, account_a):
    """Each new entity and link is out of sight of each list that would show it."""
    cloud.delay_visibility(seconds=60)
    ask("CreateUser", UserName="u")
    ask("CreateGroup", GroupName="g")
    statement = {"Effect": "Allow", "Action": "fc:*", "Resource": "*"}
    ask("CreatePolicy", PolicyName="p", PolicyDocument=document(statement))
    ask("AddUserToGroup", UserName="u", GroupName="g")
    ask("AttachPolicyToUser", UserName="u", PolicyType="Custom", PolicyName="p")

    assert ask("ListUsers")["Users"] == {"User": []}
    assert ask("ListGroups")["Groups"] == {"Group": []}
    assert ask("ListPolicies", PolicyType="Custom")["Policies"] == {"Policy": []}
    assert ask("GetUser", UserName="u") == "EntityNotExist.User"
    cloud.clock.advance(61)
    assert ask("ListUsersForGroup", GroupName="g")["Users"]["User"][0]["UserName"] == "u"
    assert ask("ListPoliciesForUser", UserName="u")["Policies"]["Policy"][0]["PolicyName"] == "p"
    ask("AttachPolicyToGroup", GroupName="g", PolicyType="Custom", PolicyName="p")
    assert ask("ListPoliciesForGroup", GroupName="g")["Policies"] == {"Policy": []}
    assert ask("ListEntitiesForPolicy", PolicyType="Custom", PolicyName="p")["Groups"] == {"Group": []}


def test_what_is_deleted_is_gone_at_once(cloud, ask):
    """A role deleted while it is out of sight, or in sight, is not there."""
    create_role(ask)
    cloud.delay_visibility(reads=1)
    ask("DeleteRole", RoleName="r")
    assert ask("GetRole", RoleName="r") == "EntityNotExist.Role"

    create_role(ask)
    ask("DeleteRole", RoleName="r")
    create_role(ask)
    assert ask("GetRole", RoleName="r") == "EntityNotExist.Role"
    assert ask("GetRole", RoleName="r")["Role"]["RoleName"] == "r"


def test_a_fresh_permission_works_late(cloud, delegation):
    """A policy attached to a role opens the session's calls only when it is seen."""
    role = delegation.role(delegation.trust())
    alice = delegation.user()
    cloud.delay_visibility(seconds=30)
    raw.acs3(
        delegation.owner.root_key,
        "AttachPolicyToRole",
        {"RoleName": "fc-reader", "PolicyType": "System", "PolicyName": "AliyunFCReadOnlyAccess"},
    ).sent_to(cloud.endpoint)
    session = functions(delegation.assume(alice, role))

    with refused("AccessDenied"):
        session.list_functions(fc.ListFunctionsRequest())
    cloud.clock.advance(31)
    assert session.list_functions(fc.ListFunctionsRequest()).body.functions == []


def test_a_fresh_role_is_assumed_late(cloud, delegation):
    """AssumeRole reads, too: it counts, and does not see the role."""
    alice = delegation.user()
    cloud.delay_visibility(reads=1)
    role = delegation.role(delegation.trust())

    with refused("EntityNotExist.Role", 404):
        delegation.assume(alice, role)
    assert delegation.assume(alice, role).access_key_id


def test_a_fresh_key_works_but_has_no_permission_yet(cloud, delegation):
    """The user behind a key is known to the wire at once, its policies to nobody yet."""
    cloud.delay_visibility(seconds=30)
    alice = delegation.user({"Effect": "Allow", "Action": "ram:*", "Resource": "*"})

    assert raw.acs3(alice, "GetCallerIdentity").sent_to(cloud.endpoint).status == 200
    assert raw.acs3(alice, "ListRoles").sent_to(cloud.endpoint).code == "NoPermission"
    cloud.clock.advance(31)
    assert raw.acs3(alice, "ListRoles").sent_to(cloud.endpoint).status == 200


def test_another_accounts_reads_do_not_count(cloud, ask, account_b):
    """Reads are counted for the account that is read."""
    cloud.delay_visibility(reads=1)
    create_role(ask)
    for _ in range(3):
        raw.acs3(account_b.root_key, "ListRoles").sent_to(cloud.endpoint)

    assert ask("GetRole", RoleName="r") == "EntityNotExist.Role"


def test_making_it_immediate_shows_everything(cloud, ask):
    """What was out of sight is in sight, and a snapshot never lacked it."""
    cloud.delay_visibility(seconds=1000)
    create_role(ask)
    assert "fc-reader" not in json.dumps(cloud.to_json())
    assert cloud.to_json()["accounts"][0]["ram"]["roles"][0]["name"] == "r"

    cloud.delay_visibility()

    assert ask("GetRole", RoleName="r")["Role"]["RoleName"] == "r"


@pytest.mark.parametrize("wrong", [{"reads": 1, "seconds": 1}, {"reads": -1}, {"seconds": -1}])
def test_a_delay_that_is_none_is_refused(cloud, wrong):
    """By reads or by time, and not by less than nothing."""
    with pytest.raises(ValueError, match="delayed by"):
        cloud.delay_visibility(**wrong)
