"""The state of a cloud goes out as JSON and comes in again, with nothing lost and nothing repeated."""

from __future__ import annotations

import json

import pytest
from alibabacloud_ram20150501 import models as ram

from crossaccount.localcloud import Cloud
from crossaccount.localcloud.clock import Clock
from tests.localcloud import raw
from tests.localcloud.delegation import Key, document

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
