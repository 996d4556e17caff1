"""IMS: the identity providers of an account, by the API that the alicloud provider uses."""

from __future__ import annotations

import base64

import pytest

from crossaccount.localcloud import Cloud
from tests.localcloud import raw
from tests.localcloud.identity_provider import SamlIdp

OIDC = {"OIDCProviderName": "ci", "IssuerUrl": "https://ci.example.com", "ClientIds": "one,two"}


@pytest.fixture(scope="module")
def metadata():
    """A metadata document, encoded."""
    return base64.b64encode(SamlIdp().metadata.encode()).decode()


@pytest.fixture
def ims(cloud, account_a):
    """A function that calls IMS as A's root and gives the code of a refusal, else the answer."""

    def call(action, key=account_a.root_key, **params):
        reply = raw.acs3(key, action, params, version="2019-08-15", host="ims.aliyuncs.com")
        answer = reply.sent_to(cloud.endpoint)
        return answer.code or answer.json

    return call


def test_an_oidc_provider_from_its_making_to_its_end(ims, account_a):
    """Create, get, list, update, client ids and fingerprints one by one, delete."""
    made = ims("CreateOIDCProvider", **OIDC, Fingerprints="ab", Description="d")["OIDCProvider"]
    assert made["Arn"] == f"acs:ram::{account_a.id}:oidc-provider/ci"
    assert (made["ClientIds"], made["Fingerprints"], made["IssuanceLimitTime"]) == ("one,two", "ab", 12)
    assert ims("GetOIDCProvider", OIDCProviderName="ci")["OIDCProvider"] == made
    listed = ims("ListOIDCProviders")
    assert (listed["OIDCProviders"]["OIDCProvider"], listed["IsTruncated"]) == ([made], False)

    changed = ims("UpdateOIDCProvider", OIDCProviderName="ci", ClientIds="three", IssuanceLimitTime="24")
    assert changed["OIDCProvider"]["ClientIds"] == "three"
    assert changed["OIDCProvider"]["Description"] == "d"
    for action, field, value, expected in (
        ("AddClientIdToOIDCProvider", "ClientId", "four", "three,four"),
        ("RemoveClientIdFromOIDCProvider", "ClientId", "three", "four"),
        ("AddFingerprintToOIDCProvider", "Fingerprint", "cd", "ab,cd"),
        ("RemoveFingerprintFromOIDCProvider", "Fingerprint", "ab", "cd"),
    ):
        answer = ims(action, OIDCProviderName="ci", **{field: value})["OIDCProvider"]
        assert answer[f"{field}s"] == expected
    ims("DeleteOIDCProvider", OIDCProviderName="ci")
    assert ims("GetOIDCProvider", OIDCProviderName="ci") == "EntityNotExist.OIDCProvider"


def test_a_saml_provider_from_its_making_to_its_end(ims, account_a, metadata):
    """Create, get with the document, list without, update, delete."""
    made = ims("CreateSAMLProvider", SAMLProviderName="idp", EncodedSAMLMetadataDocument=metadata)
    assert made["SAMLProvider"]["Arn"] == f"acs:ram::{account_a.id}:saml-provider/idp"
    answer = ims("GetSAMLProvider", SAMLProviderName="idp")["SAMLProvider"]
    assert answer["EncodedSAMLMetadataDocument"] == metadata
    listed = ims("ListSAMLProviders")["SAMLProviders"]["SAMLProvider"]
    assert "EncodedSAMLMetadataDocument" not in listed[0]
    ims(
        "UpdateSAMLProvider",
        SAMLProviderName="idp",
        NewDescription="n",
        NewEncodedSAMLMetadataDocument=metadata,
    )
    assert account_a.providers.saml["idp"].description == "n"
    ims("DeleteSAMLProvider", SAMLProviderName="idp")
    assert ims("ListSAMLProviders")["SAMLProviders"] == {"SAMLProvider": []}


def test_lists_have_pages(ims):
    """A marker leads on while there is more, and only then."""
    for number in range(3):
        ims("CreateOIDCProvider", **OIDC | {"OIDCProviderName": f"p{number}"})

    first = ims("ListOIDCProviders", MaxItems="2")
    second = ims("ListOIDCProviders", MaxItems="2", Marker=first["Marker"])
    names = [
        each["OIDCProviderName"] for page in (first, second) for each in page["OIDCProviders"]["OIDCProvider"]
    ]
    assert names == ["p0", "p1", "p2"]
    assert (first["IsTruncated"], second["IsTruncated"], "Marker" in second) == (True, False, False)
    assert ims("ListOIDCProviders", Marker="x") == "InvalidParameter.Marker"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"OIDCProviderName": "a b"}, "InvalidParameter.OIDCProviderName.InvalidChars"),
        ({"IssuerUrl": "http://ci.example.com"}, "InvalidParameter.IssuerUrl"),
        ({"IssuerUrl": ""}, "MissingIssuerUrl"),
        ({"ClientIds": "a,a"}, "InvalidParameter.ClientIds"),
        ({"ClientIds": ",".join(map(str, range(51)))}, "InvalidParameter.ClientIds"),
        ({"IssuanceLimitTime": "169"}, "InvalidParameter.IssuanceLimitTime"),
    ],
)
def test_a_wrong_provider_is_refused(ims, account_a, changes, code):
    """Each wrong parameter has its code, and nothing is made."""
    assert ims("CreateOIDCProvider", **OIDC | changes) == code
    assert account_a.providers.oidc == {}


def test_what_is_there_or_missing_is_told(ims, metadata):
    """Twice the same name, an unknown one, a client id that is or is not there, a document that is none."""
    ims("CreateOIDCProvider", **OIDC)
    ims("CreateSAMLProvider", SAMLProviderName="idp", EncodedSAMLMetadataDocument=metadata)
    nonsense = base64.b64encode(b"<a/>").decode()

    assert ims("CreateOIDCProvider", **OIDC) == "EntityAlreadyExists.OIDCProvider"
    assert (
        ims("CreateSAMLProvider", SAMLProviderName="idp", EncodedSAMLMetadataDocument=metadata)
        == "EntityAlreadyExists.SAMLProvider"
    )
    assert ims("DeleteSAMLProvider", SAMLProviderName="x") == "EntityNotExist.SAMLProvider"
    both = {"OIDCProviderName": "ci"}
    assert ims("AddClientIdToOIDCProvider", **both, ClientId="one") == "InvalidParameter.ClientId"
    assert ims("RemoveClientIdFromOIDCProvider", **both, ClientId="x") == "InvalidParameter.ClientId"
    for document in ("%", nonsense):
        answer = ims("CreateSAMLProvider", SAMLProviderName="n", EncodedSAMLMetadataDocument=document)
        assert answer.startswith("InvalidParameter.")


def test_ims_is_authorized_like_everything(ims, delegation, cloud):
    """A user needs `ims:<action>` on the provider; without it there is a NoPermission."""
    arn = f"acs:ram:*:{delegation.partner.id}:oidc-provider/ci"
    bob = delegation.user({"Effect": "Allow", "Action": "ims:GetOIDCProvider", "Resource": arn}, name="bob")

    assert ims("GetOIDCProvider", bob, OIDCProviderName="ci") == "EntityNotExist.OIDCProvider"
    assert ims("GetOIDCProvider", bob, OIDCProviderName="other") == "NoPermission"
    assert ims("CreateOIDCProvider", bob, **OIDC) == "NoPermission"


def test_providers_go_into_a_snapshot(ims, cloud, metadata):
    """A restored cloud trusts the same providers."""
    ims("CreateOIDCProvider", **OIDC)
    ims("CreateSAMLProvider", SAMLProviderName="idp", EncodedSAMLMetadataDocument=metadata)

    assert Cloud.from_json(cloud.to_json()).to_json() == cloud.to_json()
