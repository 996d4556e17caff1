"""The side door: seeding, state, clock and logs, for this machine only."""

from __future__ import annotations

import json

import pytest

from crossaccount.localcloud import Cloud
from tests.localcloud import raw
from tests.localcloud.delegation import Key

A = "1234567890120000"


@pytest.fixture
def ask():
    """A function that asks the side door of a fresh cloud."""
    with Cloud([A]) as cloud:

        def send(method, name, body=None, **headers):
            data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
            lines = {"host": cloud.endpoint, **headers}
            return raw.Request(method, f"/_local/{name}", lines, data).sent_to(cloud.endpoint)

        send.cloud = cloud
        yield send


def test_health_says_what_is_served(ask):
    """Health names the accounts, the region and the time."""
    answer = ask("GET", "health").json

    assert (answer["status"], answer["accounts"], answer["region"]) == ("ok", [A], "cn-hangzhou")


def test_an_account_added_here_works_at_once(ask):
    """A new account's root key signs accepted calls."""
    made = ask("POST", "accounts", {"id": "1111222233334444", "alias": "company-c"}).json

    key = Key(made["accessKeyId"], made["accessKeySecret"])
    answer = raw.acs3(key, "GetCallerIdentity").sent_to(ask.cloud.endpoint).json
    assert answer["AccountId"] == "1111222233334444"
    assert ask.cloud.accounts["1111222233334444"].alias == "company-c"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"id": A}, "InvalidAccount"),
        ({"id": "12345"}, "InvalidAccount"),
        ({"id": 1111222233334444}, "MalformedBody"),
        ({"id": "1111222233334444", "alias": 1}, "MalformedBody"),
        ([], "MalformedBody"),
        (b"{", "MalformedBody"),
    ],
)
def test_a_wrong_account_is_refused(ask, body, code):
    """A taken or wrong id, a wrong type and no JSON are told apart, and nothing is made."""
    reply = ask("POST", "accounts", body)

    assert (reply.status, reply.code) == (400, code)
    assert list(ask.cloud.accounts) == [A]


def test_the_clock_is_moved_and_set(ask):
    """The clock goes on by seconds, and is set to a moment."""
    before = ask.cloud.clock.epoch()
    ask("POST", "clock", {"advance": 3600})
    assert 3600 <= ask.cloud.clock.epoch() - before < 3660

    assert ask("POST", "clock", {"set": "2030-01-01T00:00:00Z"}).json["time"].startswith("2030-01-01T00:0")


@pytest.mark.parametrize(
    "body", [{}, {"advance": "1"}, {"advance": True}, {"set": 1}, {"advance": 1, "x": 1}]
)
def test_a_clock_setting_out_of_form_is_refused(ask, body):
    """Anything but one of the two forms changes nothing."""
    assert ask("POST", "clock", body).code == "MalformedBody"
    assert ask.cloud.clock.offset == 0


@pytest.mark.parametrize("moment", ["tomorrow", "2030-01-01T00:00:00"])
def test_a_moment_without_a_zone_is_refused(ask, moment):
    """A moment must be a moment everywhere."""
    assert ask("POST", "clock", {"set": moment}).code == "InvalidTime"


def test_the_state_comes_out_and_goes_in_again(ask):
    """What the side door gives is what a cloud is restored from."""
    assert Cloud.from_json(ask("GET", "state").json).accounts[A].root_key == ask.cloud.accounts[A].root_key


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"host": "127.0.0.1.evil.example"},
        {"host": "ram.aliyuncs.com"},
        {"host": ""},
        {"origin": "http://evil.example"},
        {"origin": "null"},
    ],
)
def test_a_web_page_cannot_reach_it(ask, headers):
    """A foreign Host (a rebound name) or any Origin (a page in a browser) gets nothing."""
    reply = ask("GET", "state", **headers)

    assert reply.status == 403
    assert ask.cloud.accounts[A].root_key.secret not in reply.body.decode()


def test_an_unknown_request_names_the_known_ones(ask):
    """A mistyped request is told what there is."""
    reply = ask("GET", "clock")

    assert reply.status == 404
    assert "POST /_local/clock" in reply.json["Message"]
