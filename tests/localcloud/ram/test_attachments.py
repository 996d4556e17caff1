"""Attaching policies to roles, users and groups."""

from __future__ import annotations

import pytest

from crossaccount.policy import SYSTEM_POLICIES

A = "1234567890120000"
SYSTEM = {"PolicyType": "System", "PolicyName": "AliyunFCReadOnlyAccess"}
CUSTOM = {"PolicyType": "Custom", "PolicyName": "own"}


@pytest.fixture(params=["Role", "User", "Group"])
def kind(request):
    """What a policy can be attached to."""
    return request.param


@pytest.fixture
def holder(root, kind, trust, allow):
    """The name parameter of an entity of that kind named x, beside a custom policy named own."""
    extra = {"AssumeRolePolicyDocument": trust()} if kind == "Role" else {}
    root(f"Create{kind}", **{f"{kind}Name": "x"}, **extra)
    root("CreatePolicy", PolicyName="own", PolicyDocument=allow("fc:GetFunction"), Description="mine")
    return {f"{kind}Name": "x"}


def listed(root, kind, holder):
    """The names of the attached policies, in order."""
    return [item["PolicyName"] for item in root(f"ListPoliciesFor{kind}", **holder)["Policies"]["Policy"]]


def test_attach_list_detach(root, kind, holder):
    """Attached policies are listed in the order of attaching with their details, until detached."""
    assert root(f"AttachPolicyTo{kind}", **SYSTEM, **holder) == {}
    root(f"AttachPolicyTo{kind}", **CUSTOM, **holder)
    policies = root(f"ListPoliciesFor{kind}", **holder)["Policies"]["Policy"]
    assert policies[1].pop("AttachDate").endswith("Z")
    assert policies[1] == {
        "PolicyName": "own",
        "PolicyType": "Custom",
        "Description": "mine",
        "DefaultVersion": "v1",
    }
    assert listed(root, kind, holder) == ["AliyunFCReadOnlyAccess", "own"]

    assert root(f"DetachPolicyFrom{kind}", **SYSTEM, **holder) == {}
    assert listed(root, kind, holder) == ["own"]


def test_nothing_attached_is_an_empty_list(root, kind, holder):
    """The wrapper is there without policies: the provider needs it."""
    assert root(f"ListPoliciesFor{kind}", **holder) == {"Policies": {"Policy": []}}


def test_attaching_twice_and_detaching_twice(root, kind, holder):
    """The second attach is a 409, the second detach a 404, each named after what holds the policy."""
    root(f"AttachPolicyTo{kind}", **SYSTEM, **holder)
    twice = root.refused(f"AttachPolicyTo{kind}", **SYSTEM, **holder)
    assert twice == (409, f"EntityAlreadyExists.{kind}.Policy")
    message = root.message(f"AttachPolicyTo{kind}", **SYSTEM, **holder)
    assert message == f"The {kind.lower()} has already been attached this policy."

    root(f"DetachPolicyFrom{kind}", **SYSTEM, **holder)
    twice = root.refused(f"DetachPolicyFrom{kind}", **SYSTEM, **holder)
    assert twice == (404, f"EntityNotExist.{kind}.Policy")


@pytest.mark.parametrize("verb", ["AttachPolicyTo", "DetachPolicyFrom"])
def test_both_must_exist(root, kind, holder, verb):
    """A missing entity and a missing policy are told apart; an unknown system policy does not exist."""
    action = f"{verb}{kind}"
    assert root.refused(action, **SYSTEM, **{f"{kind}Name": "none"}) == (404, f"EntityNotExist.{kind}")
    for policy_type in ("System", "Custom"):
        unknown = {"PolicyType": policy_type, "PolicyName": "AliyunNoSuchAccess"}
        assert root.refused(action, **unknown, **holder) == (404, "EntityNotExist.Policy")
    wrong = {**SYSTEM, "PolicyType": "Managed"}
    assert root.refused(action, **wrong, **holder) == (400, "InvalidParameter.PolicyType")


def test_a_resource_group_is_refused_by_name(root, kind, holder):
    """An attachment to a resource group only is not known here, and must not become one to the account."""
    refusal = root.refused(f"AttachPolicyTo{kind}", **SYSTEM, **holder, ResourceGroupId="rg-1")
    assert refusal == (400, "InvalidParameter.ResourceGroupId")
    assert listed(root, kind, holder) == []


def test_custom_policies_have_a_limit_of_their_own(root, kind, holder, allow):
    """A user holds ten custom policies, a role or a group five; system policies do not count among them."""
    limit = {"User": 10, "Role": 5, "Group": 5}[kind]
    root(f"AttachPolicyTo{kind}", **SYSTEM, **holder)
    for number in range(limit + 1):
        root("CreatePolicy", PolicyName=f"p{number}", PolicyDocument=allow("fc:*"))
    for number in range(limit):
        root(f"AttachPolicyTo{kind}", PolicyType="Custom", PolicyName=f"p{number}", **holder)
    beyond = {"PolicyType": "Custom", "PolicyName": f"p{limit}"}
    assert root.refused(f"AttachPolicyTo{kind}", **beyond, **holder) == (409, f"LimitExceeded.{kind}.Policy")


def test_system_policies_have_a_limit(root, kind, holder, mocker):
    """At the limit, 20 system policies, one more is refused."""
    mocker.patch("crossaccount.localcloud.ram.limits.SYSTEM_POLICIES_ATTACHED", 3)
    names = sorted(SYSTEM_POLICIES)
    for name in names[:3]:
        root(f"AttachPolicyTo{kind}", PolicyType="System", PolicyName=name, **holder)
    beyond = {"PolicyType": "System", "PolicyName": names[3]}
    assert root.refused(f"AttachPolicyTo{kind}", **beyond, **holder) == (409, f"LimitExceeded.{kind}.Policy")


def test_entities_for_policy(root, trust):
    """ListEntitiesForPolicy answers users, groups and roles with their details and dates."""
    user_id = root("CreateUser", UserName="dev", DisplayName="Developer")["User"]["UserId"]
    root("CreateGroup", GroupName="ops", Comments="operators")
    role = root("CreateRole", RoleName="R", AssumeRolePolicyDocument=trust(), Description="d")["Role"]
    assert root("ListEntitiesForPolicy", **SYSTEM) == {
        "Users": {"User": []},
        "Groups": {"Group": []},
        "Roles": {"Role": []},
    }
    for kind, name in (("User", "dev"), ("Group", "ops"), ("Role", "R")):
        root(f"AttachPolicyTo{kind}", **SYSTEM, **{f"{kind}Name": name})

    found = root("ListEntitiesForPolicy", **SYSTEM)
    date = root("ListPoliciesForUser", UserName="dev")["Policies"]["Policy"][0]["AttachDate"]
    assert found["Users"]["User"] == [
        {"UserId": user_id, "UserName": "dev", "DisplayName": "Developer", "AttachDate": date}
    ]
    assert found["Groups"]["Group"] == [{"GroupName": "ops", "Comments": "operators", "AttachDate": date}]
    assert found["Roles"]["Role"] == [
        {
            "RoleId": role["RoleId"],
            "RoleName": "R",
            "Arn": f"acs:ram::{A}:role/r",
            "Description": "d",
            "AttachDate": date,
        }
    ]


def test_accounts_do_not_see_each_others_policies(root, root_b, allow):
    """A custom policy belongs to its account; what is attached in one is not in the other."""
    root("CreatePolicy", PolicyName="own", PolicyDocument=allow("fc:*"))
    root_b("CreateUser", UserName="dev")
    assert root_b.refused("AttachPolicyToUser", UserName="dev", **CUSTOM) == (404, "EntityNotExist.Policy")
    root_b("AttachPolicyToUser", UserName="dev", **SYSTEM)
    assert root("GetPolicy", **SYSTEM)["Policy"]["AttachmentCount"] == 0
    assert root_b("GetPolicy", **SYSTEM)["Policy"]["AttachmentCount"] == 1
