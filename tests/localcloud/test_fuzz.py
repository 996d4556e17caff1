"""The wire parser and the pipeline under a fixed budget of random requests: errors, but never a fault.

What reaches the cloud through a socket is fuzzed in `test_junk`, and in `test_fuzz_wire` guided by coverage;
here requests are made as the server would hand them on, so that thousands fit into seconds.
"""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from crossaccount.localcloud import Cloud, control, ims, pipeline, ram, sts
from crossaccount.localcloud.errors import ApiError
from crossaccount.localcloud.wire import Wire, decode_segment, parse_headers, parse_parameters

A = "1234567890120000"
budget = settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
CALLS = [
    (version, action)
    for version, table in (
        ("2015-05-01", ram.OPERATIONS),
        ("2015-04-01", sts.OPERATIONS),
        ("2019-08-15", ims.OPERATIONS),
        ("2014-01-01", {"GetRole": None}),
    )
    for action in table
]
TRUSTING = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"RAM": [f"acs:ram::{A}:root"]}}
NAMES = st.sampled_from(
    [
        "RoleName",
        "UserName",
        "GroupName",
        "PolicyName",
        "PolicyType",
        "PolicyDocument",
        "AssumeRolePolicyDocument",
        "Tag",
        "Tag.1.Key",
        "Tag.1",
        "MaxItems",
        "Marker",
        "RoleArn",
        "RoleSessionName",
        "Policy",
        "DurationSeconds",
        "OIDCProviderArn",
        "OIDCToken",
        "SAMLProviderArn",
        "SAMLAssertion",
        "EncodedDiagnosticMessage",
        "NewUserName",
        "Password",
        "Status",
        "UserAccessKeyId",
        "VersionId",
        "ResourceNames",
        "ResourceType",
        "OIDCProviderName",
        "IssuerUrl",
        "ClientIds",
        "SAMLProviderName",
        "EncodedSAMLMetadataDocument",
        "SerialNumber",
        "TagKeys",
        "All",
        "AccountAlias",
    ]
)
VALUES = st.one_of(
    ANY,
    st.sampled_from(
        [
            *("System", "Custom", "role", "true", "1", "-1", "9" * 30, "[]", "{}", "[[", "\x00", "u", "p"),
            *(f"acs:ram::{A}:{each}" for each in ("role/r", "oidc-provider/p", "saml-provider/p")),
            '{"Version":"1"}',
            '{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
            json.dumps({"Version": "1", "Statement": [TRUSTING]}),
            '[{"Key":"k","Value":"v"}]',
            "[" * 2000,
            '{"Version":"1","Statement":' + "[" * 500,
            "e30.e30.e30",
            "PGEvPg==",
        ]
    ),
)


@pytest.fixture(scope="module")
def cloud():
    """One cloud for all the requests of this module; in the end nothing went wrong inside."""
    made = Cloud([A])
    made.seed(
        {
            "accounts": [
                {
                    "id": A,
                    "users": [{"name": "u", "policies": ["AdministratorAccess"], "accessKeys": [{}]}],
                    "oidcProviders": [{"name": "p", "issuerUrl": "https://p", "clientIds": ["c"]}],
                }
            ]
        }
    )
    key = made.keyring.find(made.accounts[A].root_key.key_id)

    def believed(exchange: pipeline.Exchange) -> None:
        exchange.key = key

    # Only what proves the caller is skipped: everything that reads what the caller sent runs.
    made.way = pipeline.Way((_claimed, believed, *pipeline.STEPS[4:]))
    yield made
    assert list(made.faults) == []


def is_named(response) -> bool:
    """Whether a response is an answer, or an error with a code."""
    if response.status < 400:
        return True
    body = json.loads(response.body)
    return bool(body.get("Code") or body.get("ErrorCode"))


@budget
@given(st.binary(max_size=200))
@example(b"%")
@example(b"%zz=%e2%28")
@example(b"a=1&a=1")
@example(b"&" * 2000)
def test_parameters_are_read_or_refused(data):
    """Any bytes are parameters or one named refusal; what is read is text."""
    try:
        params = parse_parameters(data)
    except ApiError as error:
        assert (error.status, error.code) == (400, "InvalidParameter.Format")  # noqa: PT017  both are right
    else:
        assert all(isinstance(part, str) for pair in params.items() for part in pair)


@budget
@given(st.dictionaries(ANY.filter(bool), ANY, max_size=8))
def test_parameters_come_back_as_they_were_sent(params):
    """Encoding and reading are each other's inverse."""
    text = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in params.items())

    assert parse_parameters(text.encode()) == params


@budget
@given(st.lists(st.tuples(st.binary(max_size=20), st.binary(max_size=40)), max_size=8), ANY)
def test_headers_and_segments_are_read_or_refused(headers, segment):
    """Any bytes make headers with names in lower case, or one named refusal."""
    try:
        assert all(name == name.lower() for name in parse_headers(headers))
        assert decode_segment(quote(segment)) == segment
    except ApiError as error:
        assert error.status == 400  # noqa: PT017  both are right


@settings(budget, max_examples=1500)
@given(
    call=st.sampled_from(CALLS),
    params=st.dictionaries(NAMES, VALUES, max_size=8),
    host=st.sampled_from(
        ["127.0.0.1"] * 4 + ["ram.aliyuncs.com", "sts.aliyuncs.com", "ims.aliyuncs.com", "x", ""]
    ),
)
def test_every_operation_answers_anything(cloud, call, params, host):
    """Past the signature, whatever the parameters are, an operation answers or refuses by name."""
    version, action = call
    query = {"Action": action, "Version": version, **params}

    response = pipeline.respond(cloud, Wire("POST", "/", query, {"host": host}, b"", "127.0.0.1"))

    assert is_named(response)
    assert response.status < 500


def _claimed(exchange: pipeline.Exchange) -> None:
    from crossaccount.localcloud.signatures import Claim  # noqa: PLC0415  a claim that nobody checks

    exchange.claim = Claim("ACS3", "", 0.0, None, None, "", "", lambda _secret, _text: "")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | ANY,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY, inner, max_size=3),
    max_leaves=8,
)
KNOWN = st.sampled_from(
    [
        "id",
        "alias",
        "advance",
        "set",
        "reads",
        "seconds",
        "kind",
        "nth",
        "observe",
        "account",
        "function",
        "address",
        "version",
        "accounts",
        "jwks",
    ]
)


@settings(budget, max_examples=800)
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE"]),
    name=st.sampled_from(
        [
            "health",
            "accounts",
            "seed",
            "state",
            "clock",
            "consistency",
            "faults",
            "observe",
            "oidc-keys",
            "handlers",
            "x",
        ]
    ),
    body=st.one_of(
        st.binary(max_size=60),
        JSON.map(lambda value: json.dumps(value).encode()),
        st.dictionaries(KNOWN, JSON, max_size=4).map(lambda value: json.dumps(value).encode()),
    ),
)
@example(method="POST", name="seed", body=b"a: &a [*a, *a]")
@example(method="PUT", name="state", body=b'{"version": 1, "accounts": 5}')
@example(method="POST", name="accounts", body=b"[" * 5000)
def test_the_side_door_answers_anything(method, name, body):
    """Malformed JSON, wrong types, deep nesting: an answer or a named refusal, and no fault inside."""
    cloud = Cloud([A], seed=1)

    response = control.respond(
        cloud, Wire(method, f"/_local/{name}", {}, {"host": "127.0.0.1"}, body, "127.0.0.1")
    )

    assert is_named(response)
    assert response.status < 500
    assert list(cloud.faults) == []
