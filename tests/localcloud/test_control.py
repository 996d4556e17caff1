"""The side door: seeding, state, clock and logs, for this machine only."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crossaccount.localcloud import Cloud, control
from tests.localcloud import raw
from tests.localcloud.delegation import Key
from tests.localcloud.identity_provider import OidcIssuer

A = "1234567890120000"
NESTED = {"unknown": json.loads("[" * 900 + "]" * 900)}
LOCAL = "http://127.0.0.1:9000"


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


def test_a_state_is_sorted_at_every_level(ask):
    """The same state is the same text, so that states are compared and kept under version control."""
    text = ask("GET", "state").body.decode()

    assert text == json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"))


def test_a_state_is_put_back_in_place(ask):
    """PUT takes what GET gave: what was made in between is gone, and who holds an account sees it."""
    account = ask.cloud.accounts[A]
    before = ask("GET", "state").json
    raw.acs3(account.root_key, "CreateUser", {"UserName": "u"}).sent_to(ask.cloud.endpoint)
    ask.cloud.add_account("1111222233334444")

    answer = ask("PUT", "state", before).json

    assert [each["id"] for each in answer["accounts"]] == [A]
    assert account.ram.is_empty()
    assert ask("GET", "state").json == before
    assert raw.acs3(account.root_key, "ListUsers").sent_to(ask.cloud.endpoint).status == 200


@pytest.mark.parametrize(
    "body", [{}, {"version": 1}, {"version": 1, "clockOffset": 0, "region": "r", "ids": 5}]
)
def test_what_is_no_state_is_refused(ask, body):
    """Nothing is changed by a state that is none."""
    before = ask("GET", "state").json

    assert ask("PUT", "state", body).code == "InvalidState"
    assert ask("GET", "state").json == before


@pytest.mark.parametrize(
    "damage", [{"latestDeletion": "x"}, {"trustDocument": None}, {"unknown": 1}, {"name": 5}, {"tags": [1]}]
)
def test_a_damaged_state_is_refused_as_a_whole(ask, damage):
    """What cannot be read deep inside changes nothing either, and is the client's mistake."""
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"RAM": [f"acs:ram::{A}:root"]}}
    role = {"name": "r", "trust": {"Version": "1", "Statement": [trust]}}
    ask.cloud.seed({"accounts": [{"id": A, "roles": [role]}]})
    before = ask("GET", "state").json
    damaged = ask("GET", "state").json
    damaged["accounts"][0]["ram"]["roles"][0].update(damage)

    assert ask("PUT", "state", damaged).code == "InvalidState"
    assert ask("GET", "state").json == before
    assert ask("GET", "errors").json == {"errors": []}


def test_a_reset_empties_accounts_and_keeps_their_keys(ask):
    """Entities, sessions, logs, switches and the moved clock are gone; the root keys work as before."""
    account = ask.cloud.accounts[A]
    raw.acs3(account.root_key, "CreateUser", {"UserName": "u"}).sent_to(ask.cloud.endpoint)
    raw.acs3(account.root_key, "SetAccountAlias", {"AccountAlias": "renamed"}).sent_to(ask.cloud.endpoint)
    ask("POST", "clock", {"advance": 3600})
    ask("POST", "faults", {"kind": "refuse", "times": 0})
    ask("POST", "consistency", {"reads": 2})
    ask("POST", "recording")

    answer = ask("POST", "reset").json

    assert answer["accounts"][0]["accessKeySecret"] == account.root_key.secret
    assert (account.ram.is_empty(), account.alias, ask.cloud.clock.offset) == (True, None, 0)
    assert ask("GET", "faults").json == {"faults": []}
    assert ask("GET", "consistency").json["visible"] == "immediate"
    assert ask("GET", "recording").code == "NotRecording"
    assert ask("GET", "decisions").json == {"decisions": []}
    assert raw.acs3(account.root_key, "ListUsers").sent_to(ask.cloud.endpoint).json["Users"] == {"User": []}


def test_a_seed_is_planted_or_refused_with_its_places(ask):
    """YAML goes in as it is; what is wrong is named."""
    planted = ask("POST", "seed", f"accounts: [{{id: {A}, users: [{{name: u}}]}}]".encode())

    assert planted.json["accounts"][0]["id"] == A
    assert list(ask.cloud.accounts[A].ram.users) == ["u"]
    again = ask("POST", "seed", f"accounts: [{{id: {A}, users: [{{name: u}}]}}]".encode())
    assert (again.status, again.code) == (400, "InvalidSeed")
    assert "accounts[0].users[0]" in again.json["Message"]
    assert ask("POST", "seed", b"\xff").code == "MalformedBody"


def test_faults_are_put_and_taken_back(ask):
    """A fault waits, counts, and shows what it did."""
    root = ask.cloud.accounts[A].root_key
    fault = ask(
        "POST", "faults", {"kind": "throttle", "action": "ListRoles", "nth": 2, "retryAfter": 10}
    ).json
    assert (fault["nth"], fault["struck"]) == (2, 0)

    replies = [raw.acs3(root, "ListRoles").sent_to(ask.cloud.endpoint) for _ in range(3)]
    assert [reply.status for reply in replies] == [200, 400, 200]
    assert replies[1].headers["x-acs-retry-after"] == "10"
    [shown] = ask("GET", "faults").json["faults"]
    assert (shown["seen"], shown["struck"]) == (3, 1)
    assert ask("DELETE", "faults").json == {"faults": []}


def test_visibility_is_delayed_and_made_immediate(ask):
    """Reads or seconds, shown, and taken back by DELETE or an empty object."""
    assert ask("POST", "consistency", {"seconds": 1.5}).json == {
        "visible": "late",
        "reads": None,
        "seconds": 1.5,
    }
    assert ask("DELETE", "consistency").json["visible"] == "immediate"
    assert ask("POST", "consistency", {"reads": 2}).json["reads"] == 2
    assert ask("POST", "consistency", {}).json["visible"] == "immediate"


def test_observing_is_switched_and_shown(ask):
    """Health and the mode say it."""
    assert ask("POST", "observe", {"observe": True}).json == {"observe": True}
    assert ask("GET", "health").json["observe"] is True
    assert ask("POST", "observe", {"observe": False}).json == ask("GET", "observe").json == {"observe": False}


def test_a_record_comes_out_as_json_lines(ask):
    """Each call is a line; the side door's own requests are not in it."""
    ask("POST", "recording")
    raw.acs3(ask.cloud.accounts[A].root_key, "ListRoles").sent_to(ask.cloud.endpoint)
    lines = ask("GET", "recording").body.decode().splitlines()

    assert [json.loads(line)["action"] for line in lines] == ["ListRoles"]
    assert ask("DELETE", "recording").json == {"recording": False}


def test_coverage_counts_decisions_and_names_what_was_never_decided(ask):
    """By action and gate; the root's calls decide nothing and count nothing."""
    ask.cloud.seed({"accounts": [{"id": A, "users": [{"name": "u", "accessKeys": [{}]}]}]})
    [key] = ask.cloud.accounts[A].ram.users["u"].access_keys.values()
    raw.acs3(ask.cloud.accounts[A].root_key, "ListRoles").sent_to(ask.cloud.endpoint)
    assert ask("GET", "coverage").json["actions"] == []

    for _ in range(2):
        raw.acs3(key, "ListRoles").sent_to(ask.cloud.endpoint)

    told = ask("GET", "coverage").json
    gate = "AccountLevelIdentityBasedPolicy"
    assert told["actions"] == [{"action": "ram:ListRoles", "gate": gate, "allowed": 0, "denied": 2}]
    assert "ram:ListRoles" not in told["never"]
    assert {"sts:AssumeRole", "ram:CreateRole", "fc:InvokeFunction"} <= set(told["never"])


def test_the_ca_comes_out_in_pem(ask):
    """What HTTPS clients must trust, made when it is asked for."""
    assert ask("GET", "ca.pem").body == ask.cloud.ca_file.read_bytes()


@pytest.mark.parametrize(
    ("method", "name", "body", "code"),
    [
        ("POST", "faults", {}, "MalformedBody"),
        ("POST", "faults", {"kind": "explode"}, "InvalidFault"),
        ("POST", "faults", {"kind": "refuse", "nth": True}, "MalformedBody"),
        ("POST", "faults", {"kind": "refuse", "probability": 1}, "MalformedBody"),
        ("POST", "consistency", {"reads": 1, "seconds": 1}, "InvalidConsistency"),
        ("POST", "consistency", {"reads": "1"}, "MalformedBody"),
        ("POST", "observe", {"observe": 1}, "MalformedBody"),
        ("POST", "oidc-keys", {"account": A, "provider": "x", "jwks": {}}, "EntityNotExist.OIDCProvider"),
        ("POST", "clock", {"advance": 1e300}, "InvalidTime"),
        ("POST", "clock", {"set": "0001-01-01T00:00:00Z"}, "InvalidTime"),
        ("POST", "handlers", {"account": A, "function": "f"}, "MalformedBody"),
        ("POST", "handlers", {"account": A, "function": "", "address": LOCAL}, "InvalidHandler"),
        ("POST", "handlers", {"account": A[::-1], "function": "f", "address": LOCAL}, "InvalidHandler"),
        ("POST", "handlers", {"account": A, "function": "f", "address": "http://10.0.0.1"}, "InvalidHandler"),
        ("PUT", "state", [], "MalformedBody"),
        ("POST", "state", {}, "NotFound"),
    ],
)
def test_a_request_out_of_form_is_refused(ask, method, name, body, code):
    """Each is told apart, and nothing goes wrong inside."""
    assert ask(method, name, body).code == code
    assert ask("GET", "errors").json == {"errors": []}


def test_private_keys_are_not_registered(ask):
    """Whoever holds a provider's private key is the provider: only public keys are taken."""
    issuer = OidcIssuer()
    provider = {"name": "ci", "issuerUrl": "https://ci.example.com", "clientIds": ["c"]}
    ask.cloud.seed({"accounts": [{"id": A, "oidcProviders": [provider]}]})
    body = {"account": A, "provider": "ci"}

    private = {"keys": [issuer.key.as_dict(private=True)]}
    assert ask("POST", "oidc-keys", {**body, "jwks": private}).code == "InvalidParameter.Jwks"
    assert (
        ask("POST", "oidc-keys", {**body, "jwks": {"keys": [{"kty": "?"}]}}).code == "InvalidParameter.Jwks"
    )
    assert ask("POST", "oidc-keys", {**body, "jwks": issuer.jwks}).json == {"keys": 1}


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"host": "127.0.0.1.evil.example"},
        {"host": "127.0.0.1:80@evil.example"},
        {"host": "127.0.0.1:evil.example"},
        {"host": "127.0.0.1/evil.example"},
        {"host": "[::1].evil.example"},
        {"host": "[::1"},
        {"host": "127.0.0.1, evil.example"},
        {"host": "0.0.0.0"},
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


def test_a_handler_is_set_shown_and_taken_back(ask):
    """An address on this machine answers for a function, of 3.0 or of a service, in one region or in all."""
    one = {"account": A, "function": "f", "address": LOCAL}
    other = {**one, "service": "shop", "region": "cn-beijing"}
    ask.cloud.accounts[A].fc.handlers.set("g", lambda _event, _invocation: b"")
    ask("POST", "handlers", other)

    assert ask("POST", "handlers", one).json["handlers"] == [
        {**one, "region": None, "service": None},
        {**one, "function": "g", "region": None, "service": None, "address": None},
        other,
    ]
    assert ask("GET", "handlers").json["handlers"][2] == other
    assert ask("DELETE", "handlers").json == {"handlers": []}


def test_every_request_is_documented():
    """The side door's own table and that of `docs/local-cloud.md` name every request."""
    page = (Path(__file__).parent.parent.parent / "docs" / "local-cloud.md").read_text()
    for method, name in control._ACTIONS:
        for text in (page, control.__doc__):
            rows = [line for line in text.splitlines() if line.startswith("|") and name in line]
            assert any(method in row for row in rows), (method, name)


def test_an_unknown_request_names_the_known_ones(ask):
    """A mistyped request is told what there is."""
    reply = ask("GET", "clock")

    assert reply.status == 404
    assert "POST /_local/clock" in reply.json["Message"]
