"""Every RAM action through Alibaba Cloud's own SDK, over HTTP, signed."""

from __future__ import annotations

import json
import re
import time

import pytest
from alibabacloud_ram20150501 import models
from alibabacloud_ram20150501.client import Client
from alibabacloud_tea_openapi.exceptions import ClientException
from alibabacloud_tea_openapi.models import Config

from crossaccount.localcloud.ram import OPERATIONS, totp

PASSWORD = "Recorded-Passw0rd!"
DOCUMENT = json.dumps(
    {"Version": "1", "Statement": [{"Effect": "Allow", "Action": ["fc:Get*"], "Resource": "*"}]}
)


class Sdk:
    """RAM through the SDK, by the API's own names; remembers which actions were called."""

    def __init__(self, key) -> None:
        config = Config(access_key_id=key.key_id, access_key_secret=key.secret, region_id="cn-hangzhou")
        self.client = Client(config)
        self.called: set[str] = set()

    def __call__(self, action, /, **fields):
        """The answer's body as a dict, without its RequestId."""
        method = re.sub(
            r"(?<=[a-z])(?=[A-Z])", "_", re.sub("MFA(.)", lambda found: f"Mfa{found[1].lower()}", action)
        )
        request = getattr(models, f"{action}Request", None)
        arguments = [] if request is None else [request().from_map(fields)]
        self.called.add(action)
        body = getattr(self.client, method.lower())(*arguments).body.to_map()
        assert re.fullmatch(r"[0-9A-F-]{36}", body.pop("RequestId"))
        return body

    def refused(self, action, /, **fields):
        """The status and code of the refusal."""
        with pytest.raises(ClientException) as caught:
            self(action, **fields)
        return caught.value.status_code, caught.value.code


@pytest.fixture
def owner(account_a):
    """RAM as account A's root."""
    return Sdk(account_a.root_key)


def policy(name, policy_type="Custom"):
    """A policy as a parameter pair."""
    return {"PolicyType": policy_type, "PolicyName": name}


def roles(sdk, trust):
    """The life of a role with its tags."""
    role = sdk(
        "CreateRole",
        RoleName="R",
        AssumeRolePolicyDocument=trust,
        MaxSessionDuration=7200,
        AllowConsoleLogin=False,
        Tag=[{"Key": "k", "Value": "v"}],
    )["Role"]
    assert (role["MaxSessionDuration"], role["AllowConsoleLogin"]) == (7200, False)
    assert sdk("GetRole", RoleName="R")["Role"]["AssumeRolePolicyDocument"] == trust
    assert sdk("UpdateRole", RoleName="R", NewDescription="d")["Role"]["Description"] == "d"
    listed = sdk("ListRoles")
    assert (listed["IsTruncated"], listed["Roles"]["Role"][0]["RoleName"]) == (False, "R")
    tagged = {"ResourceType": "role", "ResourceNames": ["R"]}
    sdk("TagResources", **tagged, Tag=[{"Key": "x", "Value": "y"}])
    sdk("UntagResources", **tagged, TagKeys=["k"])
    assert sdk("ListTagResources", **tagged)["TagResources"] == [
        {"ResourceType": "role", "ResourceName": "R", "TagKey": "x", "TagValue": "y"}
    ]


def policies(sdk):
    """The life of a policy with its versions."""
    sdk("CreatePolicy", PolicyName="p", PolicyDocument=DOCUMENT)
    sdk("UpdatePolicyDescription", PolicyName="p", NewDescription="d")
    for _ in range(2):
        sdk("CreatePolicyVersion", PolicyName="p", PolicyDocument=DOCUMENT, SetAsDefault=True)
    sdk("SetDefaultPolicyVersion", PolicyName="p", VersionId="v1")
    sdk("DeletePolicyVersion", PolicyName="p", VersionId="v2")
    versions = sdk("ListPolicyVersions", **policy("p"))["PolicyVersions"]["PolicyVersion"]
    assert {item["VersionId"]: item["IsDefaultVersion"] for item in versions} == {"v1": True, "v3": False}
    version = sdk("GetPolicyVersion", **policy("p"), VersionId="v3")["PolicyVersion"]
    assert version["PolicyDocument"] == DOCUMENT
    assert sdk("GetPolicy", **policy("p"))["DefaultPolicyVersion"]["VersionId"] == "v1"
    assert sdk("ListPolicies", PolicyType="Custom")["Policies"]["Policy"][0]["Description"] == "d"


def attachments(sdk):
    """Attach, list and detach on each kind of holder."""
    for kind, name in (("Role", "R"), ("User", "dev"), ("Group", "ops")):
        holder = {f"{kind}Name": name}
        sdk(f"AttachPolicyTo{kind}", **holder, **policy("p"))
        attached = sdk(f"ListPoliciesFor{kind}", **holder)["Policies"]["Policy"]
        assert [item["PolicyName"] for item in attached] == ["p"]
    found = sdk("ListEntitiesForPolicy", **policy("p"))
    assert [len(found[f"{kind}s"][kind]) for kind in ("Role", "User", "Group")] == [1, 1, 1]
    for kind, name in (("Role", "R"), ("User", "dev"), ("Group", "ops")):
        sdk(f"DetachPolicyFrom{kind}", **{f"{kind}Name": name}, **policy("p"))


def second_factor(sdk):
    """The life of a virtual MFA device."""
    device = sdk("CreateVirtualMFADevice", VirtualMFADeviceName="phone")["VirtualMFADevice"]
    seed, serial, step = device["Base32StringSeed"], device["SerialNumber"], int(time.time()) // 30
    shown = {f"AuthenticationCode{number}": totp.code(seed, step + number - 1) for number in (1, 2)}
    sdk("BindMFADevice", UserName="dev", SerialNumber=serial, **shown)
    listed = sdk("ListVirtualMFADevices")["VirtualMFADevices"]["VirtualMFADevice"]
    assert [(item["SerialNumber"], item["User"]["UserName"]) for item in listed] == [(serial, "dev")]
    assert sdk("GetUserMFAInfo", UserName="dev")["MFADevice"]["SerialNumber"] == serial
    assert sdk("UnbindMFADevice", UserName="dev")["MFADevice"] == {"SerialNumber": serial}
    sdk("DeleteVirtualMFADevice", SerialNumber=serial)


def settings(sdk):
    """The account's settings and the service-linked role."""
    assert sdk("SetPasswordPolicy", MinimumPasswordLength=9) == sdk("GetPasswordPolicy")
    assert sdk("SetSecurityPreference", EnableSaveMFATicket=True) == sdk("GetSecurityPreference")
    assert sdk.refused("ChangePassword", OldPassword=PASSWORD, NewPassword=PASSWORD) == (
        400,
        "NotSupport.Account",
    )
    service = {"ServiceName": "fc.aliyuncs.com"}
    name = sdk("GetServiceLinkedRoleTemplate", **service)["ServiceLinkedRoleTemplate"]["RoleNamePrefix"]
    assert sdk("CreateServiceLinkedRole", **service)["Role"]["RoleName"] == name
    assert sdk("DeleteServiceLinkedRole", RoleName=name)["DeletionTaskId"]


def people(sdk):
    """Users, keys, logins, groups."""
    sdk("CreateUser", UserName="dev0")
    sdk("UpdateUser", UserName="dev0", NewUserName="dev")
    assert sdk("GetUser", UserName="dev")["User"]["UserName"] == "dev"
    assert sdk("ListUsers")["Users"]["User"][0]["UserName"] == "dev"
    made = sdk("CreateAccessKey", UserName="dev")["AccessKey"]
    key = {"UserName": "dev", "UserAccessKeyId": made["AccessKeyId"]}
    sdk("UpdateAccessKey", **key, Status="Inactive")
    assert sdk("ListAccessKeys", UserName="dev")["AccessKeys"]["AccessKey"][0]["Status"] == "Inactive"
    assert sdk("GetAccessKeyLastUsed", **key)["AccessKeyLastUsed"] == {"LastUsedDate": ""}
    sdk("DeleteAccessKey", **key)
    sdk("CreateLoginProfile", UserName="dev", Password=PASSWORD, MFABindRequired=True)
    sdk("UpdateLoginProfile", UserName="dev", PasswordResetRequired=True)
    login = sdk("GetLoginProfile", UserName="dev")["LoginProfile"]
    assert (login["MFABindRequired"], login["PasswordResetRequired"]) == (True, True)
    sdk("DeleteLoginProfile", UserName="dev")
    second_factor(sdk)
    sdk("CreateGroup", GroupName="ops0")
    sdk("UpdateGroup", GroupName="ops0", NewGroupName="ops")
    assert sdk("GetGroup", GroupName="ops")["Group"]["GroupName"] == "ops"
    assert sdk("ListGroups")["Groups"]["Group"][0]["GroupName"] == "ops"
    sdk("AddUserToGroup", UserName="dev", GroupName="ops")
    assert sdk("ListUsersForGroup", GroupName="ops")["IsTruncated"] is False
    assert sdk("ListGroupsForUser", UserName="dev")["Groups"]["Group"][0]["GroupName"] == "ops"
    sdk("RemoveUserFromGroup", UserName="dev", GroupName="ops")


def test_every_action_answers_the_sdk(owner, account_a, trust):
    """Each RAM action that is here is called, signed by the SDK, and its answer read by the SDK."""
    people(owner)
    settings(owner)
    roles(owner, trust())
    policies(owner)
    attachments(owner)
    owner("SetAccountAlias", AccountAlias="renamed")
    assert owner("GetAccountAlias") == {"AccountAlias": "renamed"}
    owner("ClearAccountAlias")
    owner("DeleteRole", RoleName="R")
    owner("DeletePolicy", PolicyName="p", CascadingDelete=True)
    owner("DeleteGroup", GroupName="ops")
    owner("DeleteUser", UserName="dev")
    unread = owner.refused("DecodeDiagnosticMessage", EncodedDiagnosticMessage="none of ours")

    assert unread == (400, "InvalidParameter.EncodedDiagnosticMessage")
    assert owner.called == set(OPERATIONS)
    assert account_a.ram.is_empty()


def test_refusals_reach_the_sdk(owner, trust):
    """Status and code of a refusal are those the SDK raises."""
    assert owner.refused("GetRole", RoleName="R") == (404, "EntityNotExist.Role")
    owner("CreateRole", RoleName="R", AssumeRolePolicyDocument=trust())
    assert owner.refused("CreateRole", RoleName="r", AssumeRolePolicyDocument=trust()) == (
        409,
        "EntityAlreadyExists.Role",
    )


@pytest.fixture
def clerk(owner, trust):
    """A user of account A who may do what a policy says, beside the roles x and y."""
    for name in ("x", "y"):
        owner("CreateRole", RoleName=name, AssumeRolePolicyDocument=trust())
    owner("CreateUser", UserName="clerk")
    key = owner("CreateAccessKey", UserName="clerk")["AccessKey"]

    def allowed(*pairs):
        statements = [{"Effect": "Allow", "Action": actions, "Resource": on} for actions, on in pairs]
        document = json.dumps({"Version": "1", "Statement": statements})
        owner("CreatePolicy", PolicyName="clerk", PolicyDocument=document)
        owner("AttachPolicyToUser", UserName="clerk", **policy("clerk"))
        return Sdk(type("Key", (), {"key_id": key["AccessKeyId"], "secret": key["AccessKeySecret"]}))

    return allowed


DENIED = (403, "NoPermission")


def test_a_user_reaches_only_the_role_it_is_allowed(clerk, account_a):
    """A user allowed on role/x, in any letter case, may read and change x, and neither y nor all roles."""
    sdk = clerk((["ram:*"], f"acs:ram:*:{account_a.id}:role/X"))
    assert sdk("GetRole", RoleName="x")["Role"]["RoleName"] == "x"
    assert sdk("UpdateRole", RoleName="X", NewDescription="d")["Role"]["Description"] == "d"
    assert sdk("TagResources", ResourceType="role", ResourceNames=["x"], Tag=[{"Key": "k"}]) == {}
    for action in ("GetRole", "UpdateRole", "DeleteRole", "ListPoliciesForRole"):
        assert sdk.refused(action, RoleName="y") == DENIED
    assert sdk.refused("ListRoles") == DENIED
    both = {"ResourceType": "role", "ResourceNames": ["x", "y"]}
    assert sdk.refused("TagResources", **both, Tag=[{"Key": "k"}]) == DENIED
    assert sdk.refused("ListTagResources", ResourceType="role") == DENIED
    assert sdk.refused("ListUsers") == DENIED


@pytest.mark.parametrize("verb", ["AttachPolicyTo", "DetachPolicyFrom"])
def test_attaching_needs_the_role_and_the_policy(clerk, account_a, verb):
    """Attach and Detach are allowed only where both the role and the policy are."""
    role = f"acs:ram:*:{account_a.id}:role/x"
    reading = "acs:ram:*:system:policy/AliyunFCReadOnlyAccess"
    sdk = clerk(([f"ram:{verb}Role"], [role, reading]))
    action = f"{verb}Role"
    read = policy("AliyunFCReadOnlyAccess", "System")
    if verb == "AttachPolicyTo":
        assert sdk(action, RoleName="x", **read) == {}
    else:
        assert sdk.refused(action, RoleName="x", **read) == (404, "EntityNotExist.Role.Policy")
    assert sdk.refused(action, RoleName="y", **read) == DENIED
    assert sdk.refused(action, RoleName="x", **policy("AdministratorAccess", "System")) == DENIED
    assert sdk.refused(action, RoleName="x", **policy("AliyunFCReadOnlyAccess")) == DENIED


def test_only_half_of_a_pair_is_not_enough(clerk, account_a):
    """The role alone, or the policy alone, does not allow to attach; nor a user alone to join a group."""
    sdk = clerk((["ram:*"], [f"acs:ram:*:{account_a.id}:role/*", f"acs:ram:*:{account_a.id}:user/*"]))
    read = policy("AliyunFCReadOnlyAccess", "System")
    assert sdk.refused("AttachPolicyToRole", RoleName="x", **read) == DENIED
    assert sdk.refused("AddUserToGroup", UserName="clerk", GroupName="g") == DENIED


def test_a_missing_permission_hides_what_exists(clerk):
    """Without permission a missing role and an existing one are refused alike."""
    sdk = clerk((["fc:*"], "*"))
    assert sdk.refused("GetRole", RoleName="x") == DENIED
    assert sdk.refused("GetRole", RoleName="none") == DENIED


def test_a_user_switches_its_own_key_off(clerk):
    """The next call signed with an inactive key is refused."""
    sdk = clerk((["ram:*"], "*"))
    (key,) = sdk("ListAccessKeys")["AccessKeys"]["AccessKey"]
    used = sdk("GetAccessKeyLastUsed", UserAccessKeyId=key["AccessKeyId"])
    assert used["AccessKeyLastUsed"]["LastUsedDate"]
    sdk("UpdateAccessKey", UserAccessKeyId=key["AccessKeyId"], Status="Inactive")
    assert sdk.refused("ListAccessKeys") == (400, "InvalidAccessKeyId.Inactive")


def test_a_deleted_users_key_is_unknown(owner, clerk):
    """After DeleteAccessKey nothing signed with the key is accepted."""
    sdk = clerk((["ram:*"], "*"))
    (key,) = sdk("ListAccessKeys")["AccessKeys"]["AccessKey"]
    owner("DeleteAccessKey", UserName="clerk", UserAccessKeyId=key["AccessKeyId"])
    assert sdk.refused("ListAccessKeys") == (404, "InvalidAccessKeyId.NotFound")
