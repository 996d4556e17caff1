"""Each RAM resource and data source of the real provider that is served, and functions, in four steps.

Not here, because the provider makes them through actions that are not served, of IMS (`PasswordPolicy`,
`SecurityPreference`), of ECS (`RoleAttachment`) and of Resource Management (service-linked roles).
"""

from __future__ import annotations

import base64
import json
import shutil
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from crossaccount.localcloud.cloud import Cloud
from tests.deployments.one_program import OneProgram

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from crossaccount.localcloud.account import Account

pytestmark = pytest.mark.real_engine
A, B = "1234567890120000", "1345678901230000"
NEEDED = ("pulumi", "pulumi-language-python", "pulumi-resource-alicloud")

HEAD = f"""
import json
import pulumi
import pulumi_alicloud as alicloud
from pulumi_alicloud import ram

def document(*actions):
    statement = {{"Effect": "Allow", "Action": list(actions), "Resource": ["*"]}}
    return json.dumps({{"Version": "1", "Statement": [statement]}}, sort_keys=True)

TRUST = json.dumps({{"Version": "1", "Statement": [
    {{"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {{"RAM": ["acs:ram::{B}:root"]}}}}
]}}, sort_keys=True)
READ = {{"policy_name": "AliyunFCReadOnlyAccess", "policy_type": "System"}}
"""

ROLES = """
plain = ram.Role("plain", role_name="Plain", assume_role_policy_document=TRUST)
full = ram.Role("full", role_name="full.role-1", assume_role_policy_document=TRUST, description="ä & <x>",
    max_session_duration=43200, tags={"k": "v", "other": ""}, force=True)
ram.Role("older", name="older", services=["fc.aliyuncs.com"])
ram.Role("oldest", name="oldest", ram_users=["acs:ram::1345678901230000:root"])
services = ram.Role("services", role_name="services", document=json.dumps({"Version": "1", "Statement": [
    {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": ["fc.aliyuncs.com"]}}]}))
policy = ram.Policy("policy", policy_name="list-functions", policy_document=document("fc:ListFunctions"))
rotated = ram.Policy("rotated", policy_name="rotated", policy_document=document("fc:*"), description="d",
    rotate_strategy="DeleteOldestNonDefaultVersionWhenLimitExceeded", tags={"k": "v"}, force=True)
ram.RolePolicyAttachment("custom", role_name=full.role_name, policy_name=policy.policy_name,
    policy_type="Custom")
ram.RolePolicyAttachment("system", role_name=plain.role_name, **READ)
pulumi.export("arn", plain.arn)
"""

USERS = """
user = ram.User("user", name="dev", display_name="Dev", mobile="86-18688888888", email="dev@example.com",
    comments="of B", force=True)
bare = ram.User("bare", name="Bare.User")
ram.LoginProfile("login", user_name=user.name, password="Recorded-Passw0rd!", password_reset_required=True,
    mfa_bind_required=False)
key = ram.AccessKey("key", user_name=user.name)
ram.AccessKey("inactive", user_name=user.name, status="Inactive")
policy = ram.Policy("policy", policy_name="own", policy_document=document("fc:Get*"))
ram.UserPolicyAttachment("custom", user_name=user.name, policy_name=policy.policy_name, policy_type="Custom")
ram.UserPolicyAttachment("system", user_name=bare.name, **READ)
pulumi.export("secret", pulumi.Output.secret(key.secret))
"""

GROUPS = """
users = [ram.User(name, name=name) for name in ("one", "two")]
group = ram.Group("group", group_name="operators", comments="c", force=True)
older = ram.Group("older", name="older")
ram.UserGroupAttachment("member", group_name=group.group_name, user_name=users[0].name)
ram.GroupMembership("members", group_name=older.name, user_names=[user.name for user in users])
policy = ram.Policy("policy", policy_name="of-groups", policy_document=document("fc:Get*"))
ram.GroupPolicyAttachment("custom", group_name=group.group_name, policy_name=policy.policy_name,
    policy_type="Custom")
ram.GroupPolicyAttachment("system", group_name=older.name, **READ)
pulumi.export("group", group.group_name)
"""

ACCOUNT = """
ram.AccountAlias("alias", account_alias="company-a")
ram.AccountPasswordPolicy("passwords", minimum_password_length=9, require_symbols=False, max_password_age=90,
    password_reuse_prevention=5, max_login_attempts=3, hard_expiry=True)
"""

OLDER_ALIAS = """
ram.Alias("alias", account_alias="older-name")
"""

FUNCTIONS = """
from pulumi_alicloud import fc
role = ram.Role("exec", role_name="exec", services=["fc.aliyuncs.com"])
function = fc.V3Function("function", function_name="report", runtime="python3.10", handler="index.handler",
    role=role.arn, memory_size=512, cpu=0.5, disk_size=512, timeout=60, description="d",
    environment_variables={"STAGE": "test"}, code={"zip_file": "UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA=="})
version = fc.V3FunctionVersion("version", function_name=function.function_name, description="first")
fc.V3Alias("alias", function_name=function.function_name, alias_name="live", version_id=version.version_id)
fc.V3Trigger("timer", function_name=function.function_name, trigger_name="timer", trigger_type="timer",
    qualifier="LATEST", trigger_config=json.dumps({"cronExpression": "@every 1h", "enable": False}))
fc.V3Trigger("web", function_name=function.function_name, trigger_name="web", trigger_type="http",
    qualifier="LATEST", trigger_config=json.dumps({"authType": "function", "methods": ["GET"]}))
fc.V3ConcurrencyConfig("concurrency", function_name=function.function_name, reserved_concurrency=7)
fc.V3AsyncInvokeConfig("later", function_name=function.function_name, max_async_retry_attempts=1,
    max_async_event_age_in_seconds=60)
"""

PROVIDERS = """
from pulumi_alicloud import ims
saml = ram.SamlProvider("saml", saml_provider_name="corp", description="sign-on",
    encodedsaml_metadata_document="@METADATA@")
ims.OidcProvider("oidc", oidc_provider_name="ci", issuer_url="https://ci.example.com", client_ids=["job"],
    fingerprints=["902ef2deeb3c5b13ea4c3d5193629309e231ae55"], description="jobs")
pulumi.export("saml", ram.get_saml_providers_output(ids=[saml.id]).names)
"""

LOOKUPS = """
role = ram.Role("role", role_name="reader", assume_role_policy_document=TRUST, tags={"k": "v"})
user = ram.User("user", name="dev")
group = ram.Group("group", group_name="ops")
policy = ram.Policy("policy", policy_name="own", policy_document=document("fc:Get*"))
names = [
    ram.RolePolicyAttachment("of-role", role_name=role.role_name, policy_name=policy.policy_name,
        policy_type="Custom"),
    ram.UserPolicyAttachment("of-user", user_name=user.name, **READ),
    ram.GroupPolicyAttachment("of-group", group_name=group.group_name, **READ),
    ram.UserGroupAttachment("member", group_name=group.group_name, user_name=user.name),
]
ready = pulumi.Output.all(*[name.id for name in names])

def after(value):
    return ready.apply(lambda _: value)

pulumi.export("roles", ram.get_roles_output(policy_name=after("own"), policy_type="Custom").names)
pulumi.export("tagged", ram.get_roles_output(name_regex=after("^rea"), tags={"k": "v"}).names)
pulumi.export("users", ram.get_users_output(group_name=after("ops")).names)
pulumi.export("readers", ram.get_users_output(policy_name=after("AliyunFCReadOnlyAccess"),
    policy_type="System").names)
pulumi.export("groups", ram.get_groups_output(user_name=after("dev")).names)
pulumi.export("policies", ram.get_policies_output(role_name=after("reader"), type="Custom").names)
pulumi.export("ofUser", ram.get_policies_output(user_name=after("dev"), type="System").names)
pulumi.export("attached", ram.get_role_policy_attachments_output(role_name=after("reader")).attachments.apply(
    lambda found: [item.policy_name for item in found]))
pulumi.export("system", ram.get_system_policys_output().policys.apply(lambda found: len(found)))
pulumi.export("alias", ram.get_account_aliases_output().account_alias)
pulumi.export("older", ram.get_account_alias_output().account_alias)
pulumi.export("account", alicloud.get_account_output().id)
pulumi.export("identity", alicloud.get_caller_identity_output().identity_type)
pulumi.export("document", ram.get_policy_document_output(statements=[
    {"effect": "Allow", "actions": ["fc:Get*"], "resources": ["*"]}]).document)
"""

SERVED = {
    "roles and policies": ROLES,
    "users, keys and logins": USERS,
    "groups": GROUPS,
    "alias and password policy": ACCOUNT,
    "alias by its older name": OLDER_ALIAS,
    "functions": FUNCTIONS,
}


def saml_metadata() -> str:
    """The metadata document of a SAML provider with a certificate of its own, as base64."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "idp")])
    begin = datetime(2026, 1, 1, tzinfo=timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=3650))
        .sign(key, hashes.SHA256())
    )
    shown = base64.b64encode(certificate.public_bytes(serialization.Encoding.DER)).decode()
    text = (
        '<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.example.com">'
        '<IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><KeyDescriptor '
        'use="signing"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>'
        f"{shown}</X509Certificate></X509Data></KeyInfo></KeyDescriptor></IDPSSODescriptor></EntityDescriptor>"
    )
    return base64.b64encode(text.encode()).decode()


@pytest.fixture
def account() -> Iterator[Account]:
    """Account A of a served cloud that has account B too."""
    with Cloud([A, B]) as cloud:
        yield cloud.accounts[A]
    assert not cloud.faults


@pytest.fixture
def deploy(tmp_path: Path, account: Account) -> Callable[[str], OneProgram]:
    """Makes the project of a program; skips where the CLI or the provider is not on the PATH."""
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        pytest.skip(f"not on the PATH: {', '.join(missing)}")
    return lambda text: OneProgram(tmp_path, account, HEAD + text)


@pytest.mark.parametrize("text", SERVED.values(), ids=SERVED)
def test_up_shows_nothing_more_and_comes_down(
    deploy: Callable[[str], OneProgram], account: Account, text: str
) -> None:
    """Up, then a preview and a refresh that show nothing, then destroy, which leaves the account empty."""
    program = deploy(text)
    program.up()

    assert program.preview() == {}
    assert program.refreshed() == {}
    program.destroy()
    assert account.ram.is_empty()
    assert account.fc.is_empty()


def test_identity_providers(deploy: Callable[[str], OneProgram], account: Account) -> None:
    """A SAML and an OIDC provider, and the lookup of the first, in the four steps."""
    program = deploy(PROVIDERS.replace("@METADATA@", saml_metadata()))

    assert program.up()["saml"] == ["corp"]
    assert program.preview() == {}
    assert program.refreshed() == {}
    program.destroy()
    assert (account.providers.saml, account.providers.oidc) == ({}, {})


def test_lookups_find_what_is_there(deploy: Callable[[str], OneProgram], account: Account) -> None:
    """Every data source, filtered in each of its ways, and the four steps."""
    account.alias = "company-a"
    program = deploy(LOOKUPS)
    found = program.up()

    assert (found["roles"], found["tagged"]) == (["reader"], ["reader"])
    assert (found["users"], found["readers"], found["groups"]) == (["dev"], ["dev"], ["ops"])
    assert (found["policies"], found["ofUser"]) == (["own"], ["AliyunFCReadOnlyAccess"])
    assert found["attached"] == ["own"]
    assert found["system"] > 0
    assert (found["alias"], found["older"]) == ("company-a", "company-a")
    assert (found["account"], found["identity"]) == (A, "Account")
    assert json.loads(found["document"])["Statement"][0]["Action"] == "fc:Get*"
    assert program.preview() == {}
    assert program.refreshed() == {}
    program.destroy()
    assert account.ram.is_empty()
