"""The older core SDK, `aliyun-python-sdk-core`, with its RAM and STS packages."""

from __future__ import annotations

import json

import pytest
from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.auth.credentials import StsTokenCredential
from aliyunsdkcore.client import AcsClient
from aliyunsdkram.request.v20150501.CreateRoleRequest import CreateRoleRequest
from aliyunsdkram.request.v20150501.GetRoleRequest import GetRoleRequest
from aliyunsdkram.request.v20150501.ListRolesRequest import ListRolesRequest
from aliyunsdksts.request.v20150401.AssumeRoleRequest import AssumeRoleRequest
from aliyunsdksts.request.v20150401.GetCallerIdentityRequest import GetCallerIdentityRequest

from tests.clients.scene import REGION, ROLE, A, B

TRUST = json.dumps(
    {
        "Version": "1",
        "Statement": [
            {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"RAM": [f"acs:ram::{B}:root"]}}
        ],
    }
)


@pytest.fixture
def ask(scene):
    """Sends a request of the core SDK to the cloud over HTTP, and gives the JSON answer."""
    clients = []

    def send(client, request, **fields):
        request.set_endpoint(scene.endpoint)
        request.set_protocol_type("http")
        request.set_accept_format("json")
        for name, value in fields.items():
            getattr(request, f"set_{name}")(value)
        clients.append(client)
        return json.loads(client.do_action_with_exception(request))

    yield send
    for client in clients:
        client.session.close()


def test_a_user_opens_a_session(scene, ask):
    """AssumeRole with the user's keys, then GetCallerIdentity with the session's."""
    client = AcsClient(*scene.partner, REGION)
    assert ask(client, GetCallerIdentityRequest())["Arn"] == f"acs:ram::{B}:user/dev"
    given = ask(client, AssumeRoleRequest(), RoleArn=ROLE, RoleSessionName="dev", DurationSeconds=900)
    keys = given["Credentials"]
    token = StsTokenCredential(keys["AccessKeyId"], keys["AccessKeySecret"], keys["SecurityToken"])
    session = AcsClient(region_id=REGION, credential=token)

    assert ask(session, GetCallerIdentityRequest())["Arn"] == f"acs:ram::{A}:assumed-role/fc-reader/dev"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_owner_writes_and_reads(scene, ask, method):
    """A role is made, read and listed, with everything in the query and with everything in the body."""
    client = AcsClient(*scene.owner, REGION)
    description = "AÜ ~*'()!+/=&?%2F"
    requests = [CreateRoleRequest(), GetRoleRequest(), ListRolesRequest()]
    for request in requests:
        request.set_method(method)
    create, get, listing = requests
    made = ask(client, create, RoleName="Made", AssumeRolePolicyDocument=TRUST, Description=description)[
        "Role"
    ]
    assert made["Description"] == description
    assert ask(client, get, RoleName="Made")["Role"]["AssumeRolePolicyDocument"] == TRUST
    first = ask(client, listing, MaxItems=1)
    assert first["IsTruncated"] is True
    second = ask(client, listing, MaxItems=1, Marker=first["Marker"])
    names = [page["Roles"]["Role"][0]["RoleName"] for page in (first, second)]

    assert names == ["fc-reader", "Made"]


def test_refusals_are_the_sdks_exceptions(scene, ask):
    """Status, code and request id; finding the string to sign the same, the SDK says the secret is wrong."""
    with pytest.raises(ServerException) as caught:
        ask(AcsClient(*scene.owner, REGION), GetRoleRequest(), RoleName="none")
    assert (caught.value.get_http_status(), caught.value.get_error_code()) == (404, "EntityNotExist.Role")
    assert caught.value.get_request_id()

    with pytest.raises(Exception, match="InvalidAccessKeySecret"):
        ask(AcsClient(scene.owner[0], "wrong" * 6, REGION), GetCallerIdentityRequest())
