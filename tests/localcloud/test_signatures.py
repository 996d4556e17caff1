"""The recorded signatures of real clients: each is accepted, and none survives a changed byte."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from crossaccount.localcloud.account import RootKey
from crossaccount.localcloud.clock import Clock
from crossaccount.localcloud.cloud import Cloud
from crossaccount.localcloud.errors import ApiError
from crossaccount.localcloud.signatures import read_claim
from crossaccount.localcloud.signatures.claim import iso_moment
from crossaccount.localcloud.wire import Wire, parse_parameters
from tests.localcloud.raw import Request

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "alibaba-signature-vectors.json").read_text())
IDS = [f"{number}-{vector['scheme']}" for number, vector in enumerate(VECTORS)]
SCHEMES = {"V3": "ACS3", "RPC1": "RPC1", "ROA1": "ROA1", "FC": "FC"}
PLAIN_HEADERS = {"ROA1": {"accept", "content-md5", "content-type", "date"}, "FC": {"content-md5", "date"}}
NOT_BELIEVED = ("Signature", "IncompleteSignature", "InvalidTimeStamp", "InvalidAccessKey", "Missing")
KEYS = ("LTAIvector", "LTAIx", "STS.x")
each_vector = pytest.mark.parametrize("vector", VECTORS, ids=IDS)


def request_of(vector):
    """The recorded request."""
    return Request(vector["method"], vector["target"], vector["headers"], vector["body"].encode())


def accepted(request: Request) -> bool:
    """Whether the secret made the signature of a request."""
    path, _, query = request.target.partition("?")
    try:
        params = parse_parameters(query.encode())
        wire = Wire(request.method, path, params, request.headers, request.body, "127.0.0.1")
        return read_claim(wire).holds("sk")
    except ApiError:
        return False


def altered(text: str):
    """Every text that differs in one character."""
    for index, character in enumerate(text):
        yield text[:index] + chr(ord(character) ^ 1) + text[index + 1 :]


def signed_headers(vector):
    """The headers the scheme covers, beside Authorization."""
    headers = vector["headers"]
    if vector["scheme"] == "V3":
        return headers["authorization"].split("SignedHeaders=")[1].split(",")[0].split(";")
    prefix = {"ROA1": "x-acs-", "FC": "x-fc-"}.get(vector["scheme"])
    if prefix is None:
        return []
    return [name for name in headers if name.startswith(prefix) or name in PLAIN_HEADERS[vector["scheme"]]]


@each_vector
def test_a_recorded_signature_is_accepted(vector):
    """Each recorded request of a real client is recognised by its scheme and accepted."""
    path, _, query = vector["target"].partition("?")
    wire = Wire(
        vector["method"],
        path,
        parse_parameters(query.encode()),
        vector["headers"],
        vector["body"].encode(),
        "::1",
    )

    claim = read_claim(wire)

    assert claim.scheme == SCHEMES[vector["scheme"]]
    assert claim.holds("sk")
    assert not claim.holds("sK")


@each_vector
def test_no_changed_byte_of_the_target_or_method_survives(vector):
    """Each single changed character of the method, the path and the signed query is refused."""
    request = request_of(vector)
    path, mark, query = request.target.partition("?")

    assert not any(accepted(replace(request, method=method)) for method in altered(request.method))
    if vector["scheme"] != "RPC1":  # which is taken only on the path `/`
        assert not any(accepted(replace(request, target=each + mark + query)) for each in altered(path))
    if vector["scheme"] != "FC":  # which covers no query
        assert not any(accepted(replace(request, target=path + mark + each)) for each in altered(query))


@each_vector
def test_no_changed_byte_of_a_signed_header_survives(vector):
    """Each single changed character of each signed header, and of Authorization, is refused."""
    request = request_of(vector)
    names = signed_headers(vector)

    for name in names:
        for value in altered(request.headers[name]):
            assert not accepted(replace(request, headers={**request.headers, name: value})), (name, value)
        without = {other: value for other, value in request.headers.items() if other != name}
        if request.headers[name]:
            assert not accepted(replace(request, headers=without)), name
    for value in altered(request.headers.get("authorization", "").rpartition("=")[2]):
        head = request.headers["authorization"].rpartition("=")[0]
        assert not accepted(replace(request, headers={**request.headers, "authorization": f"{head}={value}"}))


@each_vector
def test_no_changed_byte_of_a_covered_body_survives(vector):
    """Each single changed character of a body that is covered is refused, and so is a longer one."""
    request = request_of(vector)
    covered = vector["scheme"] in {"V3", "RPC1"} or "content-md5" in request.headers
    if not (covered and vector["body"]):
        return

    assert not any(accepted(replace(request, body=body.encode())) for body in altered(vector["body"]))
    assert not accepted(replace(request, body=request.body + b"&x=1"))


@pytest.mark.parametrize("vector", [each for each in VECTORS if each["scheme"] == "V3"])
def test_a_header_taken_off_the_signed_list_is_missed(vector):
    """A V3 request whose list of signed headers leaves one out is refused before anything is compared."""
    request = request_of(vector)
    names = signed_headers(vector)

    for name in names:
        listed = ";".join(other for other in names if other != name)
        shorter = request.headers["authorization"].replace(";".join(names), listed)
        assert not accepted(replace(request, headers={**request.headers, "authorization": shorter}))


@each_vector
def test_a_recorded_request_passes_on_the_wire(vector):
    """Sent to a cloud whose clock stands where it was recorded, each request gets past its signature."""
    moment = iso_moment("2026-11-23T23:21:00Z")
    with Cloud(clock=Clock(lambda: moment)) as cloud:
        for number, key_id in enumerate(KEYS):
            cloud.add_account(f"100000000000000{number}").root_key = RootKey(key_id, "sk")

        reply = request_of(vector).sent_to(cloud.endpoint)

        if "security-token" in str(vector["headers"]) or "SecurityToken" in str(vector):
            assert reply.code == "InvalidSecurityToken.MismatchWithAccessKey"
        else:
            assert not (reply.code or "").startswith(NOT_BELIEVED)
        assert not cloud.faults
