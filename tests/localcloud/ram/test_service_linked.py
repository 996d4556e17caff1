"""Service-linked roles: a service's own role in the account."""

from __future__ import annotations

import json

import pytest

A = "1234567890120000"
FC = {"ServiceName": "fc.aliyuncs.com"}
ROLE = {"RoleName": "AliyunServiceRoleForFC"}
POLICY = {"PolicyType": "System", "PolicyName": "AliyunServiceRolePolicyForFC"}
MANAGED = (400, "NotSupport.ServiceLinkedRole")


def test_creating_one(root):
    """The service alone is trusted, and the role has the service's policy."""
    role = root("CreateServiceLinkedRole", **FC)["Role"]

    assert role["RoleName"] == "AliyunServiceRoleForFC"
    assert role["Arn"] == f"acs:ram::{A}:role/aliyunserviceroleforfc"
    assert role["IsServiceLinkedRole"] is True
    trust = json.loads(role["AssumeRolePolicyDocument"])
    assert trust["Statement"][0]["Principal"] == {"Service": ["fc.aliyuncs.com"]}
    assert root("GetRole", **ROLE)["Role"]["IsServiceLinkedRole"] is True
    (policy,) = root("ListPoliciesForRole", **ROLE)["Policies"]["Policy"]
    assert (policy["PolicyType"], policy["PolicyName"]) == tuple(POLICY.values())
    assert root.refused("CreateServiceLinkedRole", **FC) == (409, "EntityAlreadyExists.Role")


def test_its_account_cannot_change_it(root, trust):
    """It is neither updated, deleted as a role, nor given or deprived of policies; it still is a role."""
    root("CreateServiceLinkedRole", **FC)
    assert root.refused("UpdateRole", **ROLE, NewDescription="mine") == MANAGED
    assert root.refused("DeleteRole", **ROLE) == MANAGED
    assert root.refused("DetachPolicyFromRole", **ROLE, **POLICY) == MANAGED
    other = POLICY | {"PolicyName": "AliyunFCFullAccess"}
    assert root.refused("AttachPolicyToRole", **ROLE, **other) == MANAGED

    assert [item["RoleName"] for item in root("ListRoles")["Roles"]["Role"]] == list(ROLE.values())


def test_deleting_one(root):
    """The task's id names service and role; the role is gone."""
    root("CreateServiceLinkedRole", **FC)
    task = root("DeleteServiceLinkedRole", **ROLE)["DeletionTaskId"]

    assert task.startswith("task/acs-service-role/fc.aliyuncs.com/AliyunServiceRoleForFC/")
    assert root.refused("GetRole", **ROLE) == (404, "EntityNotExist.Role")
    assert root.refused("DeleteServiceLinkedRole", **ROLE) == (404, "EntityNotExist.Role")
    assert root.state.is_empty()


def test_a_role_in_use_stays(root):
    """While a function has the role the deletion fails, and GetRole tells of the task."""
    role = root("CreateServiceLinkedRole", **FC)["Role"]
    region = root.account.fc.region("cn-hangzhou")
    region.functions["f"] = type("Function", (), {"settings": {"role": role["Arn"]}})()
    task = root("DeleteServiceLinkedRole", **ROLE)["DeletionTaskId"]
    assert root("GetRole", **ROLE)["Role"]["LatestDeletionTask"]["DeletionTaskId"] == task

    del region.functions["f"]
    root("DeleteServiceLinkedRole", **ROLE)
    assert root.refused("GetRole", **ROLE) == (404, "EntityNotExist.Role")


def test_a_regular_role_is_not_deleted_that_way(root, trust):
    """DeleteServiceLinkedRole refuses a role that is none."""
    root("CreateRole", RoleName="R", AssumeRolePolicyDocument=trust())

    assert root.refused("DeleteServiceLinkedRole", RoleName="R") == (404, "EntityNotExist.ServiceLinkedRole")


def test_the_template(root):
    """It says the role's name and policy."""
    template = root("GetServiceLinkedRoleTemplate", **FC)["ServiceLinkedRoleTemplate"]

    assert template["RoleNamePrefix"] == "AliyunServiceRoleForFC"
    assert template["SystemPolicyName"] == "AliyunServiceRolePolicyForFC"
    assert template["MultipleRolesAllowed"] is False
    (description,) = template["RoleDescriptions"]["RoleDescription"]
    assert description["Language"] == "en"


@pytest.mark.parametrize(
    ("sent", "refusal"),
    [
        ({}, (400, "MissingServiceName")),
        ({"ServiceName": "nobody"}, (404, "EntityNotExist.Service")),
        ({"ServiceName": "polardb.aliyuncs.com"}, (501, "NotImplemented")),
        (FC | {"CustomSuffix": "x"}, (400, "InvalidParameter.CustomSuffix.NotAllowed")),
        (FC | {"Description": "x"}, (400, "InvalidParameter.Description.NotAllowed")),
    ],
)
def test_what_is_refused(root, sent, refusal):
    """Suffix and description are the service's; another service's role is not here, and said so."""
    assert root.refused("CreateServiceLinkedRole", **sent) == refusal


def test_an_unknown_service_is_counted(root):
    """A real service whose role is not here shows up among what is not implemented."""
    root.refused("CreateServiceLinkedRole", ServiceName="polardb.aliyuncs.com")

    ((_, _, what),) = root.cloud.unimplemented
    assert what == "the service-linked role of polardb.aliyuncs.com"


def test_the_permission_may_be_bound_to_the_service(root, as_user):
    """`ram:ServiceName` narrows who may make or delete which service's role."""
    document = {
        "Version": "1",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": ["ram:CreateServiceLinkedRole", "ram:DeleteServiceLinkedRole"],
                "Resource": "*",
                "Condition": {"StringEquals": {"ram:ServiceName": "fc.aliyuncs.com"}},
            }
        ],
    }
    root("CreateUser", UserName="dev")
    root("CreatePolicy", PolicyName="linked", PolicyDocument=json.dumps(document))
    root("AttachPolicyToUser", UserName="dev", PolicyType="Custom", PolicyName="linked")
    dev = as_user("dev")

    assert dev("CreateServiceLinkedRole", **FC)["Role"]["IsServiceLinkedRole"] is True
    denied = (403, "NoPermission")
    assert dev.refused("CreateServiceLinkedRole", ServiceName="polardb.aliyuncs.com") == denied
    assert dev("DeleteServiceLinkedRole", **ROLE)["DeletionTaskId"]
    assert dev.refused("DeleteServiceLinkedRole", **ROLE) == denied
