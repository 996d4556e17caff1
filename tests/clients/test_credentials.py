"""`alibabacloud-credentials`: static keys, a session's keys, a role it assumes itself, a credentials URI."""

from __future__ import annotations

import http.server
import json
import threading

import pytest
from alibabacloud_credentials.client import Client as Credentials
from alibabacloud_credentials.models import Config as CredentialsConfig
from alibabacloud_sts20150401 import models as sts
from alibabacloud_sts20150401.client import Client as StsClient
from alibabacloud_tea_openapi.models import Config
from Tea.core import TeaCore

from tests.clients.scene import ROLE, A, B

ASSUMED = f"acs:ram::{A}:assumed-role/fc-reader/dev"


@pytest.fixture
def whoami(scene):
    """The ARN that STS answers to a client that takes its keys from a credentials object."""

    def ask(**fields):
        credential = Credentials(CredentialsConfig(**fields))
        config = Config(credential=credential, endpoint=scene.endpoint, protocol="HTTP")
        return StsClient(config).get_caller_identity().body.arn

    return ask


@pytest.fixture
def session(scene):
    """A session's credentials as STS answers them."""
    key_id, secret = scene.partner
    config = Config(access_key_id=key_id, access_key_secret=secret, endpoint=scene.endpoint, protocol="HTTP")
    request = sts.AssumeRoleRequest(role_arn=ROLE, role_session_name="dev")
    return StsClient(config).assume_role(request).body.credentials


def test_static_keys(scene, whoami):
    """`access_key`: the user's own keys."""
    key_id, secret = scene.partner

    assert whoami(type="access_key", access_key_id=key_id, access_key_secret=secret) == (
        f"acs:ram::{B}:user/dev"
    )


def test_a_sessions_keys(session, whoami):
    """`sts`: keys and token of a session."""
    given = {
        "access_key_id": session.access_key_id,
        "access_key_secret": session.access_key_secret,
        "security_token": session.security_token,
    }
    assert whoami(type="sts", **given) == ASSUMED
    with pytest.raises(Exception, match=r"InvalidSecurityToken\.Malformed|MissingSecurityToken"):
        whoami(type="sts", **given | {"security_token": "other"})


@pytest.fixture
def trusted(scene, monkeypatch):
    """Makes this process trust the cloud's own authority, as `SSL_CERT_FILE` does anywhere."""
    monkeypatch.setenv("SSL_CERT_FILE", str(scene.cloud.ca_file))
    yield
    for connections in TeaCore._sessions.values():
        connections.close()


def test_a_role_it_assumes_itself(scene, whoami, trusted):
    """`ram_role_arn` insists on HTTPS, and trusts the cloud's authority when it is told to."""
    key_id, secret = scene.partner
    arn = whoami(
        type="ram_role_arn",
        access_key_id=key_id,
        access_key_secret=secret,
        role_arn=ROLE,
        role_session_name="dev",
        sts_endpoint=scene.endpoint,
    )

    assert arn == ASSUMED


class Uri(http.server.BaseHTTPRequestHandler):
    """Answers what the provider of a credentials URI answers."""

    def do_GET(self):
        """The credentials."""
        body = self.server.answer
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments):
        """Says nothing."""


def test_a_credentials_uri(session, whoami):
    """`credentials_uri`: a session's keys from an HTTP address."""
    server = http.server.HTTPServer(("127.0.0.1", 0), Uri)
    server.answer = json.dumps(
        {
            "Code": "Success",
            "AccessKeyId": session.access_key_id,
            "AccessKeySecret": session.access_key_secret,
            "SecurityToken": session.security_token,
            "Expiration": session.expiration,
        }
    ).encode()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        address = f"http://127.0.0.1:{server.server_address[1]}/keys"
        assert whoami(type="credentials_uri", credentials_uri=address) == ASSUMED
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        for connections in TeaCore._sessions.values():
            connections.close()
