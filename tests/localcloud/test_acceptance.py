"""The acceptance matrix of a cross-account grant, through the real SDKs: granted, narrowed, revoked."""

from __future__ import annotations

import pytest
from alibabacloud_fc20230330 import models as fc
from alibabacloud_fc20230330.client import Client as FcClient
from alibabacloud_ram20150501 import models as ram
from alibabacloud_ram20150501.client import Client as RamClient
from alibabacloud_sts20150401.client import Client as StsClient
from alibabacloud_tea_openapi.models import Config

from tests.localcloud.delegation import REGION, config, functions, refused, trusting

READ_ONLY = "AliyunFCReadOnlyAccess"


@pytest.fixture
def granted(delegation):
    """The seed's story up to the session: the role's ARN, the user's key, the session's credentials."""
    owner = FcClient(config(delegation.owner.root_key))
    owner.create_function(
        fc.CreateFunctionRequest(
            body=fc.CreateFunctionInput(
                function_name="orders",
                runtime="python3.10",
                handler="index.handler",
                code=fc.InputCodeLocation(zip_file="UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA=="),
            )
        )
    )
    role = delegation.role(delegation.trust(), policy=READ_ONLY)
    alice = delegation.user()
    return role, alice, delegation.assume(alice, role)


def as_session(credentials) -> Config:
    """An SDK configuration for a session."""
    return Config(
        access_key_id=credentials.access_key_id,
        access_key_secret=credentials.access_key_secret,
        security_token=credentials.security_token,
        region_id=REGION,
    )


def test_the_session_reads_the_owners_functions(delegation, granted):
    """The partner's session lists and gets A's functions, under A's account id."""
    client = functions(granted[2])

    listed = client.list_functions(fc.ListFunctionsRequest()).body.functions

    arn = f"acs:fc:{REGION}:{delegation.owner.id}:functions/orders"
    assert [function.function_arn for function in listed] == [arn]
    assert client.get_function("orders", fc.GetFunctionRequest()).body.function_arn == arn


def test_the_session_does_nothing_the_role_does_not_allow(granted):
    """Invoke, create and delete are refused, and so is RAM, each in its product's words."""
    client = functions(granted[2])

    with refused("AccessDenied") as refusal:
        client.invoke_function("orders", fc.InvokeFunctionRequest())
    assert "is not authorized to perform 'fc:InvokeFunction' on resource 'acs:fc:" in refusal.value.message
    with refused("AccessDenied"):
        client.delete_function("orders")
    with refused("AccessDenied"):
        client.create_function(fc.CreateFunctionRequest(body=fc.CreateFunctionInput(function_name="new")))
    with refused("NoPermission") as refusal:
        RamClient(as_session(granted[2])).list_roles(ram.ListRolesRequest())
    assert "Action: ram:ListRoles" in refusal.value.message


def test_detaching_the_policy_stops_the_live_session(delegation, granted):
    """A detached policy counts for the next call, save GetCallerIdentity; attaching it again revives."""
    session = functions(granted[2])
    owner = delegation.ram_of(delegation.owner)
    names = {"role_name": "fc-reader", "policy_name": READ_ONLY, "policy_type": "System"}

    owner.detach_policy_from_role(ram.DetachPolicyFromRoleRequest(**names))
    with refused("AccessDenied"):
        session.list_functions(fc.ListFunctionsRequest())
    assert StsClient(as_session(granted[2])).get_caller_identity().body.account_id == delegation.owner.id
    with refused("EntityNotExist.Role.Policy", 404):
        owner.detach_policy_from_role(ram.DetachPolicyFromRoleRequest(**names))
    owner.attach_policy_to_role(ram.AttachPolicyToRoleRequest(**names))
    with refused("EntityAlreadyExists.Role.Policy", 409):
        owner.attach_policy_to_role(ram.AttachPolicyToRoleRequest(**names))
    assert session.list_functions(fc.ListFunctionsRequest()).body.functions


def test_revoking_ends_everything(delegation, granted):
    """The role goes only after its policies; then the session is dead and cannot be opened again."""
    role, alice, credentials = granted
    owner = delegation.ram_of(delegation.owner)

    with refused("DeleteConflict.Role.Policy", 409):
        owner.delete_role(ram.DeleteRoleRequest(role_name="fc-reader"))
    owner.detach_policy_from_role(
        ram.DetachPolicyFromRoleRequest(role_name="fc-reader", policy_name=READ_ONLY, policy_type="System")
    )
    owner.delete_role(ram.DeleteRoleRequest(role_name="fc-reader"))

    with refused("InvalidSecurityToken.Expired", 400):
        functions(credentials).list_functions(fc.ListFunctionsRequest())
    with refused("EntityNotExist.Role", 404):
        delegation.assume(alice, role)
    delegation.role(delegation.trust(), policy=READ_ONLY)
    with refused("InvalidSecurityToken.Expired", 400):
        functions(credentials).list_functions(fc.ListFunctionsRequest())


@pytest.mark.parametrize(
    ("given", "code"),
    [("nothing", "NoPermission"), ("another account", "NoPermission"), ("another user", "NoPermission")],
)
def test_a_caller_outside_the_grant_is_refused(delegation, given, code):
    """No policy of its own, a trust in another account, a trust in another user: the same answer for each."""
    delegation.user(name="bob")
    alice = (
        delegation.user({"Effect": "Allow", "Action": "fc:*", "Resource": "*"})
        if given == "nothing"
        else None
    )
    principal = {
        "nothing": f"acs:ram::{delegation.partner.id}:root",
        "another account": f"acs:ram::{delegation.owner.id}:root",
        "another user": f"acs:ram::{delegation.partner.id}:user/bob",
    }[given]
    role = delegation.role(trusting(principal))

    with refused(code) as refusal:
        delegation.assume(alice or delegation.user(), role)
    assert (
        "You are not authorized to do this action. You should be authorized by RAM." in refusal.value.message
    )


def test_a_user_of_another_account_sees_only_its_own(delegation, granted):
    """B's administrator, who may do everything in B, finds none of A's functions."""
    administrator = delegation.user({"Effect": "Allow", "Action": "*", "Resource": "*"}, name="admin")

    assert FcClient(config(administrator)).list_functions(fc.ListFunctionsRequest()).body.functions == []
    with refused("EntityNotExist.Role", 404):
        RamClient(config(administrator)).get_role(ram.GetRoleRequest(role_name="fc-reader"))
