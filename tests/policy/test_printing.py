"""Printing, by example; the laws are in tests/property."""

from __future__ import annotations

import json

from crossaccount.policy import PolicyKind, canonical, parse, to_document

B = "acs:ram::2000000000000002"


def test_the_canonical_form_of_a_trust_policy() -> None:
    """Statements, elements and values sorted, duplicates gone, lists everywhere, spelling kept."""
    mfa = {
        "Effect": "Deny",
        "Principal": {"RAM": f"{B}:user/b"},
        "Action": "STS:AssumeRole",
        "Condition": {"Bool": {"acs:MFAPresent": "false"}},
    }
    trust = {
        "Principal": {"Service": "fc.aliyuncs.com", "RAM": [f"{B}:user/b", f"{B}:user/a", f"{B}:user/b"]},
        "Effect": "Allow",
        "Action": ["sts:AssumeRole"],
        "Condition": {"StringEquals": {"sts:ExternalId": ["y", "x"]}, "Bool": {"acs:MFAPresent": "true"}},
    }
    policy = parse({"Statement": [trust, mfa, trust], "Version": "1"}, PolicyKind.TRUST)

    assert canonical(policy) == (
        '{"Statement":['
        '{"Action":["STS:AssumeRole"],"Condition":{"Bool":{"acs:MFAPresent":["false"]}},"Effect":"Deny",'
        f'"Principal":{{"RAM":["{B}:user/b"]}}}},'
        '{"Action":["sts:AssumeRole"],'
        '"Condition":{"Bool":{"acs:MFAPresent":["true"]},"StringEquals":{"sts:ExternalId":["x","y"]}},'
        f'"Effect":"Allow","Principal":{{"RAM":["{B}:user/a","{B}:user/b"],"Service":["fc.aliyuncs.com"]}}}}'
        '],"Version":"1"}'
    )


def test_a_document_is_printed_in_its_order() -> None:
    """`to_document` keeps the order and writes every value as a list."""
    document = {
        "Version": "1",
        "Statement": [{"Effect": "Allow", "NotAction": ["fc:*", "a:*"], "Resource": "*"}],
    }

    assert to_document(parse(document, PolicyKind.IDENTITY)) == {
        "Version": "1",
        "Statement": [{"Effect": "Allow", "NotAction": ["fc:*", "a:*"], "Resource": ["*"]}],
    }


def test_the_canonical_text_is_ascii() -> None:
    """Other characters are escaped, so that no encoding on the way can change them."""
    statement = {"Effect": "Allow", "Action": "oss:*", "Resource": "acs:oss:*:*:日本"}
    text = canonical(parse({"Version": "1", "Statement": [statement]}, PolicyKind.IDENTITY))

    assert text.isascii()
    assert json.loads(text)["Statement"][0]["Resource"] == ["acs:oss:*:*:日本"]
