"""The state of a cloud goes out as JSON and comes in again, with nothing lost and nothing repeated."""

from __future__ import annotations

import json
import time

import pytest
from alibabacloud_ram20150501 import models as ram

from crossaccount.localcloud import Cloud
from crossaccount.localcloud.clock import Clock
from crossaccount.localcloud.ram import totp
from tests.localcloud import raw
from tests.localcloud.delegation import Key, document
from tests.localcloud.identity_provider import CLIENT, ISSUER, OidcIssuer, SamlIdp

A = "1234567890120000"


def test_a_restored_cloud_goes_on_where_the_other_stopped(cloud, delegation):
    """Roles, users, keys, sessions with their policy, the clock: all answer as before."""
    cloud.clock.advance(3600)
    role = delegation.role(delegation.trust(), policy="AliyunFCReadOnlyAccess")
    alice = delegation.user()
    narrow = document({"Effect": "Allow", "Action": "fc:ListFunctions", "Resource": "*"})
    credentials = delegation.assume(alice, role, policy=narrow, source_identity="alice")
    text = json.dumps(cloud.to_json(), sort_keys=True)

    restored = Cloud.from_json(json.loads(text))

    assert json.dumps(restored.to_json(), sort_keys=True) == text
    session = Key(credentials.access_key_id, credentials.access_key_secret)
    with restored:

        def status(path: str, action: str) -> int:
            request = raw.acs3(
                session,
                action,
                method="GET",
                path=path,
                version="2023-03-30",
                token=credentials.security_token,
            )
            return request.sent_to(restored.endpoint).status

        assert raw.acs3(alice, "GetCallerIdentity").sent_to(restored.endpoint).status == 200
        assert status("/2023-03-30/functions", "ListFunctions") == 200
        assert status("/2023-03-30/functions/f", "GetFunction") == 403
        restored.clock.advance(3601)
        assert status("/2023-03-30/functions", "ListFunctions") == 400


def test_whom_others_vouch_for_and_second_factors_are_in_it():
    """Identity providers with their keys, and a bound MFA device, are as good after a restore as before."""
    now = time.time()
    issuer, provider = OidcIssuer(), f"acs:ram::{A}:oidc-provider/ci"
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Federated": [provider]}}
    account = {
        "id": A,
        "oidcProviders": [{"name": "ci", "issuerUrl": ISSUER, "clientIds": [CLIENT], "jwks": issuer.jwks}],
        "samlProviders": [{"name": "idp", "metadata": SamlIdp().metadata}],
        "users": [{"name": "u"}],
        "roles": [{"name": "r", "trust": {"Version": "1", "Statement": [trust]}}],
    }
    with Cloud([A], clock=Clock(lambda: now)) as cloud:
        cloud.seed({"accounts": [account]})
        root = cloud.accounts[A].root_key
        made = raw.acs3(root, "CreateVirtualMFADevice", {"VirtualMFADeviceName": "m"}).sent_to(cloud.endpoint)
        device = made.json["VirtualMFADevice"]
        first, second = (totp.code(device["Base32StringSeed"], int(now) // 30 + step) for step in (0, 1))
        codes = {"AuthenticationCode1": first, "AuthenticationCode2": second}
        binding = {"SerialNumber": device["SerialNumber"], "UserName": "u", **codes}
        assert raw.acs3(root, "BindMFADevice", binding).sent_to(cloud.endpoint).status == 200
        text = json.dumps(cloud.to_json())

    with Cloud.from_json(json.loads(text), clock=Clock(lambda: now)) as restored:
        assert json.dumps(restored.to_json()) == text
        info = raw.acs3(root, "GetUserMFAInfo", {"UserName": "u"}).sent_to(restored.endpoint)
        assert info.json["MFADevice"]["SerialNumber"] == device["SerialNumber"]
        query = {"Action": "AssumeRoleWithOIDC", "Version": "2015-04-01", "RoleSessionName": "ci"}
        query |= {"OIDCProviderArn": provider, "RoleArn": f"acs:ram::{A}:role/r"}
        for token, status in ((issuer.token(), 200), (OidcIssuer().token(), 401)):
            target = f"/?{raw.encoded({**query, 'OIDCToken': token})}"
            reply = raw.Request("POST", target, {"host": "127.0.0.1"}).sent_to(restored.endpoint)
            assert reply.status == status


def test_identifiers_made_after_a_restore_are_new(cloud, delegation):
    """A restored cloud repeats no identifier, so that a namesake never revives a session."""
    delegation.role(delegation.trust())
    first = delegation.owner.ram.role("fc-reader").role_id

    restored = Cloud.from_json(cloud.to_json())

    assert len({restored.ids.role_id() for _ in range(1000)} | {first}) == 1001


def test_a_snapshot_of_another_version_is_refused(cloud):
    """What this version did not write is not guessed at."""
    with pytest.raises(ValueError, match="version `2`"):
        Cloud.from_json({**cloud.to_json(), "version": 2})


def test_a_snapshot_is_taken_while_calls_come_in(cloud, delegation):
    """A snapshot of a served cloud is taken between two calls, whichever thread asks."""
    root = delegation.ram_of(delegation.owner)
    for number in range(20):
        root.create_user(ram.CreateUserRequest(user_name=f"user-{number}"))
        assert len(cloud.to_json()["accounts"][0]["ram"]["users"]) == number + 1


def test_a_seed_makes_everything_repeatable():
    """Two clouds with one seed have the same keys; without, or with another, they have not."""
    first, again, other, free = Cloud([A], seed=7), Cloud([A], seed=7), Cloud([A], seed=8), Cloud([A])

    assert first.accounts[A].root_key == again.accounts[A].root_key
    assert first.ids.request_id() == again.ids.request_id()
    assert len({cloud.accounts[A].root_key.key_id for cloud in (first, other, free)}) == 3


def test_a_clock_can_stand_still():
    """A given clock is the cloud's only time."""
    cloud = Cloud([A], clock=Clock(lambda: 0.0))

    assert cloud.clock.iso() == "1970-01-01T00:00:00Z"
