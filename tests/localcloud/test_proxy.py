"""One port for every product and region: the host says which, and the port also works as an HTTP proxy."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from alibabacloud_fc20230330 import models as fc
from alibabacloud_fc20230330.client import Client as FcClient
from alibabacloud_sts20150401.client import Client as StsClient
from alibabacloud_tea_openapi.models import Config

from crossaccount.localcloud import Cloud
from tests.localcloud import raw
from tests.localcloud.delegation import config, refused

A, B = "1234567890120000", "1345678901230000"


@pytest.fixture
def served():
    """A cloud that nothing is patched for."""
    with Cloud([A, B]) as cloud:
        yield cloud


def list_functions(cloud: Cloud, host: str, *, target: str = "", **headers: str) -> raw.Reply:
    """A signed ListFunctions with this Host header."""
    key = cloud.accounts[A].root_key
    request = raw.acs3(
        key,
        "ListFunctions",
        method="GET",
        path="/2023-03-30/functions",
        version="2023-03-30",
        host=host,
        **headers,
    )
    return replace(request, target=target or request.target).sent_to(cloud.endpoint)


def test_an_unmodified_sdk_reaches_every_region_through_http_proxy(served):
    """With http_proxy set, each region's endpoint is its own place, all on one port."""
    key = served.accounts[A].root_key
    for region in ("cn-beijing", "eu-central-1"):
        client = FcClient(
            Config(
                access_key_id=key.key_id,
                access_key_secret=key.secret,
                endpoint=f"fcv3.{region}.aliyuncs.com",
                protocol="HTTP",
                http_proxy=served.url,
            )
        )
        made = client.create_function(
            fc.CreateFunctionRequest(
                body=fc.CreateFunctionInput(
                    function_name=f"in-{region}", runtime="python3.10", handler="index.handler"
                )
            )
        )
        assert made.body.function_arn == f"acs:fc:{region}:{A}:functions/in-{region}"
        listed = client.list_functions(fc.ListFunctionsRequest()).body.functions
        assert [function.function_name for function in listed] == [f"in-{region}"]


@pytest.mark.parametrize(
    ("host", "region"),
    [
        ("fcv3.cn-beijing.aliyuncs.com", "cn-beijing"),
        (f"{A}.cn-shanghai.fc.aliyuncs.com", "cn-shanghai"),
        (f"{A}.cn-shanghai-internal.fc.aliyuncs.com", "cn-shanghai"),
        ("cn-hongkong.fc.aliyuncs.com", "cn-hongkong"),
        ("127.0.0.1:1", "cn-hangzhou"),
        ("http://localhost", "cn-hangzhou"),
    ],
)
def test_the_host_names_the_region(served, host, region):
    """A function made under a host lies in the region it names."""
    key = served.accounts[A].root_key
    request = raw.acs3(
        key,
        "CreateFunction",
        path="/2023-03-30/functions",
        version="2023-03-30",
        host=host,
        body=b'{"functionName": "f", "runtime": "python3.10", "handler": "a.b"}',
    )

    assert request.sent_to(served.endpoint).json["functionArn"] == f"acs:fc:{region}:{A}:functions/f"


def test_another_accounts_place_is_not_the_callers(served):
    """A host prefix or X-Fc-Account-Id of another account is refused, an empty one ignored."""
    message = "The service or function doesn't belong to you."

    for reply in (
        list_functions(served, f"{B}.cn-hangzhou.fc.aliyuncs.com"),
        list_functions(served, "127.0.0.1", x_fc_account_id=B),
    ):
        assert (reply.status, reply.code, reply.json["Message"]) == (403, "AccessDenied", message)
    assert list_functions(served, "127.0.0.1", x_fc_account_id="").status == 200
    assert list_functions(served, "127.0.0.1", x_fc_account_id=A).status == 200


@pytest.mark.parametrize("host", ["example.com", "ram.aliyuncs.com.example.com", "ecs.aliyuncs.com", ""])
def test_a_foreign_host_is_refused_by_name(served, host):
    """A host that is nobody's here is a loud error."""
    reply = list_functions(served, host)

    assert (reply.status, reply.code) == (400, "InvalidHost")
    assert f"`{host}`" in reply.json["Message"]


def test_a_product_answers_only_at_its_own_host(served):
    """RAM is not served at the host of STS, nor Function Compute 3.0 at that of 2.0."""
    key = served.accounts[A].root_key
    ram_at_sts = raw.acs3(key, "ListRoles", host="sts.cn-hangzhou.aliyuncs.com").sent_to(served.endpoint)
    fc_at_ram = list_functions(served, "ram.aliyuncs.com")
    three_at_two = list_functions(served, "fc.cn-hangzhou.aliyuncs.com")

    assert {ram_at_sts.code, fc_at_ram.code, three_at_two.code} == {"InvalidVersion"}


def test_an_absolute_target_is_the_path_it_contains(served):
    """The absolute form, as a proxy is asked, is signed and routed by its path and query."""
    host = "fcv3.cn-beijing.aliyuncs.com"

    assert list_functions(served, host, target=f"http://{host}/2023-03-30/functions").status == 200
    other = list_functions(served, host, target=f"http://{host}/2023-03-30/function")
    assert other.code in {"SignatureDoesNotMatch", "NotImplemented"}
    rpc = raw.rpc1(served.accounts[A].root_key, "GetCallerIdentity")
    proxied = replace(rpc, target=f"http://sts.aliyuncs.com{rpc.target[1:]}")
    assert proxied.sent_to(served.endpoint).status == 200


@pytest.mark.parametrize(
    "settings",
    [
        {"region_id": "cn-hangzhou"},
        {"region_id": "eu-central-1", "signature_algorithm": "v2"},
        {"endpoint": "sts.aliyuncs.com", "protocol": "HTTPS"},
        {"endpoint": "sts-vpc.cn-beijing.aliyuncs.com", "protocol": "HTTP"},
        {"endpoint": "127.0.0.1:1", "protocol": "HTTP"},
    ],
    ids=lambda settings: "-".join(settings.values()),
)
def test_the_fixture_points_every_client_at_the_cloud(cloud, account_b, monkeypatch, settings):
    """Whatever endpoint, protocol or signature, in both forms, and whatever proxy the environment names."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "*")
    key = account_b.root_key
    client = StsClient(Config(access_key_id=key.key_id, access_key_secret=key.secret, **settings))

    assert client.get_caller_identity().body.account_id == B
    assert asyncio.run(client.get_caller_identity_async()).body.account_id == B


def test_the_credentials_library_assumes_roles_here_too(cloud, delegation):
    """Credentials that assume a role by themselves get their session from the same cloud."""
    from alibabacloud_credentials.client import Client as Credentials  # noqa: PLC0415  slow to import
    from alibabacloud_credentials.models import Config as CredentialsConfig  # noqa: PLC0415

    role = delegation.role(delegation.trust())
    alice = delegation.user()
    credentials = Credentials(
        CredentialsConfig(
            type="ram_role_arn",
            access_key_id=alice.key_id,
            access_key_secret=alice.secret,
            role_arn=role,
            role_session_name="library",
        )
    )

    found = credentials.get_credential()

    assert cloud.sessions.find(found.access_key_id).name == "library"


def test_the_fixture_takes_everything_back():
    """Outside the fixture the SDK's seam is the SDK's own."""
    from darabonba.core import DaraCore  # noqa: PLC0415
    from Tea.core import TeaCore  # noqa: PLC0415

    for core in (DaraCore, TeaCore):
        assert core.do_action.__module__ == core.__module__
        assert not hasattr(core.do_action, "__wrapped__")


def test_what_is_not_here_is_a_loud_named_error(cloud, account_a):
    """An action or path nobody implemented is a 501 that names it, and is counted."""
    unknown = raw.acs3(account_a.root_key, "GetAccountMFAInfo").sent_to(cloud.endpoint)
    client = FcClient(config(account_a.root_key))

    assert (unknown.status, unknown.code) == (501, "NotImplemented")
    assert "`GetAccountMFAInfo` of Ram 2015-05-01" in unknown.json["Message"]
    with pytest.raises(Exception, match="ListLayers"):
        client.list_layers(fc.ListLayersRequest())
    listed = raw.Request("GET", "/_local/unimplemented", {"host": "127.0.0.1"}).sent_to(cloud.endpoint).json
    assert [entry["action"].split()[0] for entry in listed["unimplemented"]] == [
        "ListLayers",
        "GetAccountMFAInfo",
    ]


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"Action": "GetRole"}, "MissingVersion"),
        ({"Version": "2015-05-01"}, "MissingAction"),
        ({"Action": "GetRole", "Version": "2014-01-01"}, "InvalidVersion"),
    ],
)
def test_a_call_without_a_name_is_a_named_400(cloud, params, code):
    """A missing or unknown action or version is told apart."""
    reply = raw.Request("GET", f"/?{raw.encoded(params)}", {"host": "127.0.0.1"}).sent_to(cloud.endpoint)

    assert (reply.status, reply.code) == (400, code)


def test_a_header_and_a_parameter_that_name_two_actions_are_refused(cloud, account_a):
    """Under RPC V1 the header x-acs-action is unsigned, so it may only repeat what was signed."""
    request = raw.rpc1(account_a.root_key, "GetCallerIdentity")
    renamed = replace(request, headers={**request.headers, "x-acs-action": "DeleteRole"})
    repeated = replace(request, headers={**request.headers, "x-acs-action": "GetCallerIdentity"})

    assert renamed.sent_to(cloud.endpoint).code == "InvalidParameter.Format"
    assert repeated.sent_to(cloud.endpoint).status == 200


def test_a_wrong_method_or_path_is_refused(cloud):
    """RPC takes GET and POST; a path that is no product's is not found."""
    put = raw.Request("PUT", "/?Action=GetRole&Version=2015-05-01", {"host": "127.0.0.1"})
    stray = raw.Request("GET", "/2024-01-01/functions", {"host": "127.0.0.1"})

    assert put.sent_to(cloud.endpoint).code == "UnsupportedHTTPMethod"
    assert stray.sent_to(cloud.endpoint).code == "InvalidApi.NotFound"


def test_each_product_writes_errors_in_its_own_shape(cloud, delegation):
    """RAM names its host and a troubleshooter, FC 3.0 does not, FC 2.0 native has fields of its own."""
    bob = delegation.user({"Effect": "Deny", "Action": "*", "Resource": "*"}, name="bob")
    rpc = raw.acs3(bob, "ListRoles").sent_to(cloud.endpoint)
    pop = raw.acs3(bob, "ListFunctions", method="GET", path="/2023-03-30/functions", version="2023-03-30")
    native = raw.fc_signed(bob, "GET", "/2016-08-15/services").sent_to(cloud.endpoint)

    assert set(rpc.json) == {"RequestId", "HostId", "Code", "Message", "Recommend", "AccessDeniedDetail"}
    assert rpc.json["HostId"] == "ram.aliyuncs.com"
    assert rpc.json["Recommend"].endswith(f"?q=NoPermission&product=Ram&requestId={rpc.json['RequestId']}")
    answer = pop.sent_to(cloud.endpoint)
    assert set(answer.json) == {"RequestId", "Code", "Message", "AccessDeniedDetail"}
    assert answer.headers["x-fc-request-id"] == answer.json["RequestId"]
    assert set(native.json) == {"ErrorCode", "ErrorMessage"}
    assert native.headers["x-fc-request-id"].startswith("1-")
    with refused("NoPermission"):
        delegation.assume(bob, delegation.role(delegation.trust()))
