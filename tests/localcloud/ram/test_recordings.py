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


LISTS = {
    "ListUsers": ("Users", "User", True),
    "ListUsersForGroup": ("Users", "User", True),
    "ListPoliciesForRole": ("Policies", "Policy", False),
    "ListPoliciesForUser": ("Policies", "Policy", False),
    "ListPoliciesForGroup": ("Policies", "Policy", False),
    "ListAccessKeys": ("AccessKeys", "AccessKey", False),
}
OBJECTS = {"Role", "User", "Group", "Policy", "LoginProfile"}


def test_answers_have_what_the_provider_reads(replay):
    """Lists are wrapped and say in a boolean whether they go on; objects are where they are looked for.

    The provider crashes on a missing or textual IsTruncated and ignores tags that are not a flat list.
    """
    seen = set()
    for phase in PHASES:
        for entry in recorded(phase):
            action, answer = entry["action"], replay(entry)
            if action in LISTS:
                plural, singular, paged = LISTS[action]
                assert isinstance(answer[plural][singular], list)
                assert not paged or isinstance(answer["IsTruncated"], bool)
            elif action == "ListTagResources":
                assert all(set(tag) >= {"TagKey", "TagValue"} for tag in answer["TagResources"])
            elif (named := action.removeprefix("Get").removeprefix("Create")) in OBJECTS:
                assert isinstance(answer[named], dict)
            assert "Code" not in answer
            seen.add(action)
    assert set(LISTS) <= seen
