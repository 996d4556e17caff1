"""AssumeRoleWithOIDC: only who a registered provider vouches for, in time, for its clients, gets in."""

from __future__ import annotations

import base64
import json
import time

import pytest
from alibabacloud_fc20230330 import models as fc
from alibabacloud_sts20150401 import models as sts
from alibabacloud_sts20150401.client import Client as StsClient
from alibabacloud_tea_openapi.exceptions import ClientException
from alibabacloud_tea_openapi.models import Config
from joserfc.jwk import OctKey

from tests.localcloud import raw
from tests.localcloud.delegation import Key, functions
from tests.localcloud.identity_provider import CLIENT, ISSUER, OidcIssuer, rsa_issuer


@pytest.fixture(scope="module")
def issuer():
    """One issuer for all tests: making keys is slow."""
    return OidcIssuer()


@pytest.fixture
def provider(cloud, account_a, issuer):
    """Account A trusts the issuer; gives the provider's ARN."""
    registered = {"name": "ci", "issuerUrl": ISSUER, "clientIds": [CLIENT], "jwks": issuer.jwks}
    cloud.seed({"accounts": [{"id": account_a.id, "oidcProviders": [registered]}]})
    return f"acs:ram::{account_a.id}:oidc-provider/ci"


def role_for(delegation, provider, effect="Allow", action="sts:AssumeRole", **condition):
    """Makes the role with a trust statement about the provider."""
    statement = {"Effect": effect, "Action": action, "Principal": {"Federated": [provider]}}
    return delegation.role(
        statement | ({"Condition": condition} if condition else {}), policy="AliyunFCReadOnlyAccess"
    )


def assume(provider, role, token, **fields):
    """AssumeRoleWithOIDC through the SDK, without any key."""
    client = StsClient(Config(region_id="cn-hangzhou", access_key_id="none", access_key_secret="none"))
    request = sts.AssumeRoleWithOIDCRequest(
        oidcprovider_arn=provider, role_arn=role, oidctoken=token, role_session_name="ci", **fields
    )
    return client.assume_role_with_oidc(request).body


def refusal(*arguments, **fields):
    """The status and code of the refusal."""
    with pytest.raises(ClientException) as caught:
        assume(*arguments, **fields)
    return caught.value.status_code, caught.value.code


def test_a_verified_token_opens_a_session(cloud, delegation, provider, issuer):
    """The answer repeats what the token says, and the session has the role's permissions."""
    role = role_for(delegation, provider, StringEquals={"oidc:sub": "repo:a/b", "oidc:aud": CLIENT})

    body = assume(provider, role, issuer.token(aud=[CLIENT, "another"]))

    assert body.oidctoken_info.subject == "repo:a/b"
    assert body.oidctoken_info.issuer == ISSUER
    assert body.oidctoken_info.client_ids == f"{CLIENT},another"
    assert body.assumed_role_user.arn == f"{role}/ci"
    assert functions(body.credentials).list_functions(fc.ListFunctionsRequest()).body.functions == []
    identity = raw.acs3(
        Key(body.credentials.access_key_id, body.credentials.access_key_secret),
        "GetCallerIdentity",
        token=body.credentials.security_token,
    )
    assert identity.sent_to(cloud.endpoint).json["IdentityType"] == "AssumedRoleUser"


def test_an_rsa_key_among_several_is_found(cloud, account_a, delegation, provider, issuer):
    """The key set may hold several keys; the token names one."""
    other = rsa_issuer()
    account_a.providers.oidc["ci"].jwks = {"keys": [*issuer.jwks["keys"], *other.jwks["keys"]]}
    role = role_for(delegation, provider)

    assert assume(provider, role, other.token()).credentials.access_key_id.startswith("STS.")
    assert assume(provider, role, issuer.token()).credentials.access_key_id.startswith("STS.")


NOW = int(time.time())


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"exp": NOW - 1}, "AuthenticationFail.OIDCToken.Expired"),
        ({"iat": NOW - 13 * 3600}, "AuthenticationFail.OIDCToken.Expired"),
        ({"iat": NOW + 3600, "exp": NOW + 7200}, "AuthenticationFail.OIDCToken.Invalid"),
        ({"nbf": NOW + 3600}, "AuthenticationFail.OIDCToken.Invalid"),
        ({"nbf": "soon"}, "AuthenticationFail.OIDCToken.Invalid"),
        ({"aud": "somebody-else"}, "AuthenticationFail.OIDCToken.AudienceNotMatch"),
        ({"aud": None}, "AuthenticationFail.OIDCToken.AudienceNotMatch"),
        ({"aud": [1]}, "AuthenticationFail.OIDCToken.AudienceNotMatch"),
        ({"iss": "https://ci.example.com/"}, "AuthenticationFail.OIDCToken.Invalid"),
        ({"sub": None}, "AuthenticationFail.OIDCToken.Invalid"),
        ({"exp": None}, "AuthenticationFail.OIDCToken.Invalid"),
        ({"exp": "never"}, "AuthenticationFail.OIDCToken.Invalid"),
        ({"iat": True}, "AuthenticationFail.OIDCToken.Invalid"),
        ({"nbf": True}, "AuthenticationFail.OIDCToken.Invalid"),
        ({"nbf": float("nan")}, "AuthenticationFail.OIDCToken.Invalid"),
        ({"exp": float("nan")}, "AuthenticationFail.OIDCToken.Invalid"),
        ({"exp": float("inf")}, "AuthenticationFail.OIDCToken.Invalid"),
        ({"exp": 10**500}, "AuthenticationFail.OIDCToken.Invalid"),
        ({"iat": float("-inf")}, "AuthenticationFail.OIDCToken.Invalid"),
        ({"sub": ""}, "AuthenticationFail.OIDCToken.Invalid"),
    ],
)
def test_a_token_that_proves_nothing_is_refused(delegation, provider, issuer, changes, code):
    """Expired, too old, not yet valid, for others, by others, or without a claim: 401, each by its code."""
    assert refusal(provider, role_for(delegation, provider), issuer.token(**changes)) == (401, code)


def test_a_token_of_another_key_is_refused(delegation, provider, issuer):
    """A signature by a key that is not registered, and a token altered on the way, are no signature."""
    role = role_for(delegation, provider)
    head, body, signature = issuer.token().split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    altered = base64.urlsafe_b64encode(json.dumps({**claims, "sub": "admin"}).encode()).decode().rstrip("=")

    for token in (OidcIssuer().token(), f"{head}.{altered}.{signature}"):
        assert refusal(provider, role, token) == (401, "AuthenticationFail.OIDCToken.InvalidSignature")


def test_a_token_signed_with_nothing_or_with_the_public_key_is_refused(delegation, provider, issuer):
    """`alg: none`, and HS256 with the public key as its secret, are not algorithms here."""
    role = role_for(delegation, provider)
    _head, body, signature = issuer.token().split(".")
    none = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    public = json.dumps(issuer.jwks["keys"][0])
    shared = OidcIssuer(OctKey.import_key(public, {"kid": "one"}), "HS256")

    for token in (
        f"{none}.{body}.",
        f"{none}.{body}.{signature}",
        shared.token(),
        "a.b",
        "a.b.c",
        "x" * 20001,
    ):
        assert refusal(provider, role, token) == (401, "AuthenticationFail.OIDCToken.Invalid")


def test_only_a_registered_provider_counts(delegation, provider, issuer, account_a, account_b):
    """A provider of another account, of another kind, or none, is not registered."""
    role = role_for(delegation, provider)
    for arn in (
        f"acs:ram::{account_b.id}:oidc-provider/ci",
        f"acs:ram::{account_a.id}:saml-provider/ci",
        f"acs:ram::{account_a.id}:oidc-provider/other",
        "ci",
    ):
        assert refusal(arn, role, issuer.token()) == (401, "AuthenticationFail.NoPermission")


def test_the_role_must_trust_the_provider(cloud, delegation, provider, issuer, account_a):
    """A trust in an account, in another provider, or under another condition is none; the log says why."""
    role = role_for(delegation, provider, StringEquals={"oidc:sub": "repo:a/other"})
    denied = (401, "AuthenticationFail.NoPermission")

    assert refusal(provider, role, issuer.token()) == denied
    account_a.ram.role("fc-reader").replace_trust(
        json.dumps({"Version": "1", "Statement": [delegation.trust()]})
    )
    assert refusal(provider, role, issuer.token()) == denied
    last = cloud.decisions.to_json()[-1]
    assert (last["principal"], last["verdict"]) == (provider, "IMPLICIT_DENY")


def test_a_deny_of_the_apis_own_action_counts(delegation, provider, issuer):
    """A trust policy that allows sts:AssumeRole and denies sts:AssumeRoleWithOIDC refuses."""
    named = {"Federated": [provider]}
    role = delegation.role(
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": named},
        {"Effect": "Deny", "Action": "sts:AssumeRoleWithOIDC", "Principal": named},
    )

    assert refusal(provider, role, issuer.token()) == (401, "AuthenticationFail.NoPermission")


def test_a_provider_whose_keys_nobody_registered_says_so(cloud, delegation, provider, issuer, account_a):
    """Nothing is fetched; the side door takes the keys."""
    role = role_for(delegation, provider)
    account_a.providers.oidc["ci"].jwks = None
    assert refusal(provider, role, issuer.token()) == (401, "AuthenticationFail.OIDCToken.Invalid")

    body = {"account": account_a.id, "provider": "ci", "jwks": issuer.jwks}
    request = raw.Request("POST", "/_local/oidc-keys", {"host": "127.0.0.1"}, json.dumps(body).encode())
    assert request.sent_to(cloud.endpoint).json == {"keys": 1}
    assert assume(provider, role, issuer.token()).credentials


def test_the_clock_of_the_cloud_ends_a_token(cloud, delegation, provider, issuer):
    """A token's times are compared with the cloud's own."""
    role = role_for(delegation, provider)
    token = issuer.token()
    cloud.clock.advance(601)

    assert refusal(provider, role, token) == (401, "AuthenticationFail.OIDCToken.Expired")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"duration_seconds": 3601}, "InvalidParameter.DurationSeconds"),
        ({"policy": "{"}, "InvalidParameter.PolicyGrammar"),
    ],
)
def test_the_rules_of_assume_role_hold_here_too(delegation, provider, issuer, fields, code):
    """Duration and session policy are those of AssumeRole."""
    assert refusal(provider, role_for(delegation, provider), issuer.token(), **fields) == (400, code)
