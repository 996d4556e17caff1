"""Lookups of the ram module, through the SDK: what the real provider was seen to answer alike."""

from __future__ import annotations

import json

import pytest

from crossaccount.engine import ProgramError, UnsupportedError
from crossaccount.engine.policy_document import policy_document

ACCOUNT = """
trust = json.dumps({"Version": "1", "Statement": [{"Action": "sts:AssumeRole", "Effect": "Allow",
    "Principal": {"RAM": ["acs:ram::1345678901230000:root"]}}]})
role = alicloud.ram.Role("r", role_name="r", assume_role_policy_document=trust)
alicloud.ram.RolePolicyAttachment("x", role_name=role.role_name, policy_name="AliyunFCFullAccess",
    policy_type="System")
user = alicloud.ram.User("u", name="dev")
group = alicloud.ram.Group("g", group_name="ops", comments="c")
alicloud.ram.Group("g2", group_name="other")
alicloud.ram.UserGroupAttachment("t", group_name=group.group_name, user_name=user.name)
alicloud.ram.GroupPolicyAttachment("p", group_name=group.group_name, policy_name="AliyunFCReadOnlyAccess",
    policy_type="System")
"""
SHOW = """
def plain(value):
    if isinstance(value, list):
        return [plain(item) for item in value]
    found = value if isinstance(value, dict) else getattr(value, "__dict__", None)
    return value if found is None else {name: plain(item) for name, item in found.items()}

def show(**found):
    for name, value in found.items():
        pulumi.export(name, {k: v for k, v in plain(value).items() if v is not None})

ram = alicloud.ram
"""


@pytest.fixture
def look(bench, target):
    """A function: what a program's lookups find in an account with a role, a user and two groups."""
    bench.program(ACCOUNT)
    bench.stack(target=target).up()

    def looked(call):
        bench.program(f"{ACCOUNT}{SHOW}show(found={call})\n")
        stack = bench.stack(target=target)
        stack.up()
        return stack.outputs()["found"]

    return looked


def test_groups_are_found_by_name_user_and_policy(look):
    """Alone and together; the id is the provider's hash of the names."""
    everything = look("ram.get_groups()")
    both = [{"comments": "c", "name": "ops"}, {"comments": "", "name": "other"}]

    assert everything == {"groups": both, "id": "2732085463", "names": ["ops", "other"]}
    assert look("ram.get_groups(name_regex='^ot')")["names"] == ["other"]
    assert look("ram.get_groups(user_name='dev')")["id"] == "1463625305"
    assert look("ram.get_groups(policy_name='AliyunFCReadOnlyAccess', user_name='dev')")["names"] == ["ops"]
    assert look("ram.get_groups(policy_name='AliyunFCFullAccess')") == {
        "groups": [],
        "id": "0",
        "names": [],
        "policy_name": "AliyunFCFullAccess",
    }


def test_the_policies_of_a_role_are_listed_as_attachments(look):
    """With the ids that the attachments' resources have; `ids` chooses among them."""
    found = look("ram.get_role_policy_attachments(role_name='r')")
    [attachment] = found["attachments"]

    assert found["ids"] == ["role:AliyunFCFullAccess:System:r"]
    assert found["id"] == "2253208364"
    assert (attachment["id"], attachment["policy_name"]) == (found["ids"][0], "AliyunFCFullAccess")
    none = look("ram.get_role_policy_attachments(role_name='r', ids=['nope'])")
    assert (none["attachments"], none["id"], none["ids"]) == ([], "0", [])


def test_system_policies_come_without_ids_as_from_the_provider(look):
    """The provider loses them; the policies themselves are whole."""
    found = look("ram.get_system_policys(name_regex='^AliyunFCFull')")

    assert (found["ids"], found["names"], found["id"]) == (["<nil>"], [""], "3884016284")
    assert [policy["policy_name"] for policy in found["policys"]] == ["AliyunFCFullAccess"]


def test_the_alias_has_two_names(look):
    """The older and the newer function."""
    expected = {"account_alias": "1234567890120000", "id": "1234567890120000"}

    assert look("ram.get_account_alias()") == look("ram.get_account_aliases()") == expected


def test_a_document_is_written_as_by_the_provider(bench):
    """Without an account: one-element lists as texts, principals backwards, Go's escapes."""
    bench.program(
        f"{SHOW}"
        "S, C = ram.GetPolicyDocumentStatementArgs, ram.GetPolicyDocumentStatementConditionArgs\n"
        "address = C(operator='IpAddress', variable='acs:SourceIp', values=['10.0.0.0/8', '1.1.1.1'])\n"
        "mfa = C(operator='Bool', variable='acs:MFAPresent', values=['true'])\n"
        "found = ram.get_policy_document(statements=[\n"
        "    S(actions=['fc:Get*', 'fc:List*'], resources=['*']),\n"
        "    S(effect='Deny', actions=['fc:DeleteFunction'], resources=['a<b>&', 'b'],\n"
        "      conditions=[address, mfa])])\n"
        "pulumi.log.warn(found.id + found.document)\n"
    )

    [warning] = [each.message for each in bench.stack().preview().diagnostics if each.message[0].isdigit()]

    id_, _, document = warning.partition("{")
    assert document == (
        '"Statement":[{"Effect":"Allow","Action":["fc:Get*","fc:List*"],"Resource":"*"},'
        '{"Effect":"Deny","Action":"fc:DeleteFunction","Resource":["a\\u003cb\\u003e\\u0026","b"],'
        '"Condition":{"Bool":{"acs:MFAPresent":"true"},'
        '"IpAddress":{"acs:SourceIp":["10.0.0.0/8","1.1.1.1"]}}}],"Version":"1"}'
    )
    assert id_.isdigit()


def test_a_trust_policy_names_principals_backwards():
    """The hash of the text is the id."""
    principals = [
        {"entity": "RAM", "identifiers": ["acs:ram::1:root", "acs:ram::2:root"]},
        {"entity": "Service", "identifiers": ["fc.aliyuncs.com"]},
    ]
    found = policy_document({"statements": [{"actions": ["sts:AssumeRole"], "principals": principals}]})

    assert json.loads(found["document"])["Statement"][0]["Principal"] == {
        "RAM": ["acs:ram::2:root", "acs:ram::1:root"],
        "Service": ["fc.aliyuncs.com"],
    }
    assert found["id"] == "1262152130"
    assert policy_document({}) == {}


@pytest.mark.parametrize(
    "statement", [{}, {"actions": ["a"], "effect": "Maybe"}, {"actions": ["a"], "notActions": ["b"]}]
)
def test_a_statement_that_is_none_is_refused(statement):
    """Without an action, with another effect, with what is not understood."""
    with pytest.raises(ProgramError, match="get_policy_document"):
        policy_document({"statements": [statement]})


@pytest.mark.parametrize("call", ["get_saml_providers()", "get_access_key_policy(user_access_key_id='x')"])
def test_what_ram_itself_does_not_answer_is_refused_by_name(bench, target, call):
    """These are answered by another service."""
    bench.program(f"alicloud.ram.{call}\n")

    with pytest.raises(UnsupportedError, match="alicloud:ram/get"):
        bench.stack(target=target).preview()
