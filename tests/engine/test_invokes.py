"""The provider's lookups, answered from a local cloud."""

from __future__ import annotations

import ast
import binascii
import functools
import json
from importlib.util import find_spec
from pathlib import Path

import pytest

from crossaccount.engine.errors import UnsupportedError
from crossaccount.engine.invokes import INVOKES
from crossaccount.engine.ram_api import RamApi
from crossaccount.engine.target import Target
from crossaccount.localcloud import Cloud

ACCOUNT = "1234567890120000"
TRUST = json.dumps(
    {
        "Version": "1",
        "Statement": [
            {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": ["fc.aliyuncs.com"]}}
        ],
    }
)
DOCUMENT = json.dumps(
    {"Version": "1", "Statement": [{"Action": "fc:Get*", "Effect": "Allow", "Resource": "*"}]}
)
MODULES = {
    "alicloud:index/getCallerIdentity:getCallerIdentity": "get_caller_identity",
    "alicloud:index/getAccount:getAccount": "get_account",
    "alicloud:ram/getAccountAlias:getAccountAlias": "ram/get_account_alias",
    "alicloud:ram/getAccountAliases:getAccountAliases": "ram/get_account_aliases",
    "alicloud:ram/getGroups:getGroups": "ram/get_groups",
    "alicloud:ram/getRolePolicyAttachments:getRolePolicyAttachments": "ram/get_role_policy_attachments",
    "alicloud:ram/getSystemPolicys:getSystemPolicys": "ram/get_system_policys",
    "alicloud:ram/getUsers:getUsers": "ram/get_users",
    "alicloud:ram/getRoles:getRoles": "ram/get_roles",
    "alicloud:ram/getPolicies:getPolicies": "ram/get_policies",
}
MEMBERS = {
    "users": "GetUsersUserResult",
    "roles": "GetRolesRoleResult",
    "policies": "GetPoliciesPolicyResult",
    "groups": "GetGroupsGroupResult",
    "policys": "GetSystemPolicysPolicyResult",
}


@pytest.fixture
def api():
    """An account with two users, two roles, a group and a custom policy."""
    with Cloud(accounts=[ACCOUNT]) as cloud:
        root = cloud.accounts[ACCOUNT].root_key
        with RamApi(Target(cloud.endpoint, root.key_id, root.secret)) as api:
            _populate(api)
            yield api


def _populate(api):
    for name in ("dev", "ops"):
        api.call("CreateUser", user_name=name)
    api.call("CreateGroup", group_name="team")
    api.call("AddUserToGroup", user_name="ops", group_name="team")
    api.call("CreateRole", role_name="reader", assume_role_policy_document=TRUST, tag={"team": "x"})
    api.call("CreateRole", role_name="writer", assume_role_policy_document=TRUST, description="writes")
    api.call("CreatePolicy", policy_name="own", policy_document=DOCUMENT, description="mine")
    api.call("AttachPolicyToRole", role_name="reader", policy_name="own", policy_type="Custom")
    api.call(
        "AttachPolicyToUser", user_name="dev", policy_name="AliyunSTSAssumeRoleAccess", policy_type="System"
    )


def invoke(api, name, **arguments):
    (token,) = [token for token in INVOKES if token.endswith(f":{name}")]
    return INVOKES[token](api, arguments)


@pytest.fixture
def sdk_result_fields(parse_source):
    return functools.partial(_result_fields, parse_source)


def _result_fields(parse_source, path, class_suffix):
    """Return the camelCase properties of a result class, read from the installed provider SDK's source."""
    source = Path(find_spec("pulumi_alicloud").submodule_search_locations[0], f"{path}.py")
    for node in parse_source(source).body:
        if (
            isinstance(node, ast.ClassDef)
            and node.name.endswith(class_suffix)
            and "Awaitable" not in node.name
        ):
            properties = [
                each for each in node.body if isinstance(each, ast.FunctionDef) and each.decorator_list
            ]
            return {_camel(each.name) for each in properties if "getter" in ast.unparse(each)}
    raise AssertionError(f"no class *{class_suffix} in {path}")


def _camel(name):
    first, *others = name.split("_")
    return first + "".join(other.title() for other in others)


@pytest.mark.parametrize("token", INVOKES)
def test_a_result_has_the_fields_of_the_providers_own(api, token, sdk_result_fields):
    """Each result field is one of the SDK's, and none of the SDK's but the arguments is missing."""
    result = INVOKES[token](api, {"roleName": "reader"} if "RolePolicyAttachments" in token else {})
    fields = sdk_result_fields(MODULES[token], "Result")
    arguments = {
        "groupName",
        "nameRegex",
        "outputFile",
        "policyName",
        "policyType",
        "roleName",
        "tags",
        "type",
    }
    assert result.keys() <= fields
    assert fields - result.keys() <= arguments | {"userName"}


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("getUsers", "users"),
        ("getRoles", "roles"),
        ("getPolicies", "policies"),
        ("getGroups", "groups"),
        ("getSystemPolicys", "policys"),
    ],
)
def test_each_listed_one_has_the_fields_of_the_providers_own(api, name, key, sdk_result_fields):
    """What a lookup lists has exactly the fields that the SDK reads."""
    for each in invoke(api, name)[key]:
        assert each.keys() == sdk_result_fields("ram/outputs", MEMBERS[key])


def test_the_caller_is_identified(api):
    """The identity is STS's; the account lookup gives its id alone."""
    identity = invoke(api, "getCallerIdentity")
    assert identity["accountId"] == ACCOUNT
    assert identity["identityType"] == "Account"
    assert identity["arn"] == f"acs:ram::{ACCOUNT}:root"
    assert invoke(api, "getAccount") == {"id": ACCOUNT}


def test_the_alias_is_the_accounts_own_or_its_id(api):
    """The lookup gives the alias that RAM has, as its id too."""
    api.call("SetAccountAlias", account_alias="company-a")
    assert invoke(api, "getAccountAlias") == {"accountAlias": "company-a", "id": "company-a"}


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ({}, ["dev", "ops"]),
        ({"nameRegex": "^d"}, ["dev"]),
        ({"nameRegex": "e"}, ["dev"]),
        ({"groupName": "team"}, ["ops"]),
        ({"policyName": "AliyunSTSAssumeRoleAccess"}, ["dev"]),
        ({"policyName": "own", "policyType": "Custom"}, []),
        ({"groupName": "team", "policyName": "AliyunSTSAssumeRoleAccess"}, []),
        ({"ids": []}, ["dev", "ops"]),
        ({"ids": ["unknown"]}, []),
    ],
)
def test_users_are_chosen_by_every_argument(api, arguments, names):
    """Name, group, policy and id narrow the list; the result says what was asked."""
    result = invoke(api, "getUsers", **arguments)
    assert sorted(result["names"]) == names
    assert len(result["ids"]) == len(result["users"]) == len(names)
    assert {key: result[key] for key in arguments if key != "ids"} == {
        key: value for key, value in arguments.items() if key != "ids"
    }


def test_users_are_chosen_by_id(api):
    """An id is RAM's user id."""
    dev = next(user for user in invoke(api, "getUsers")["users"] if user["name"] == "dev")
    assert invoke(api, "getUsers", ids=[dev["id"]])["users"] == [dev]


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ({}, ["reader", "writer"]),
        ({"nameRegex": "^wr"}, ["writer"]),
        ({"tags": {"team": "x"}}, ["reader"]),
        ({"policyName": "own", "policyType": "Custom"}, ["reader"]),
    ],
)
def test_roles_are_chosen_by_every_argument(api, arguments, names):
    """Name, tags and policy narrow the list."""
    assert sorted(invoke(api, "getRoles", **arguments)["names"]) == names


def test_a_role_comes_with_its_trust_policy_and_tags(api):
    """The trust policy is asked for each; the tags are names with values."""
    (reader,) = invoke(api, "getRoles", nameRegex="reader")["roles"]
    assert json.loads(reader["assumeRolePolicyDocument"]) == json.loads(TRUST)
    assert reader["tags"] == {"team": "x"}


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ({"type": "Custom"}, ["own"]),
        ({"nameRegex": "^own$"}, ["own"]),
        ({"roleName": "reader"}, ["own"]),
        ({"userName": "dev"}, ["AliyunSTSAssumeRoleAccess"]),
        ({"groupName": "team"}, []),
        ({"ids": ["AliyunFCReadOnlyAccess"]}, ["AliyunFCReadOnlyAccess"]),
    ],
)
def test_policies_are_chosen_by_every_argument(api, arguments, names):
    """Type, name and whom it is attached to narrow the list."""
    assert invoke(api, "getPolicies", **arguments)["names"] == names


def test_a_policys_document_comes_unless_it_is_declined(api):
    """Documents are given by default, and left empty without details."""
    (own,) = invoke(api, "getPolicies", type="Custom")["policies"]
    assert json.loads(own["policyDocument"]) == json.loads(DOCUMENT)
    assert (own["versionId"], own["attachmentCount"]) == ("v1", 1)
    (bare,) = invoke(api, "getPolicies", type="Custom", enableDetails=False)["policies"]
    assert (bare["document"], bare["policyDocument"], bare["versionId"]) == ("", "", "")


def test_the_id_of_a_lookup_is_the_providers_hash(api):
    """The same ids give the same lookup id; none gives the hash of nothing."""
    assert invoke(api, "getUsers", nameRegex="nobody")["id"] == "0"
    assert invoke(api, "getPolicies", ids=["own"])["id"] == str(binascii.crc32(b"own-"))


@pytest.mark.parametrize("token", INVOKES)
def test_an_argument_not_understood_is_refused_by_name(token):
    """`outputFile` writes a file, which this engine does not do; it says so before any call."""
    with pytest.raises(UnsupportedError, match="does not understand `outputFile`"):
        INVOKES[token](None, {"outputFile": "x.json"})


def test_an_argument_of_none_is_not_given():
    """The SDK sends None for what was left out."""
    with pytest.raises(UnsupportedError) as caught:
        INVOKES["alicloud:ram/getUsers:getUsers"](None, {"outputFile": None, "strange": 1})
    assert "outputFile" not in str(caught.value)


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [({"nameRegex": "("}, "no regular expression"), ({"policyType": "Custom"}, "needs `policyName`")],
)
def test_arguments_that_cannot_work_are_refused(arguments, problem):
    """A broken pattern and a policy type alone are refused before any call."""
    with pytest.raises(UnsupportedError, match=problem):
        INVOKES["alicloud:ram/getUsers:getUsers"](None, arguments)
