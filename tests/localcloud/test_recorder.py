"""The record of calls: everything that happened, nothing that signs."""

from __future__ import annotations

import json
from email.utils import formatdate

import pytest
from alibabacloud_fc20230330 import models as fc
from alibabacloud_fc20230330.client import Client as FcClient
from alibabacloud_ram20150501 import models as ram

from crossaccount.localcloud.account import RootKey
from crossaccount.localcloud.recorder import LEFT_OUT, is_secret, without_secrets
from tests.localcloud import raw
from tests.localcloud.delegation import config


def test_a_record_holds_calls_and_answers_without_secrets(cloud, delegation):
    """A whole delegation is recorded; no secret, token, password or signature of it is in the record."""
    record = cloud.record()
    role = delegation.role(delegation.trust())
    alice = delegation.user()
    credentials = delegation.assume(alice, role)
    root = delegation.ram_of(delegation.partner)
    root.create_login_profile(ram.CreateLoginProfileRequest(user_name="alice", password="Geheim-2026!"))
    settings = fc.CreateFunctionInput(
        function_name="f",
        runtime="python3.10",
        handler="a.b",
        environment_variables={"DB_PASSWORD": "hunter2"},
    )
    FcClient(config(delegation.owner.root_key)).create_function(fc.CreateFunctionRequest(body=settings))

    text = record.lines().decode()
    for secret in (
        alice.secret,
        credentials.access_key_secret,
        credentials.security_token,
        delegation.owner.root_key.secret,
        "Geheim-2026!",
        "hunter2",
        "Signature=",
    ):
        assert secret not in text
    calls = [json.loads(line) for line in text.splitlines()]
    assert [call["action"] for call in calls] == [
        "CreateRole",
        "CreateUser",
        "AttachPolicyToUser",
        "CreateAccessKey",
        "AssumeRole",
        "CreateLoginProfile",
        "CreateFunction",
    ]
    assert calls[3]["answer"]["AccessKey"]["AccessKeySecret"] == LEFT_OUT
    assert calls[4]["params"]["RoleArn"] == role
    assert calls[4]["accessKeyId"] == alice.key_id
    assert calls[6]["body"]["functionName"] == "f"


@pytest.mark.parametrize("scheme", ["RPC1", "ROA1", "FC"])
def test_the_text_of_a_wrong_signature_is_left_out(cloud, account_a, scheme):
    """A refusal repeats to the client all that it signed, secrets in it; the record does not."""
    record = cloud.record()
    token = "CAIS-of-somebody"
    wrong = RootKey(account_a.root_key.key_id, "wrong")
    rest = {"host": "127.0.0.1", "date": formatdate(usegmt=True), "x-acs-signature-nonce": "n"}
    request = {
        "RPC1": raw.rpc1(
            wrong, "CreateLoginProfile", {"UserName": "u", "Password": "Geheim-2026!"}, SecurityToken=token
        ),
        "ROA1": raw.Request(
            "GET",
            "/2023-03-30/functions",
            {
                **rest,
                "authorization": f"acs {wrong.key_id}:wrong",
                "x-acs-security-token": token,
                "x-acs-signature-method": "HMAC-SHA1",
                "x-acs-signature-version": "1.0",
            },
        ),
        "FC": raw.fc_signed(wrong, "GET", "/2016-08-15/services", x_fc_security_token=token),
    }[scheme]
    reply = request.sent_to(cloud.endpoint)

    assert token in reply.body.decode()
    assert record.to_json()[0]["signature"] == scheme
    for secret in (token, "Geheim-2026"):
        assert secret not in record.lines().decode()


def test_refused_calls_are_recorded_too(cloud, delegation):
    """Whatever was answered is there, from an unsigned call to an unknown action."""
    record = cloud.record()
    raw.Request("GET", "/?Action=GetRole&Version=2015-05-01", {"host": "127.0.0.1"}).sent_to(cloud.endpoint)
    raw.Request(
        "POST", "/", {"host": "127.0.0.1", "content-type": "application/x-www-form-urlencoded"}, b"%"
    ).sent_to(cloud.endpoint)
    raw.acs3(delegation.owner.root_key, "Nonsense").sent_to(cloud.endpoint)

    assert [(call["status"], call["signature"]) for call in record.to_json()] == [
        (400, None),
        (400, None),
        (501, None),
    ]


def test_nothing_is_recorded_before_and_after(cloud, account_a):
    """A record begins and ends when it is told to; who holds it keeps it; a new one is empty."""
    ask = lambda: raw.acs3(account_a.root_key, "ListRoles").sent_to(cloud.endpoint)  # noqa: E731  a call
    ask()
    first = cloud.record()
    ask()
    second = cloud.record()
    cloud.stop_recording()
    ask()

    assert (len(first), len(second), cloud.recorder) == (1, 0, None)


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("AccessKeySecret", True),
        ("SecurityToken", True),
        ("x-fc-security-token", True),
        ("NewPassword", True),
        ("Authorization", True),
        ("SignatureNonce", True),
        ("OIDCToken", True),
        ("SAMLAssertion", True),
        ("environmentVariables", True),
        ("zipFile", True),
        ("AccessKeyId", False),
        ("RoleArn", False),
        ("PolicyDocument", False),
    ],
)
def test_names_tell_what_is_secret(name, secret):
    """A field is left out by its name, however it is spelled."""
    assert is_secret(name) is secret
    assert (without_secrets([{name: "v"}])[0][name] == LEFT_OUT) is secret
