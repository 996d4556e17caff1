"""AssumeRole and GetCallerIdentity: parameters, order of checks, answers, both ARN spellings."""

from __future__ import annotations

import json

import pytest
from alibabacloud_fc20230330 import models as fc
from alibabacloud_ram20150501 import models as ram
from alibabacloud_sts20150401 import models as sts
from alibabacloud_sts20150401.client import Client as StsClient
from alibabacloud_tea_openapi.models import Config

from tests.localcloud import raw
from tests.localcloud.delegation import Key, config, document, functions, refused, trusting

ALLOW_FC = {"Effect": "Allow", "Action": "fc:*", "Resource": "*"}


@pytest.fixture
def assume_role(cloud, delegation):
    """Sends AssumeRole of `fc-reader` as B's user, with changed parameters; None leaves one out."""
    arn = delegation.role(delegation.trust())
    alice = delegation.user()

    def send(key=alice, **params):
        every = {"RoleArn": arn, "RoleSessionName": "alice", **params}
        sent = {name: value for name, value in every.items() if value is not None}
        return raw.acs3(key, "AssumeRole", sent).sent_to(cloud.endpoint)

    return send


def test_the_answer_has_the_documented_fields(cloud, delegation, assume_role):
    """AssumeRole answers the session's user, in the role/ spelling, and its credentials for an hour."""
    answer = assume_role(RegionId="cn-hangzhou").json
    role = delegation.owner.ram.role("fc-reader")

    assert set(answer) == {"RequestId", "AssumedRoleUser", "Credentials"}
    assert answer["AssumedRoleUser"] == {
        "Arn": f"acs:ram::{delegation.owner.id}:role/fc-reader/alice",
        "AssumedRoleId": f"{role.role_id}:alice",
    }
    assert set(answer["Credentials"]) == {"AccessKeyId", "AccessKeySecret", "SecurityToken", "Expiration"}
    session = cloud.sessions.find(answer["Credentials"]["AccessKeyId"])
    assert session.expires - session.created == 3600


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"RoleArn": None}, "MissingRoleArn"),
        ({"RoleSessionName": None}, "MissingRoleSessionName"),
        ({"RoleArn": "fc-reader"}, "InvalidParameter.RoleArn"),
        ({"RoleArn": "acs:ram::1234567890120000:role/"}, "InvalidParameter.RoleArn"),
        ({"RoleArn": "acs:ram:cn-hangzhou:1234567890120000:role/fc-reader"}, "InvalidParameter.RoleArn"),
        ({"RoleArn": "acs:fc::1234567890120000:role/fc-reader"}, "InvalidParameter.RoleArn"),
        ({"RoleSessionName": "a"}, "InvalidParameter.RoleSessionName"),
        ({"RoleSessionName": "a" * 65}, "InvalidParameter.RoleSessionName"),
        ({"RoleSessionName": "a b"}, "InvalidParameter.RoleSessionName"),
        ({"RoleSessionName": "alice\n"}, "InvalidParameter.RoleSessionName"),
        ({"DurationSeconds": "899"}, "InvalidParameter.DurationSeconds"),
        ({"DurationSeconds": "3601"}, "InvalidParameter.DurationSeconds"),
        ({"DurationSeconds": "43201"}, "InvalidParameter.DurationSeconds"),
        ({"DurationSeconds": "one"}, "InvalidParameter.DurationSeconds"),
        ({"DurationSeconds": "-900"}, "InvalidParameter.DurationSeconds"),
        ({"Policy": "{}"}, "InvalidParameter.PolicyGrammar"),
        ({"Policy": ""}, "InvalidParameter.PolicyGrammar"),
        ({"Policy": "not json"}, "InvalidParameter.PolicyGrammar"),
        ({"Policy": document({**ALLOW_FC, "Action": ["fc:" + "x" * 2048]})}, "InvalidParameter.PolicySize"),
        ({"ExternalId": "a"}, "InvalidParameter.ExternalId"),
        ({"ExternalId": "a" * 1225}, "InvalidParameter.ExternalId"),
        ({"ExternalId": "a b"}, "InvalidParameter.ExternalId"),
        ({"ExternalId": "vertrag-ä"}, "InvalidParameter.ExternalId"),
        ({"SourceIdentity": "a b"}, "InvalidParameter.SourceIdentity"),
    ],
)
def test_a_wrong_parameter_is_a_named_400(assume_role, changed, code):
    """Each parameter out of its rule is refused by its own code, before anything else is looked at."""
    reply = assume_role(**changed)

    assert (reply.status, reply.code) == (400, code)


@pytest.mark.parametrize(
    "changed",
    [
        {"DurationSeconds": "900"},
        {"DurationSeconds": "3600"},
        {"RoleSessionName": "a@b.c-d_E9"},
        {"ExternalId": "a1"},
        {"ExternalId": "w_+=,.@:/-" * 122},
        {"RoleArn": "acs:ram:*:1234567890120000:role/fc-reader"},
        {"RoleArn": "acs:ram::1234567890120000:role/FC-Reader"},
        {"Policy": document(ALLOW_FC)},
    ],
)
def test_a_parameter_at_its_limit_is_taken(assume_role, changed):
    """The smallest, the largest and the other spellings are accepted."""
    assert assume_role(**changed).status == 200


def test_a_longer_role_allows_a_longer_session(delegation, assume_role):
    """The role's own limit decides, and the refusal names it; the default stays an hour."""
    delegation.ram_of(delegation.owner).update_role(
        ram.UpdateRoleRequest(role_name="fc-reader", new_max_session_duration=7200)
    )

    assert assume_role(DurationSeconds="7200").status == 200
    refusal = assume_role(DurationSeconds="7201")
    assert "15min/2hr" in refusal.json["Message"]


@pytest.mark.parametrize("kind", ["user", "group"])
def test_an_arn_that_is_no_roles_names_no_role(delegation, assume_role, kind):
    """A user's or group's ARN is well formed, but there is no such role."""
    reply = assume_role(RoleArn=f"acs:ram::{delegation.owner.id}:{kind}/fc-reader")

    assert (reply.status, reply.code) == (404, "EntityNotExist.Role")


def test_an_account_that_does_not_exist_has_no_role(assume_role):
    """A role of an account nobody has is not found."""
    assert assume_role(RoleArn="acs:ram::9999999999999999:role/fc-reader").code == "EntityNotExist.Role"


def test_checks_come_in_order(delegation, assume_role):
    """Parameters before the root's refusal, the refusal before existence, existence before policies."""
    root = delegation.partner.root_key
    carol = delegation.user({"Effect": "Deny", "Action": "*", "Resource": "*"}, name="carol")

    assert assume_role(root, RoleSessionName="!").code == "InvalidParameter.RoleSessionName"
    assert assume_role(root, RoleArn="acs:ram::9999999999999999:role/x").status == 403
    assert assume_role(carol, RoleArn="acs:ram::9999999999999999:role/x").status == 404
    assert assume_role(carol, DurationSeconds="3601").status == 403


def test_a_source_identity_is_told_and_can_be_demanded(delegation):
    """SourceIdentity is echoed, is a condition of the trust policy, and of the caller's own policy."""
    role = delegation.role(delegation.trust(StringEquals={"sts:SourceIdentity": "alice"}))
    alice = delegation.user(
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Resource": "*",
            "Condition": {"StringLike": {"sts:SourceIdentity": "a*"}},
        }
    )

    assert delegation.assume(alice, role, source_identity="alice")
    for other in ("adam", "bob"):
        with refused("NoPermission"):
            delegation.assume(alice, role, source_identity=other)


def test_a_refusal_says_what_was_refused_and_gives_no_secret(delegation):
    """A 403 carries AccessDeniedDetail: who, what, which gate, and a message that can be decoded."""
    role = delegation.role(delegation.trust())
    carol = delegation.user({"Effect": "Allow", "Action": "ram:*", "Resource": "*"}, name="carol")

    with refused("NoPermission") as refusal:
        delegation.assume(carol, role)

    detail = refusal.value.access_denied_detail
    assert detail["AuthAction"] == "sts:AssumeRole"
    assert detail["AuthPrincipalType"] == "SubUser"
    assert detail["AuthPrincipalOwnerId"] == delegation.partner.id
    assert detail["AuthPrincipalDisplayName"] == delegation.partner.ram.users["carol"].user_id
    assert detail["NoPermissionType"] == "ImplicitDeny"
    assert detail["PolicyType"] == "AccountLevelIdentityBasedPolicy"
    assert carol.secret not in json.dumps(detail)


def test_a_session_may_assume_a_further_role(delegation):
    """Chaining: a session is its role for the next trust policy, and needs sts:AssumeRole as that role."""
    first = delegation.role(delegation.trust(), policy="AliyunSTSAssumeRoleAccess")
    client = delegation.ram_of(delegation.owner)
    trust = document(trusting(f"acs:ram::{delegation.owner.id}:role/fc-reader"))
    second = client.create_role(
        ram.CreateRoleRequest(role_name="second", assume_role_policy_document=trust)
    ).body.role.arn
    alice = delegation.user()

    credentials = delegation.assume(alice, first)
    chained = StsClient(
        Config(
            access_key_id=credentials.access_key_id,
            access_key_secret=credentials.access_key_secret,
            security_token=credentials.security_token,
            region_id="cn-hangzhou",
        )
    )
    answer = chained.assume_role(sts.AssumeRoleRequest(role_arn=second, role_session_name="on"))
    assert answer.body.assumed_role_user.arn.endswith("role/second/on")
    with refused("NoPermission"):
        delegation.assume(alice, second)


def test_a_role_for_a_service_is_not_assumed_by_a_user(delegation):
    """A role that trusts Function Compute is for Function Compute."""
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Service": ["fc.aliyuncs.com"]},
    }
    role = delegation.role(statement)

    with refused("NoPermission"):
        delegation.assume(delegation.user(), role)


def test_editing_the_trust_stops_new_sessions_only(delegation):
    """A partner cut out of the trust policy opens no new session; the open one goes on."""
    role = delegation.role(delegation.trust(), policy="AliyunFCReadOnlyAccess")
    alice = delegation.user()
    client = functions(delegation.assume(alice, role))

    delegation.ram_of(delegation.owner).update_role(
        ram.UpdateRoleRequest(
            role_name="fc-reader",
            new_assume_role_policy_document=document(trusting(f"acs:ram::{delegation.owner.id}:root")),
        )
    )

    with refused("NoPermission"):
        delegation.assume(alice, role)
    assert client.list_functions(fc.ListFunctionsRequest()).status_code == 200


def test_get_caller_identity_tells_root_user_and_session_apart(cloud, delegation):
    """Each kind of caller has its own fields; a session's ARN says assumed-role/ and A's account."""
    role = delegation.role(delegation.trust())
    alice = delegation.user({"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"})
    credentials = delegation.assume(alice, role)
    session = Key(credentials.access_key_id, credentials.access_key_secret)
    user_id = delegation.partner.ram.users["alice"].user_id
    role_id = delegation.owner.ram.role("fc-reader").role_id

    def identity(key: Key, token: str | None = None) -> dict[str, str]:
        answer = raw.acs3(key, "GetCallerIdentity", token=token).sent_to(cloud.endpoint).json
        del answer["RequestId"]
        return answer

    a, b = delegation.owner.id, delegation.partner.id
    assert identity(delegation.partner.root_key) == {
        "IdentityType": "Account",
        "AccountId": b,
        "PrincipalId": b,
        "UserId": b,
        "Arn": f"acs:ram::{b}:root",
    }
    assert identity(alice) == {
        "IdentityType": "RAMUser",
        "AccountId": b,
        "PrincipalId": user_id,
        "UserId": user_id,
        "Arn": f"acs:ram::{b}:user/alice",
    }
    assert identity(session, credentials.security_token) == {
        "IdentityType": "AssumedRoleUser",
        "AccountId": a,
        "PrincipalId": f"{role_id}:test",
        "RoleId": role_id,
        "Arn": f"acs:ram::{a}:assumed-role/fc-reader/test",
    }


def test_the_older_signature_is_answered_too(delegation):
    """The SDK's signature_algorithm v2 (RPC V1) works as well as its default."""
    client = StsClient(config(delegation.partner.root_key, signature_algorithm="v2"))

    assert client.get_caller_identity().body.account_id == delegation.partner.id


def test_the_providers_billing_probe_is_answered(cloud, account_a):
    """QueryAvailableInstances succeeds with nothing in it."""
    request = raw.acs3(account_a.root_key, "QueryAvailableInstances", version="2017-12-14")

    answer = request.sent_to(cloud.endpoint).json

    assert (answer["Code"], answer["Success"], answer["Data"]) == ("Success", True, {"InstanceList": []})
