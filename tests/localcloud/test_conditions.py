"""The condition keys a call carries: address, transport, time, MFA, principal, user agent."""

from __future__ import annotations

import pytest

from tests.localcloud import raw
from tests.localcloud.delegation import Key, refused

ASSUME = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}


@pytest.fixture
def opens(cloud, delegation):
    """Whether AssumeRole passes a trust policy with a condition; further arguments go to the signer."""
    alice = delegation.user()
    trust = delegation.owner.ram

    def ask(sign=raw.acs3, params=None, /, *, condition, **signed):
        if trust.roles:
            trust.roles.clear()
        arn = delegation.role(delegation.trust(**condition))
        every = {"RoleArn": arn, "RoleSessionName": "alice", **(params or {})}
        reply = sign(alice, "AssumeRole", every, **signed).sent_to(cloud.endpoint)
        assert reply.status in {200, 403}, reply
        return reply.status == 200

    return ask


def test_the_source_address_is_the_connections(opens):
    """acs:SourceIp is the address the call came from."""
    assert opens(condition={"IpAddress": {"acs:SourceIp": "127.0.0.1"}})
    assert not opens(condition={"IpAddress": {"acs:SourceIp": "10.0.0.0/8"}})


def test_a_signed_source_address_counts(opens):
    """The parameter SourceIp and the header x-acs-source-ip stand for another address, once signed."""
    office = {"IpAddress": {"acs:SourceIp": ["203.0.113.0/24", "2001:db8::/32"]}}

    assert opens(raw.acs3, {"SourceIp": "203.0.113.9"}, condition=office)
    assert opens(raw.rpc1, {"SourceIp": "2001:db8::1"}, condition=office)
    assert opens(condition=office, x_acs_source_ip="203.0.113.9")
    assert not opens(condition=office, x_acs_source_ip="203.0.114.9")


def test_an_unsigned_source_address_is_not_believed(cloud, delegation, opens):
    """Under RPC V1, which signs no header, the header x-acs-source-ip changes nothing."""
    opens(condition={"IpAddress": {"acs:SourceIp": "203.0.113.0/24"}})
    arn = delegation.owner.ram.role("fc-reader").arn
    request = raw.rpc1(delegation.user(name="bob"), "AssumeRole", {"RoleArn": arn, "RoleSessionName": "bob"})
    request.headers["x-acs-source-ip"] = "203.0.113.9"

    assert request.sent_to(cloud.endpoint).status == 403


@pytest.mark.parametrize("params", [{"SourceIp": "here"}, {"SecureTransport": "perhaps"}])
def test_a_condition_value_out_of_form_is_named(cloud, account_a, params):
    """What is no address, or neither true nor false, is a 400 that names the parameter."""
    reply = raw.acs3(account_a.root_key, "GetCallerIdentity", params).sent_to(cloud.endpoint)

    assert (reply.status, reply.code) == (400, f"InvalidParameter.{next(iter(params))}")


def test_transport_is_secure_when_the_client_meant_it(opens, delegation):
    """acs:SecureTransport is false on a plain connection, true when signed so or forwarded by TLS."""
    tls = {"Bool": {"acs:SecureTransport": "true"}}

    assert not opens(condition=tls)
    assert opens(raw.acs3, {"SecureTransport": "true"}, condition=tls)
    assert opens(condition=tls, x_forwarded_proto="https")
    arn = delegation.owner.ram.role("fc-reader").arn
    assert delegation.assume(delegation.user(name="bob"), arn), "the SDK's default protocol is HTTPS"


def test_time_is_the_clouds(cloud, opens):
    """acs:CurrentTime follows the cloud's clock, so that an expiry can be tried out."""
    until = {"DateLessThan": {"acs:CurrentTime": "2030-01-01T00:00:00Z"}}

    assert opens(condition=until)
    cloud.clock.advance(10 * 365 * 86400)
    assert not opens(condition=until)


def test_an_access_key_alone_is_no_mfa(opens):
    """acs:MFAPresent is false for a call signed with an access key."""
    assert not opens(condition={"Bool": {"acs:MFAPresent": "true"}})
    assert opens(condition={"Bool": {"acs:MFAPresent": "false"}})


def test_the_principal_and_the_user_agent_are_known(delegation, opens):
    """acs:PrincipalARN and acs:UserAgent can be conditions."""
    alice = f"acs:ram:*:{delegation.partner.id}:user/alice"

    assert opens(condition={"StringEquals": {"acs:PrincipalARN": alice}})
    assert not opens(condition={"StringEquals": {"acs:PrincipalARN": alice + "x"}})
    assert opens(condition={"StringLike": {"acs:UserAgent": "tests/*"}}, user_agent="tests/1")
    assert not opens(condition={"StringLike": {"acs:UserAgent": "tests/*"}})


def test_conditions_bind_identity_policies_too(delegation):
    """A user's own right can be bound to an address."""
    role = delegation.role(delegation.trust())
    condition = {"NotIpAddress": {"acs:SourceIp": "127.0.0.0/8"}}
    alice = delegation.user({**ASSUME, "Condition": condition})

    with refused("NoPermission"):
        delegation.assume(alice, role)


def test_every_decision_is_kept_with_its_reasons(cloud, delegation):
    """The log of decisions says who asked what, which gate decided and why, and holds no secret."""
    role = delegation.role(delegation.trust())
    alice = delegation.user({"Effect": "Allow", "Action": "fc:*", "Resource": "*"})
    with refused("NoPermission"):
        delegation.assume(alice, role)

    log = raw.Request("GET", "/_local/decisions", {"host": "127.0.0.1"}).sent_to(cloud.endpoint)
    last = log.json["decisions"][-1]

    assert last["principal"] == f"acs:ram::{delegation.partner.id}:user/alice"
    assert (last["action"], last["resource"]) == ("sts:AssumeRole", role)
    assert last["verdict"] == "IMPLICIT_DENY"
    assert "for-alice" in last["reason"]
    assert isinstance(alice, Key)
    assert alice.secret not in log.body.decode()
