"""The calls that the real alicloud provider made, in the order it made them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crossaccount.localcloud.call import Call
from crossaccount.localcloud.caller import Caller
from crossaccount.localcloud.cloud import Cloud
from crossaccount.localcloud.ram import OPERATIONS
from crossaccount.localcloud.sts import OPERATIONS as STS_OPERATIONS

RECORDINGS = Path(__file__).parents[2] / "data" / "recordings"
PHASES = ("1", "2", "3", "4", "5-refresh", "6-destroy")
RECORDED_KEY = "recordedaccesskey0000"
A = "1234567890120000"


def recorded(phase):
    """The calls of one run of the provider."""
    lines = (RECORDINGS / f"{phase}-http.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture
def replay():
    """Answers a recorded call as account A's root; the partner's account is elsewhere, as it was then."""
    cloud = Cloud([A])
    account = cloud.accounts[A]
    caller = Caller("root", account, account.root_key.key_id)

    def answer(entry):
        params = dict(entry["params"])
        if params.get("UserAccessKeyId") == RECORDED_KEY:
            (params["UserAccessKeyId"],) = account.ram.access_key_ids()
        operations = OPERATIONS if entry["version"] == "2015-05-01" else STS_OPERATIONS
        call = Call(cloud, account, caller, params, "cn-hangzhou", "127.0.0.1", "R")
        return operations[entry["action"]].answer(call)

    answer.account = account
    return answer


def test_every_recorded_call_is_answered(replay):
    """Create, update, replace, refresh and destroy: what the provider sends is accepted, to the last call."""
    for phase in PHASES:
        for entry in recorded(phase):
            assert isinstance(replay(entry), dict)
            assert entry["status"] == 200
    assert replay.account.ram.is_empty()


def test_the_provider_finds_what_it_made(replay):
    """After the first run the state is what the recorded program declared."""
    for entry in recorded("1"):
        replay(entry)
    ram = replay.account.ram
    role, user = ram.role("fc-reader"), ram.users["dev"]
    assert [name for _, name in role.attachments] == ["AliyunFCReadOnlyAccess", "fc-list"]
    assert role.tags == {"partner": "1345678901230000"}
    assert [group.name for group in user.groups] == ["operators"]
    assert user.login_profile.mfa_bind_required
    assert replay.account.alias == "company-a"


def test_a_replaced_role_ends_up_alone(replay):
    """After the third run, which renamed the role, the old one is gone and the new one holds its policies."""
    for phase in PHASES[:3]:
        for entry in recorded(phase):
            replay(entry)
    ram = replay.account.ram
    assert list(ram.roles) == ["fc-reader-2"]
    assert ram.policies["fc-list"].default_version == "v2"
    assert len(ram.role("fc-reader-2").attachments) == 2
