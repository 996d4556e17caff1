"""Alibaba Cloud's Python SDKs: RAM, STS, Function Compute 3.0 and 2.0; V3 and V2 signatures; sync, async."""

from __future__ import annotations

import asyncio
import json

import pytest
from alibabacloud_fc20230330 import models as fc3
from alibabacloud_fc20230330.client import Client as Fc3Client
from alibabacloud_fc_open20210406 import models as fc2
from alibabacloud_fc_open20210406.client import Client as Fc2Client
from alibabacloud_ram20150501 import models as ram
from alibabacloud_ram20150501.client import Client as RamClient
from alibabacloud_sts20150401 import models as sts
from alibabacloud_sts20150401.client import Client as StsClient
from alibabacloud_tea_openapi.models import Config

from tests.clients.scene import ROLE, A, B

RAW = "AÜ ~*'()!+/=&?%2F"
"""A text that every canonicalization must encode in the one right way."""


@pytest.fixture(params=[None, "v2"], ids=["default", "v2"])
def config(request, scene):
    """A configuration for credentials, in one of the signature versions."""

    def make(key_id, secret, token=None):
        return Config(
            access_key_id=key_id,
            access_key_secret=secret,
            security_token=token,
            endpoint=scene.endpoint,
            protocol="HTTP",
            signature_algorithm=request.param,
        )

    make.algorithm = request.param
    return make


@pytest.fixture(params=["sync", "async"])
def call(request):
    """Calls a client's method, or its asynchronous form, and gives the answer's body."""
    if request.param == "sync":
        return lambda client, method, *arguments: getattr(client, method)(*arguments).body
    return lambda client, method, *arguments: asyncio.run(getattr(client, f"{method}_async")(*arguments)).body


@pytest.fixture
def session(scene, config, call):
    """A role session of A's role, opened by B's user; its identity is checked on the way."""
    client = StsClient(config(*scene.partner))
    identity = call(client, "get_caller_identity")
    assert (identity.identity_type, identity.account_id) == ("RAMUser", B)
    request = sts.AssumeRoleRequest(role_arn=ROLE, role_session_name="dev@x", duration_seconds=900)
    given = call(client, "assume_role", request).credentials
    return config(given.access_key_id, given.access_key_secret, given.security_token)


def test_a_session_reads_both_generations(session, call):
    """The session is the role's, lists A's functions and services, and may not invoke."""
    identity = call(StsClient(session), "get_caller_identity")
    assert identity.arn == f"acs:ram::{A}:assumed-role/fc-reader/dev@x"
    client = Fc3Client(session)
    listed = call(client, "list_functions", fc3.ListFunctionsRequest(prefix="rep", limit=10)).functions
    assert [function.function_name for function in listed] == ["report"]
    assert call(client, "get_function", "report", fc3.GetFunctionRequest()).runtime == "python3.10"
    services = call(Fc2Client(session), "list_services", fc2.ListServicesRequest(limit=5)).services
    assert [service.service_name for service in services] == ["jobs"]

    with pytest.raises(Exception, match="fc:InvokeFunction"):
        call(client, "invoke_function", "report", fc3.InvokeFunctionRequest(body=b""))


def test_the_owner_writes(scene, config, call):
    """Texts of every kind of character, lists, booleans, bodies and events arrive as they were sent."""
    rams, functions = RamClient(config(*scene.owner)), Fc3Client(config(*scene.owner))
    statement = {"Effect": "Allow", "Action": ["fc:Get*"], "Resource": ["*"]}
    document = json.dumps({"Version": "1", "Statement": [statement]}, indent=2)
    tag = ram.CreatePolicyRequestTag(key="k+/ä", value=RAW)
    request = ram.CreatePolicyRequest(policy_name="p", policy_document=document, description=RAW, tag=[tag])
    assert call(rams, "create_policy", request).policy.description == RAW
    got = call(rams, "get_policy", ram.GetPolicyRequest(policy_type="Custom", policy_name="p"))
    assert got.default_policy_version.policy_document == document
    listed = call(rams, "list_policies", ram.ListPoliciesRequest(policy_type="Custom", max_items=1))
    assert listed.policies.policy[0].tags.tag[0].tag_value == RAW

    body = fc3.CreateFunctionInput(
        function_name="made", runtime="python3.10", handler="index.handler", environment_variables={"X": RAW}
    )
    call(functions, "create_function", fc3.CreateFunctionRequest(body=body))
    got = call(functions, "get_function", "made", fc3.GetFunctionRequest())
    assert got.environment_variables == {"X": RAW}
    event = bytes(range(256)) if config.algorithm is None else RAW.encode()
    answer = call(functions, "invoke_function", "made", fc3.InvokeFunctionRequest(body=event)).read()
    # Signing by V2, the SDK itself sends an event as JSON and fails on bytes that are no text.
    assert answer == (event if config.algorithm is None else f'"{RAW}"'.encode())


def test_refusals_are_the_sdks_exceptions(scene, config, call):
    """Status, code, message and request id are where the SDK has them."""
    rams = RamClient(config(*scene.owner))
    with pytest.raises(Exception, match="The role does not exist") as caught:
        call(rams, "get_role", ram.GetRoleRequest(role_name="none"))

    assert (caught.value.status_code, caught.value.code) == (404, "EntityNotExist.Role")
    assert caught.value.request_id


def test_a_wrong_secret_is_refused(scene, config, call):
    """The signature is verified in each scheme."""
    client = StsClient(config(scene.partner[0], "wrong" * 6))
    with pytest.raises(Exception, match=r"[Ss]ignature") as caught:
        call(client, "get_caller_identity")

    assert caught.value.code == "SignatureDoesNotMatch"
