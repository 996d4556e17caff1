"""One port for HTTP and HTTPS, under a throw-away authority, and a proxy for clients that insist on TLS."""

from __future__ import annotations

import socket
import ssl
import threading
from dataclasses import replace

import pytest
import requests
from alibabacloud_fc20230330 import models as fc
from alibabacloud_fc20230330.client import Client as FcClient
from alibabacloud_ram20150501 import models as ram
from alibabacloud_ram20150501.client import Client as RamClient
from alibabacloud_tea_openapi.models import Config
from cryptography import x509

from crossaccount.localcloud import Cloud
from crossaccount.localcloud.authority import Authority
from tests.localcloud import raw
from tests.localcloud.delegation import refused

A = "1234567890120000"
READER = {"name": "reader", "policies": ["over-tls"], "accessKeys": [{}]}
OVER_TLS = {
    "name": "over-tls",
    "document": {
        "Version": "1",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "ram:ListRoles",
                "Resource": "*",
                "Condition": {"Bool": {"acs:SecureTransport": "true"}},
            }
        ],
    },
}


@pytest.fixture
def served():
    """A cloud that nothing is patched for; no fault inside."""
    with Cloud([A]) as cloud:
        yield cloud
    assert list(cloud.faults) == []


def handshake(cloud: Cloud, name: str | None, trusted: Authority | None = None) -> dict:
    """The certificate shown to a client that names this host and trusts this authority."""
    context = ssl.create_default_context(cafile=str((trusted or cloud).ca_file))
    context.check_hostname = name is not None
    host, port = cloud.endpoint.split(":")
    with (
        socket.create_connection((host, int(port)), timeout=5) as plain,
        context.wrap_socket(plain, server_hostname=name) as secured,
    ):
        return secured.getpeercert()


def test_one_port_answers_http_and_https(served):
    """The same address speaks both, to a client that trusts the CA file."""
    ca = str(served.ca_file)

    assert served.https_endpoint == served.endpoint
    for name in (served.endpoint, served.endpoint.replace("127.0.0.1", "localhost")):
        assert requests.get(f"https://{name}/_local/health", verify=ca, timeout=5).status_code == 200
    assert requests.get(f"http://{served.endpoint}/_local/health", timeout=5).status_code == 200


def test_an_sdk_client_over_https_is_a_secure_caller(served):
    """The Python SDK with protocol HTTPS works unmodified, and its calls count as made over TLS."""
    served.seed({"accounts": [{"id": A, "users": [READER], "policies": [OVER_TLS]}]})
    [key] = served.accounts[A].ram.users["reader"].access_keys.values()

    def roles(protocol: str) -> list:
        config = Config(
            access_key_id=key.key_id,
            access_key_secret=key.secret,
            endpoint=served.endpoint,
            protocol=protocol,
            ca=str(served.ca_file),
        )
        return RamClient(config).list_roles(ram.ListRolesRequest()).body.roles.role

    assert roles("HTTPS") == []
    with refused("NoPermission"):
        roles("HTTP")


@pytest.mark.parametrize("host", ["fcv3.ap-northeast-1.aliyuncs.com", f"{A}.cn-beijing.fc.aliyuncs.com"])
def test_https_proxy_reaches_every_host_under_its_own_name(served, host):
    """A tunnel by CONNECT ends here, under a certificate for the host that was asked for."""
    key = served.accounts[A].root_key
    client = FcClient(
        Config(
            access_key_id=key.key_id,
            access_key_secret=key.secret,
            endpoint=host,
            protocol="HTTPS",
            https_proxy=served.url,
            ca=str(served.ca_file),
        )
    )
    wanted = fc.CreateFunctionInput(function_name="f", runtime="python3.10", handler="a.b")

    made = client.create_function(fc.CreateFunctionRequest(body=wanted)).body

    region = "ap-northeast-1" if "ap-northeast-1" in host else "cn-beijing"
    assert made.function_arn == f"acs:fc:{region}:{A}:functions/f"


@pytest.mark.parametrize("name", ["ram.aliyuncs.com", "sts.cn-hangzhou.aliyuncs.com", "localhost"])
def test_each_host_is_shown_a_certificate_of_its_own(served, name):
    """The certificate is for the name that the client asked for."""
    assert ("DNS", name) in handshake(served, name)["subjectAltName"]


@pytest.mark.parametrize("name", ["example.com", "aliyuncs.com.example.com", "ecs.aliyuncs.com"])
def test_no_certificate_is_made_for_a_foreign_host(served, name):
    """A name that is not served is refused in the handshake."""
    with pytest.raises(ssl.SSLError, match=r"(?i)unrecognized.name"):
        handshake(served, name)


def test_another_clouds_authority_is_not_trusted(served):
    """Each cloud has an authority of its own."""
    other = Authority()
    try:
        with pytest.raises(ssl.SSLCertVerificationError):
            handshake(served, "localhost", other)
    finally:
        other.close()


def test_the_authority_can_vouch_for_nothing_else(served):
    """Its certificate is constrained to loopback names and Alibaba Cloud's, and for leaves only."""
    certificate = x509.load_pem_x509_certificate(served.ca_file.read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.NameConstraints)
    basic = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value

    assert names.critical
    assert [str(each.value) for each in names.value.permitted_subtrees] == [
        "localhost",
        "aliyuncs.com",
        "127.0.0.0/8",
        "::1/128",
    ]
    assert (basic.ca, basic.path_length) == (True, 0)


def test_the_ca_file_holds_no_key_and_goes_when_the_cloud_stops():
    """Nothing that signs is on disk, and nothing is left."""
    with Cloud([A]) as cloud:
        folder = cloud.ca_file.parent

        assert [path.name for path in folder.iterdir()] == ["ca.pem"]
        assert b"PRIVATE" not in cloud.ca_file.read_bytes()
    assert not folder.exists()


def test_a_cloud_that_nobody_asks_over_https_makes_no_certificate(served):
    """Plain calls pay for no authority."""
    requests.get(f"{served.url}/_local/health", timeout=5)

    assert served._authority is None


def test_a_large_body_and_many_calls_go_through_tls(served):
    """Bodies in many records, both ways, and one connection for several calls."""
    key = served.accounts[A].root_key
    name = "g" * 60
    body = b'{"functionName": "%s", "runtime": "python3.10", "handler": "a.b", "description": "%s"}' % (
        name.encode(),
        b"d" * 250,
    )
    made = raw.acs3(key, "CreateFunction", path="/2023-03-30/functions", version="2023-03-30", body=body)
    with requests.Session() as session:
        session.trust_env = False
        session.verify = str(served.ca_file)
        url = f"https://{served.https_endpoint}"
        assert session.post(url + made.target, made.body, headers=made.headers, timeout=5).status_code == 200
        padded = session.post(f"{url}/2023-03-30/functions", b" " * 3_000_000, timeout=10)
        assert padded.json()["Code"] == "MissingAccessKeyId"
        state = session.get(f"{url}/_local/state", timeout=5)
        assert name in state.text


@pytest.mark.parametrize(
    "junk",
    [b"\x16", b"\x16\x03\x01\x00\x05hello", b"\x16\x03\x01\xff\xff" + b"\0" * 70000, b"\x16" * 500],
)
def test_what_only_looks_like_tls_ends_the_connection(served, junk):
    """A broken hello gets an alert or nothing, and the cloud goes on."""
    host, port = served.endpoint.split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(junk)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        try:
            while part := connection.recv(4096):
                answer += part
        except ConnectionResetError:
            pass

    assert answer[:1] in (b"", b"\x15")
    assert requests.get(f"{served.url}/_local/health", timeout=5).status_code == 200


def test_a_tunnel_inside_a_tunnel_is_refused(served):
    """CONNECT is for plain connections."""
    request = raw.Request("CONNECT", "ram.aliyuncs.com:443", {"host": "ram.aliyuncs.com:443"})
    context = ssl.create_default_context(cafile=str(served.ca_file))
    host, port = served.endpoint.split(":")
    with (
        socket.create_connection((host, int(port)), timeout=5) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as secured,
    ):
        secured.sendall(f"CONNECT {request.target} HTTP/1.1\r\nhost: {request.target}\r\n\r\n".encode())

        assert b"refused inside TLS" in secured.recv(4096)


def test_open_tls_connections_do_not_keep_the_cloud_from_stopping():
    """Half a handshake and an idle TLS connection end with the cloud, and no thread stays."""
    before = threading.active_count()
    with Cloud([A]) as cloud:
        host, port = cloud.endpoint.split(":")
        half = socket.create_connection((host, int(port)))
        half.sendall(b"\x16\x03\x01\x02\x00\x01")
        context = ssl.create_default_context(cafile=str(cloud.ca_file))
        idle = context.wrap_socket(socket.create_connection((host, int(port))), server_hostname="localhost")
    half.close()
    idle.close()

    assert threading.active_count() == before


def test_the_signature_covers_the_host_of_the_tunnel(served):
    """Inside a tunnel a request is checked like any other."""
    request = raw.acs3(served.accounts[A].root_key, "GetCallerIdentity", host="sts.aliyuncs.com")
    forged = replace(request, headers={**request.headers, "host": "sts.cn-beijing.aliyuncs.com"})
    for sent, status in ((request, 200), (forged, 400)):
        answer = requests.post(
            f"https://{sent.headers['host']}{sent.target}",
            headers={**sent.headers},
            proxies={"https": served.url},
            verify=str(served.ca_file),
            timeout=5,
        )
        assert answer.status_code == status
