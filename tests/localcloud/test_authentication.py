"""Who may speak at all: time, nonce, key status, tokens, and sessions that die with their role."""

from __future__ import annotations

from dataclasses import replace

import pytest
from alibabacloud_ram20150501 import models as ram

from crossaccount.localcloud.request_time import WINDOW, Nonces
from tests.localcloud import raw
from tests.localcloud.delegation import Key, refused


@pytest.mark.parametrize("skew", [-WINDOW - 5, WINDOW + 5])
def test_a_request_signed_at_another_time_is_refused(cloud, account_a, skew):
    """A time stamp more than 15 minutes away, either way, is expired."""
    reply = raw.acs3(account_a.root_key, "GetCallerIdentity", skew=skew).sent_to(cloud.endpoint)

    assert (reply.status, reply.code) == (400, "InvalidTimeStamp.Expired")


@pytest.mark.parametrize("skew", [-WINDOW + 5, WINDOW - 5])
def test_a_clock_that_is_a_little_off_is_tolerated(cloud, account_a, skew):
    """Within 15 minutes, either way, the request is answered."""
    assert raw.acs3(account_a.root_key, "GetCallerIdentity", skew=skew).sent_to(cloud.endpoint).status == 200


def test_moving_the_clouds_clock_shuts_nobody_out(cloud, account_a):
    """Clients sign by the wall time, so a cloud whose clock was moved still answers them."""
    cloud.clock.advance(10 * 86400)

    assert raw.acs3(account_a.root_key, "GetCallerIdentity").sent_to(cloud.endpoint).status == 200


@pytest.mark.parametrize(
    "date",
    ["2026-11-23 23:20:54", "2026-11-23T23:20:54", "2026-13-23T23:20:54Z", "now", "٢026-11-23T23:20:5Z"],
)
def test_a_time_stamp_out_of_form_is_named(cloud, account_a, date):
    """A time stamp that is none is refused by its own code."""
    reply = raw.rpc1(account_a.root_key, "GetCallerIdentity", Timestamp=date).sent_to(cloud.endpoint)

    assert (reply.status, reply.code) == (400, "InvalidTimeStamp.Format")


@pytest.mark.parametrize("sign", [raw.acs3, raw.rpc1])
def test_a_request_is_answered_once(cloud, account_a, sign):
    """The same request again is refused, under either scheme that has a nonce."""
    request = sign(account_a.root_key, "GetCallerIdentity")

    assert request.sent_to(cloud.endpoint).status == 200
    assert request.sent_to(cloud.endpoint).code == "SignatureNonceUsed"


def test_a_forged_request_does_not_use_up_a_nonce(cloud, account_a):
    """A request that is not believed leaves the nonce to the one who can sign."""
    request = raw.acs3(account_a.root_key, "GetCallerIdentity")
    forged = replace(
        request, headers={**request.headers, "authorization": request.headers["authorization"][:-1]}
    )

    assert forged.sent_to(cloud.endpoint).code == "SignatureDoesNotMatch"
    assert request.sent_to(cloud.endpoint).status == 200


def test_nonces_are_remembered_while_they_could_be_replayed_and_then_forgotten():
    """A nonce is refused for the 30 minutes its time stamp can be good for, and then forgotten."""
    nonces = Nonces()
    nonces.use("a", "n", 1000.0)
    nonces.use("b", "n", 1000.0)

    for later in (1000.0, 1000.0 + WINDOW, 1000.0 + 2 * WINDOW):
        with pytest.raises(Exception, match="used already"):
            nonces.use("a", "n", later)
    nonces.use("a", "n", 1000.0 + 8 * WINDOW)


def test_an_unknown_key_is_not_found(cloud):
    """A key that nobody has is a 404, as the real gateway answers it."""
    reply = raw.acs3(Key("LTAInobody", "x"), "GetCallerIdentity").sent_to(cloud.endpoint)

    assert (reply.status, reply.code) == (404, "InvalidAccessKeyId.NotFound")


def test_an_inactive_key_is_refused_until_it_is_active_again(cloud, delegation):
    """Disabling a user's key stops its next call; enabling it lets the one after through."""
    key = delegation.user()
    root = delegation.ram_of(delegation.partner)

    def set_status(status: str) -> None:
        root.update_access_key(
            ram.UpdateAccessKeyRequest(user_name="alice", user_access_key_id=key.key_id, status=status)
        )

    set_status("Inactive")
    reply = raw.acs3(key, "GetCallerIdentity").sent_to(cloud.endpoint)
    assert (reply.status, reply.code) == (400, "InvalidAccessKeyId.Inactive")
    set_status("Active")
    assert raw.acs3(key, "GetCallerIdentity").sent_to(cloud.endpoint).status == 200


def test_a_deleted_key_is_gone_at_once(cloud, delegation):
    """A key deleted after it was used is not found."""
    key = delegation.user()
    assert raw.acs3(key, "GetCallerIdentity").sent_to(cloud.endpoint).status == 200

    delegation.ram_of(delegation.partner).delete_access_key(
        ram.DeleteAccessKeyRequest(user_name="alice", user_access_key_id=key.key_id)
    )

    assert raw.acs3(key, "GetCallerIdentity").sent_to(cloud.endpoint).code == "InvalidAccessKeyId.NotFound"


@pytest.fixture
def session(delegation):
    """The credentials of a session of `fc-reader`, as a key and its token."""
    role = delegation.role(delegation.trust())
    credentials = delegation.assume(delegation.user(), role)
    return Key(credentials.access_key_id, credentials.access_key_secret), credentials.security_token


def test_a_sessions_key_needs_its_token(cloud, session):
    """Without the token a session's key is refused, with it the call goes through."""
    key, token = session

    assert raw.acs3(key, "GetCallerIdentity").sent_to(cloud.endpoint).code == "MissingSecurityToken"
    assert raw.acs3(key, "GetCallerIdentity", token=token).sent_to(cloud.endpoint).status == 200


def test_a_token_that_is_not_the_keys_is_refused(cloud, delegation, session):
    """A made-up token is malformed, another session's mismatches, and a user's key takes none."""
    key, token = session
    alice = Key(delegation.partner.root_key.key_id, delegation.partner.root_key.secret)
    other = delegation.assume(delegation.user(name="bob"), f"acs:ram::{delegation.owner.id}:role/fc-reader")

    def code(signer: Key, sent: str) -> str:
        return raw.acs3(signer, "GetCallerIdentity", token=sent).sent_to(cloud.endpoint).code

    assert code(key, token + "x") == "InvalidSecurityToken.Malformed"
    assert code(key, other.security_token) == "InvalidSecurityToken.MismatchWithAccessKey"
    assert code(alice, token) == "InvalidSecurityToken.MismatchWithAccessKey"


def test_a_session_dies_with_its_role_and_a_namesake_does_not_revive_it(cloud, delegation, session):
    """Deleting a role ends its sessions at once; a role made again under the same name has another id."""
    key, token = session
    call = ("GetCallerIdentity",)
    delegation.ram_of(delegation.owner).delete_role(ram.DeleteRoleRequest(role_name="fc-reader"))

    dead = raw.acs3(key, *call, token=token).sent_to(cloud.endpoint)
    assert (dead.status, dead.code) == (400, "InvalidSecurityToken.Expired")
    role = delegation.role(delegation.trust(), policy="AliyunFCReadOnlyAccess")
    assert raw.acs3(key, *call, token=token).sent_to(cloud.endpoint).code == "InvalidSecurityToken.Expired"
    fresh = delegation.assume(delegation.user(name="bob"), role)
    assert fresh.access_key_id != key.key_id


def test_a_key_makes_its_last_use_known(cloud, delegation):
    """RAM can say when a user's key last signed an accepted call."""
    key = delegation.user()
    root = delegation.ram_of(delegation.partner)
    asked = ram.GetAccessKeyLastUsedRequest(user_name="alice", user_access_key_id=key.key_id)
    assert root.get_access_key_last_used(asked).body.access_key_last_used.last_used_date == ""

    raw.acs3(key, "GetCallerIdentity").sent_to(cloud.endpoint)

    assert root.get_access_key_last_used(asked).body.access_key_last_used.last_used_date.endswith("Z")


def test_an_unsigned_request_is_refused(cloud):
    """Nothing is answered to nobody."""
    unsigned = raw.Request(
        "GET", "/?Action=GetCallerIdentity&Version=2015-04-01", {"host": "sts.aliyuncs.com"}
    )

    assert unsigned.sent_to(cloud.endpoint).code == "MissingAccessKeyId"


def test_a_scheme_that_would_leave_the_path_unsigned_is_not_taken_for_rest(cloud, account_a):
    """RPC V1 signs no path, so it does not open Function Compute; the FC scheme opens only the 2016 API."""
    rpc = raw.rpc1(account_a.root_key, "ListFunctions")
    moved = replace(rpc, target="/2023-03-30/functions" + rpc.target[1:])
    native = raw.fc_signed(account_a.root_key, "GET", "/2023-03-30/functions")

    assert moved.sent_to(cloud.endpoint).code == "IncompleteSignature"
    assert native.sent_to(cloud.endpoint).code == "IncompleteSignature"


def test_an_unsigned_header_that_decides_is_refused(cloud, account_a):
    """An x-acs- header added after signing is not believed: the request is refused."""
    request = raw.acs3(account_a.root_key, "GetCallerIdentity")
    added = replace(request, headers={**request.headers, "x-acs-source-ip": "10.0.0.1"})

    assert added.sent_to(cloud.endpoint).code == "IncompleteSignature"


def test_the_native_scheme_has_its_own_codes(cloud, account_a):
    """A wrong key or secret on the 2016 API is refused in that API's words and shape."""
    unknown = raw.fc_signed(Key("LTAInobody", "x"), "GET", "/2016-08-15/services").sent_to(cloud.endpoint)
    wrong = raw.fc_signed(
        Key(account_a.root_key.key_id, "x"), "GET", "/2016-08-15/services", x_fc_account_id=account_a.id
    ).sent_to(cloud.endpoint)
    right = raw.fc_signed(
        account_a.root_key, "GET", "/2016-08-15/services", x_fc_account_id=account_a.id
    ).sent_to(cloud.endpoint)

    assert (unknown.status, unknown.json["ErrorCode"]) == (403, "InvalidAccessKeyID")
    assert (wrong.status, wrong.json["ErrorCode"]) == (403, "SignatureNotMatch")
    assert "x-fc-request-id" in wrong.headers
    assert right.status == 200


def test_no_secret_is_in_a_repr(cloud, delegation, session):
    """Keys, sessions and claims can be printed without giving anything away."""
    key, token = session
    found = cloud.keyring.find(key.key_id)

    shown = repr(found) + repr(cloud.sessions.find(key.key_id)) + repr(delegation.owner)

    assert key.secret not in shown
    assert token not in shown
    with refused("SignatureDoesNotMatch", 400) as refusal:
        delegation.assume(Key(delegation.owner.root_key.key_id, "wrong"), "acs:ram::1:role/x")
    assert delegation.owner.root_key.secret not in str(refusal.value)
