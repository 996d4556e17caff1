"""Who signs in through an identity provider: the graph answers what the local cloud answers on the wire."""

from __future__ import annotations

import base64
import itertools
import json

import pytest

from crossaccount.access import (
    Asking,
    Outcome,
    explain_access,
    find_principal,
    graph_of,
    may_assume,
    state_of,
)
from crossaccount.access.errors import QuestionError
from crossaccount.localcloud import Cloud
from tests.access.states import OWNER, PARTNER, StackState, allow, document, root, trust
from tests.access.test_agreement import api
from tests.localcloud import raw
from tests.localcloud.identity_provider import CLIENT, ISSUER, OidcIssuer, SamlIdp

OIDC, SAML = (f"acs:ram::{OWNER}:{kind}" for kind in ("oidc-provider/ci", "saml-provider/idp"))
ROLE = f"acs:ram::{OWNER}:role/r"
CONSOLE = "https://signin.aliyun.com/saml-role/sso"
CLAIMS = {
    OIDC: {"oidc:iss": ISSUER, "oidc:sub": "repo:a/b", "oidc:aud": CLIENT},
    SAML: {"saml:recipient": CONSOLE},
}
CONDITIONS = (
    {},
    {"StringEquals": {"oidc:sub": "repo:a/b"}},
    {"StringLike": {"oidc:sub": "repo:x/*"}},
    {"StringEquals": {"saml:recipient": CONSOLE}},
    {"StringNotEquals": {"sts:ExternalId": "x"}},
    {"StringEquals": {"sts:ExternalId": "x"}},
    {"StringLike": {"acs:PrincipalARN": "acs:ram:*:*:saml-provider/*"}},
)


def federated(*names, action="sts:AssumeRole", effect="Allow", **condition):
    """A statement about identity providers."""
    said = {"Effect": effect, "Action": action, "Principal": {"Federated": list(names)}}
    return said | ({"Condition": condition} if condition else {})


TRUSTS = [
    *((federated(OIDC, SAML, **condition),) for condition in CONDITIONS),
    *((federated(OIDC, SAML, action=action),) for action in ("sts:*", "sts:AssumeRoleWithOIDC")),
    (federated(OIDC),),
    (trust(root(OWNER), root(PARTNER)),),
    *(
        (federated(OIDC, SAML), federated(OIDC, SAML, effect="Deny", action=action, **condition))
        for action, condition in itertools.product(
            ("sts:AssumeRoleWithSAML", "sts:AssumeRoleWithOIDC", "sts:*"), CONDITIONS[:2]
        )
    ),
    (
        federated(OIDC, SAML),
        {"Effect": "Deny", "NotAction": "sts:AssumeRole", "Principal": {"Federated": SAML}},
    ),
]


@pytest.fixture(scope="module")
def signed_in():
    """A function: whether the people of each of two providers get a session of the role on a local cloud."""
    issuer, idp = OidcIssuer(), SamlIdp()
    registered = {
        "oidcProviders": [
            {"name": "ci", "issuerUrl": ISSUER, "clientIds": [CLIENT], "jwks": issuer.jwks},
        ],
        "samlProviders": [{"name": "idp", "metadata": idp.metadata}],
    }
    with Cloud([OWNER, PARTNER]) as cloud, api(cloud, OWNER) as client:
        cloud.seed({"accounts": [{"id": OWNER, **registered}]})
        client.call("CreateRole", role_name="r", assume_role_policy_document=document(federated(OIDC)))

        def answers(statements):
            client.call("UpdateRole", role_name="r", new_assume_role_policy_document=document(*statements))
            response = base64.b64encode(idp.response([f"{ROLE},{SAML}"])).decode()
            oidc = {"OIDCProviderArn": OIDC, "OIDCToken": issuer.token(), "RoleSessionName": "ci"}
            saml = {"SAMLProviderArn": SAML, "SAMLAssertion": response}
            return {
                OIDC: _asked(cloud, "AssumeRoleWithOIDC", oidc),
                SAML: _asked(cloud, "AssumeRoleWithSAML", saml),
            }

        yield answers


def _asked(cloud, action, params):
    query = {"Action": action, "Version": "2015-04-01", "RoleArn": ROLE, **params}
    head = {"host": "127.0.0.1", "content-type": "application/x-www-form-urlencoded"}
    answer = raw.Request("POST", "/", head, raw.encoded(query).encode()).sent_to(cloud.endpoint)
    assert answer.status == 200 or "NoPermission" in answer.code, answer.body
    return answer.status == 200


def made(statements):
    """The graph of a role with these trust statements."""
    owner = StackState("owner", OWNER)
    owner.role("r", *statements)
    owner.attach("role", "r", "AliyunFCReadOnlyAccess", "System")
    return graph_of([state_of(json.loads(json.dumps(owner.export())), "owner.json")])


@pytest.mark.parametrize("statements", TRUSTS, ids=range(len(TRUSTS)))
def test_the_graph_answers_what_the_cloud_answers(signed_in, statements) -> None:
    """A trust policy lets the people of a provider in, or not, from the state as on the wire."""
    graph, answered = made(statements), signed_in(statements)
    for provider, claims in CLAIMS.items():
        asking = Asking({**claims, "acs:CurrentTime": "2026-11-24T00:00:00Z"})
        who = find_principal(graph, provider)
        found = explain_access(graph, who, "sts:AssumeRole", ROLE, asking).outcome

        assert found is (Outcome.OPEN if answered[provider] else Outcome.CLOSED), provider
        if found is Outcome.OPEN:
            listed = {edge.principal.arn for edge in may_assume(graph)}
            assert provider in listed


def test_a_provider_is_asked_about_by_its_arn_or_its_account() -> None:
    """`explain` takes a provider as it takes a user; what is no provider's name is refused."""
    graph = made([federated(OIDC)])

    assert find_principal(graph, OIDC) == find_principal(graph, f"{OWNER}/oidc-provider/ci")
    with pytest.raises(QuestionError):
        find_principal(graph, f"{OWNER}/ldap-provider/ci")


def test_a_users_request_never_has_a_claim() -> None:
    """A trust in an account that asks for a claim of a token lets no user in, whatever is supposed."""
    owner, partner = StackState("owner", OWNER), StackState("partner", PARTNER)
    owner.role("r", trust(root(PARTNER), StringEquals={"oidc:sub": "repo:a/b"}))
    partner.user("ann")
    partner.policy("assume", allow("sts:AssumeRole"))
    partner.attach("user", "ann", "assume")

    graph = graph_of([state_of(each.export(), each.name) for each in (owner, partner)])

    assert list(may_assume(graph)) == []
