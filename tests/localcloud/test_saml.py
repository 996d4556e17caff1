"""AssumeRoleWithSAML: only what a registered provider signed is read, and only in time."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta, timezone

import pytest
from alibabacloud_sts20150401 import models as sts
from alibabacloud_sts20150401.client import Client as StsClient
from alibabacloud_tea_openapi.exceptions import ClientException
from alibabacloud_tea_openapi.models import Config
from lxml import etree

from tests.localcloud.delegation import document
from tests.localcloud.identity_provider import ENTITY, SamlIdp, assertion_text

INVALID = (401, "AuthenticationFail.SAMLAssertion.Invalid")


@pytest.fixture(scope="module")
def idp():
    """One provider for all tests: making keys is slow."""
    return SamlIdp()


@pytest.fixture
def provider(cloud, account_a, idp):
    """Account A trusts the provider; gives its ARN."""
    registered = {"name": "idp", "metadata": idp.metadata}
    cloud.seed({"accounts": [{"id": account_a.id, "samlProviders": [registered]}]})
    return f"acs:ram::{account_a.id}:saml-provider/idp"


@pytest.fixture
def role(delegation, provider):
    """A role that trusts the provider for the console's address."""
    condition = {"StringEquals": {"saml:recipient": "https://signin.aliyun.com/saml-role/sso"}}
    return delegation.role(
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Federated": [provider]},
            "Condition": condition,
        }
    )


def assume(provider, role, response, **fields):
    """AssumeRoleWithSAML through the SDK, without any key."""
    client = StsClient(Config(region_id="cn-hangzhou", access_key_id="none", access_key_secret="none"))
    text = base64.b64encode(response).decode()
    request = sts.AssumeRoleWithSAMLRequest(
        samlprovider_arn=provider, role_arn=role, samlassertion=text, **fields
    )
    return client.assume_role_with_saml(request).body


def refusal(*arguments, **fields):
    """The status and code of the refusal."""
    with pytest.raises(ClientException) as caught:
        assume(*arguments, **fields)
    return caught.value.status_code, caught.value.code


@pytest.mark.parametrize("sign", ["assertion", "response"])
def test_a_signed_response_opens_a_session_that_it_names(provider, role, idp, sign):
    """Either the response or its assertion is signed; the answer repeats what was signed."""
    body = assume(provider, role, idp.response([f"{role},{provider}"], sign=sign))

    info = body.samlassertion_info
    assert (info.subject, info.subject_type, info.issuer) == ("alice", "persistent", ENTITY)
    assert info.recipient == "https://signin.aliyun.com/saml-role/sso"
    assert body.assumed_role_user.arn == f"{role}/alice@example.com"
    assert body.credentials.access_key_id.startswith("STS.")


def test_an_unsigned_or_foreign_response_is_refused(provider, role, idp):
    """No signature, and one by another certificate, prove nothing."""
    pair = [f"{role},{provider}"]

    assert refusal(provider, role, idp.response(pair, sign="nothing")) == INVALID
    assert refusal(provider, role, SamlIdp().response(pair)) == INVALID


def test_what_was_altered_or_wrapped_is_not_believed(provider, role, idp):
    """A changed assertion, and a forged one beside or around the signed one, open nothing for the forger."""
    pair = [f"{role},{provider}"]
    signed = idp.response(pair)
    forged = etree.fromstring(assertion_text(pair, session="mallory").replace('ID="_a"', 'ID="_m"'))
    beside = etree.fromstring(signed)
    beside.insert(0, forged)
    around = etree.fromstring(signed)
    inner = around[0]
    wrapper = etree.fromstring(assertion_text(pair, session="mallory").replace('ID="_a"', 'ID="_m"'))
    around.replace(inner, wrapper)
    wrapper.append(inner)

    assert refusal(provider, role, signed.replace(b"alice@example.com", b"mallory@example.com")) == INVALID
    for tried in (beside, around):
        try:
            arn = assume(provider, role, etree.tostring(tried)).assumed_role_user.arn
        except ClientException as error:  # noqa: PERF203  two attempts
            assert (error.status_code, error.code) == INVALID  # noqa: PT017  both outcomes are right
        else:
            assert arn.endswith("/alice@example.com")


def test_a_comment_cuts_nothing_off(provider, role, idp):
    """What is signed has no comments: whoever adds one to `admin<!-- -->.evil` still is not `admin`."""
    name, rest = b"admin@example.com", b".evil"
    signed = idp.response([f"{role},{provider}"], session=(name + rest).decode())
    commented = signed.replace(name + rest, name + b"<!-- -->" + rest)
    other = idp.response([f"{role},{provider}.evil"]).replace(b"/idp.evil", b"/idp<!-- -->.evil")

    assert commented != signed
    assert assume(provider, role, commented).assumed_role_user.arn == f"{role}/{(name + rest).decode()}"
    assert b"<!--" in other
    assert refusal(provider, role, other) == INVALID


@pytest.mark.parametrize("place", ["before", "after", "around", "signature"])
def test_a_forged_assertion_under_the_signed_ones_id_is_refused(provider, role, idp, place):
    """Two elements with one ID are no one's: not side by side, not nested, not with the original put away."""
    pair = [f"{role},{provider}"]
    response = etree.fromstring(idp.response(pair))
    original, forged = response[0], etree.fromstring(assertion_text(pair, session="mallory"))
    if place == "before":
        response.insert(0, forged)
    elif place == "after":
        response.append(forged)
    else:
        response.replace(original, forged)
        holder = forged
        if place == "signature":
            signature = original.find("{http://www.w3.org/2000/09/xmldsig#}Signature")
            forged.insert(1, signature)
            holder = etree.SubElement(signature, "{http://www.w3.org/2000/09/xmldsig#}Object")
        holder.append(original)

    assert refusal(provider, role, etree.tostring(response)) == INVALID


PAST = (datetime.now(timezone.utc) - timedelta(minutes=1)).isoformat()
FUTURE = (datetime.now(timezone.utc) + timedelta(hours=1)).isoformat()


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"ends": PAST}, (401, "AuthenticationFail.SAMLAssertion.Expired")),
        ({"not_before": FUTURE}, INVALID),
        ({"ends": "tomorrow"}, INVALID),
        ({"ends": "2999-01-01T00:00:00"}, INVALID),
        ({"audience": "urn:amazon:webservices"}, INVALID),
        ({"recipient": "https://evil.example.com/saml-role/sso"}, INVALID),
        ({"issuer": "https://other.example.com"}, INVALID),
        ({"session": ""}, INVALID),
        ({"session": "not a name"}, (400, "InvalidParameter.RoleSessionName")),
    ],
)
def test_an_assertion_that_does_not_fit_is_refused(provider, role, idp, changes, refused):
    """Out of time, for others, by others, or without a session name."""
    assert refusal(provider, role, idp.response([f"{role},{provider}"], **changes)) == refused


def test_only_the_offered_role_is_opened(provider, role, idp, account_b):
    """The assertion must pair this role with this provider."""
    other = f"acs:ram::{account_b.id}:saml-provider/idp"

    assert refusal(provider, role, idp.response([f"{role}x,{provider}", f"{role},{other}"])) == INVALID
    assert assume(provider, role, idp.response([f"{provider}, {role}"])).credentials


def test_the_role_must_trust_the_provider(provider, role, idp, account_a, delegation):
    """A role that trusts an account only is closed to the provider."""
    account_a.ram.role("fc-reader").replace_trust(document(delegation.trust()))

    assert refusal(provider, role, idp.response([f"{role},{provider}"])) == (403, "NoPermission")


@pytest.mark.parametrize(
    "response",
    [
        b"",
        b"<",
        b"<a/>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b'<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"/>',
        b"\xff\xfe\x00",
    ],
)
def test_what_is_no_response_is_refused(provider, role, response):
    """Junk, a DTD and an empty response are errors, each by name."""
    assert refusal(provider, role, response)[1] in {
        "AuthenticationFail.SAMLAssertion.Invalid",
        "MissingParameter.SAMLAssertion",
    }


def test_missing_and_unknown_things_are_named(provider, role, idp, account_a):
    """A missing parameter and an unknown provider have codes of their own; bad metadata, too."""
    response = idp.response([f"{role},{provider}"])

    assert refusal("", role, response) == (400, "MissingParameter.SAMLProviderArn")
    assert refusal(f"{provider}x", role, response) == (404, "EntityNotExist.SAMLProvider")
    account_a.providers.saml["idp"].metadata = "<a/>"
    assert refusal(provider, role, response) == (401, "AuthenticationFail.IDPMetadata.Invalid")
