"""Reading documents: what is accepted, and every refusal with its place and its words."""

from __future__ import annotations

import json
from types import MappingProxyType

import pytest

from crossaccount.policy import Condition, Effect, Policy, PolicyError, PolicyKind, Statement, parse

IP = "Condition.IpAddress"
NO_RESOURCE = "is not a resource: write `*` or `acs:<service>:<region>:<account id>:<resource>`"
MISFIT = "does not fit a key whose values are of type"
NOT_TEXT = "not a string or a list of strings: every value is a JSON string"
ALLOW = {"Effect": "Allow", "Action": "fc:GetFunction", "Resource": "*"}


def _problems(document, kind=PolicyKind.IDENTITY):
    with pytest.raises(PolicyError) as caught:
        parse(document, kind)
    return [str(problem) for problem in caught.value.problems]


def _of(**elements):
    statement = {name: value for name, value in {**ALLOW, **elements}.items() if value is not ...}
    return _problems({"Version": "1", "Statement": [statement]})


def test_no_message_tells_an_external_id() -> None:
    """Its value is between two companies, also where it is written with an operator that does not fit."""
    for operator in ("Bool", "NumericEquals", "IpAddress", "DateLessThan"):
        for key in ("sts:ExternalId", "STS:externalid"):
            found = _of(Condition={operator: {key: "agreed-on-9b1f"}})

            assert found
            assert not any("agreed-on" in each for each in found)


def test_a_document_becomes_a_policy() -> None:
    """One value and a list of one are the same; order and spelling are kept."""
    condition = {"StringLike": {"acs:UserAgent": ["b*", "a*"]}, "Bool": {"acs:MFAPresent": "true"}}
    document = {
        "Version": "1",
        "Statement": [
            {**ALLOW, "Condition": condition},
            {"Effect": "Deny", "NotAction": ["ram:*", "FC:*"], "Resource": ["acs:fc:*:*:functions/f"]},
        ],
    }
    expected = Policy(
        PolicyKind.IDENTITY,
        (
            Statement(
                Effect.ALLOW,
                actions=("fc:GetFunction",),
                resources=("*",),
                conditions=(
                    Condition("StringLike", "acs:UserAgent", ("b*", "a*")),
                    Condition("Bool", "acs:MFAPresent", ("true",)),
                ),
            ),
            Statement(Effect.DENY, not_actions=("ram:*", "FC:*"), resources=("acs:fc:*:*:functions/f",)),
        ),
    )

    assert parse(document, PolicyKind.IDENTITY) == expected
    assert parse(json.dumps(document, indent=2), PolicyKind.IDENTITY) == expected
    assert parse(MappingProxyType(document), PolicyKind.IDENTITY) == expected
    assert parse(document, PolicyKind.SESSION).statements == expected.statements


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "document: is not JSON: expecting value at line 1 column 1"),
        ('{"Version":', "document: is not JSON: expecting value at line 1 column 12"),
        ("[]", "document: is a list, not an object with `Version` and `Statement`"),
        ("null", "document: is null, not an object with `Version` and `Statement`"),
        ("[" * 100_000, "document: is nested too deeply"),
        ('{"a":' * 100_000, "document: is nested too deeply"),
    ],
)
def test_what_is_not_an_object_is_refused(text, problem) -> None:
    """Malformed JSON says where; a nesting bomb is a problem like any other."""
    assert _problems(text) == [problem]


def test_an_endless_number_is_refused() -> None:
    """Python refuses to read it, or reads a number where text belongs: a problem either way."""
    assert _problems('{"Version": %s, "Statement": []}' % ("9" * 5000))


def test_a_key_given_twice_is_refused() -> None:
    """JSON readers keep the last; which one RAM keeps is not written anywhere."""
    text = '{"Version":"1","Statement":[{"Effect":"Deny","Effect":"Allow","Action":"fc:*","Resource":"*"}]}'

    assert _problems(text) == ["document: `Effect` is given twice in one object: the first would be lost"]


@pytest.mark.parametrize(
    ("document", "problems"),
    [
        ({"Statement": [ALLOW]}, ['Version: is missing: write `"Version": "1"`']),
        ({"Version": 1, "Statement": [ALLOW]}, ['Version: is a number: the only version is `"1"`']),
        (
            {"Version": "2012-10-17", "Statement": [ALLOW]},
            ['Version: is `2012-10-17`: the only version is `"1"`'],
        ),
        ({"Version": "1"}, ["Statement: is missing"]),
        ({"Version": "1", "Statement": ALLOW}, ["Statement: is an object, not a list of statements"]),
        ({"Version": "1", "Statement": []}, ["Statement: is empty: a policy has at least one statement"]),
        ({"Version": "1", "Statement": [None]}, ["statement 1: is null, not an object"]),
        ({"Version": "1", "Statement": [ALLOW], "Id": "x"}, ["Id: a policy has no id: leave it out"]),
        (
            {"Version": "1", "Statment": [ALLOW]},
            [
                "Statment: is not an element of the policy language; did you mean `Statement`?",
                "Statement: is missing",
            ],
        ),
    ],
)
def test_the_frame_is_checked(document, problems) -> None:
    """`Version` is "1", `Statement` a list of at least one object, and there is nothing else."""
    assert _problems(document) == problems


@pytest.mark.parametrize(
    ("elements", "problem"),
    [
        ({"Effect": ...}, "Effect: is missing: write `Allow` or `Deny`"),
        ({"Effect": "allow"}, "Effect: is `allow`: write `Allow` or `Deny`"),
        ({"Effect": ["Allow"]}, "Effect: is a list: write `Allow` or `Deny`"),
        ({"Action": ...}, "Action: is missing"),
        ({"NotAction": "fc:*"}, "Action: stands beside `NotAction`: keep one"),
        ({"Action": []}, "Action: is empty: name at least one value, or leave the element out"),
        ({"Action": [7]}, "Action: holds a number: every value is a JSON string, write it in quotes"),
        (
            {"Action": {}},
            f"Action: is an object, {NOT_TEXT}",
        ),
        (
            {"Action": "GetFunction"},
            "Action: `GetFunction` is not an action: write `<service>:<operation>`, such as `fc:GetFunction`",
        ),
        ({"Resource": ...}, 'Resource: is missing: name ARNs, or write `"*"` for every resource'),
        (
            {"Resource": "functions/f"},
            f"Resource: `functions/f` {NO_RESOURCE}",
        ),
        (
            {"Resource": "a\u0000"},
            "Resource: holds a control character or half a character, which no name has",
        ),
        ({"Principal": {"RAM": "*"}}, "Principal: belongs in trust policies only: leave it out"),
        ({"Sid": "x"}, "Sid: a statement has no id: leave it out"),
        ({"NotResource": "*"}, "NotResource: is not supported: name the resources in `Resource`"),
        ({"NotPrincipal": {}}, "NotPrincipal: is not supported: name the principals in `Principal`"),
        ({"action": "x"}, "action: is not an element of the policy language; did you mean `Action`?"),
        ({"Condition": "x"}, "Condition: is `x`, not an object"),
        ({"Condition": {}}, "Condition: is empty: name at least one operator, or leave it out"),
        (
            {"Condition": {"Bool": {}}},
            "Condition.Bool: is empty: name at least one condition key, or leave it out",
        ),
        (
            {"Condition": {"StringLikee": {"acs:UserAgent": "x"}}},
            "Condition.StringLikee: is not a condition operator; did you mean `StringLike`?",
        ),
        ({"Condition": {"Null": {"sts:ExternalId": "true"}}}, "Condition.Null: is not a condition operator"),
        (
            {"Condition": {"IpAddress": {"acs:sourceIp": "10.0.0.1"}}},
            f"{IP}.acs:sourceIp: `acs:sourceIp` is not a condition key; did you mean `acs:SourceIp`?",
        ),
        (
            {"Condition": {"IpAddress": {"acs:MFAPresent": "true"}}},
            f"{IP}.acs:MFAPresent: `IpAddress` {MISFIT} boolean: use `Bool`",
        ),
        (
            {"Condition": {"IpAddress": {"acs:SourceIp": []}}},
            f"{IP}.acs:SourceIp: is empty: name at least one value, or leave the element out",
        ),
        (
            {"Condition": {"IpAddress": {"acs:SourceIp": 10}}},
            f"{IP}.acs:SourceIp: is a number, {NOT_TEXT}",
        ),
    ],
)
def test_each_element_is_checked(elements, problem) -> None:
    """What is missing, misplaced, misspelt or of the wrong type is named with its statement and element."""
    assert _of(**elements) == [f"statement 1, {problem}"]


@pytest.mark.parametrize(
    "operator",
    [
        "StringEqualsIfExists",
        "ForAnyValue:StringEquals",
        "ForAllValues:StringLike",
        "ArnLike",
        "IpAddressIfExists",
    ],
)
def test_an_undocumented_operator_is_refused_by_name(operator) -> None:
    """What other clouds have is not taken for something else."""
    (problem,) = _of(Condition={operator: {"acs:UserAgent": "x"}})

    assert problem.startswith(f"statement 1, Condition.{operator}: is not a condition operator")


@pytest.mark.parametrize(
    ("operator", "key", "value", "words"),
    [
        ("Bool", "acs:SecureTransport", "True", "`True` is not a boolean"),
        ("Bool", "acs:MFAPresent", "yes", "`yes` is not a boolean"),
        ("NumericLessThan", "acs:RequestTag/n", "ten", "`ten` is not a number"),
        ("NumericEquals", "acs:RequestTag/n", "1e3", "`1e3` is not a number"),
        ("NumericEquals", "acs:RequestTag/n", "\u0661", "`\\u0661` is not a number"),
        ("DateLessThan", "acs:CurrentTime", "2026-01-01", "`2026-01-01` is not a date"),
        ("DateLessThan", "acs:CurrentTime", "2026-01-01T00:00:00", "is not a date"),
        ("DateLessThan", "acs:CurrentTime", "2026-02-30T00:00:00Z", "is not a date"),
        ("DateLessThan", "acs:CurrentTime", "2026-01-01T24:00:00Z", "is not a date"),
        ("IpAddress", "acs:SourceIp", "10.0.0.0/33", "`10.0.0.0/33` is not an IP address or CIDR block"),
        ("IpAddress", "acs:SourceIp", "10.0.0.0/255.0.0.0", "is not an IP address or CIDR block"),
        (
            "IpAddress",
            "acs:SourceIp",
            "10.0.0.5/8",
            "`10.0.0.5/8` has bits set after its prefix: write `10.0.0.0/8`",
        ),
        ("NotIpAddress", "acs:SourceIp", "::ffff:10.0.0.1", "write the IPv4 form"),
        ("NotIpAddress", "acs:VpcSourceIp", "fe80::1%eth0", "is not an IP address or CIDR block"),
    ],
)
def test_a_value_must_fit_its_operator(operator, key, value, words) -> None:
    """The value that cannot be read is shown, among good ones too, with what to write."""
    good = {
        "Bool": "true",
        "NumericEquals": "1",
        "NumericLessThan": "1",
        "DateLessThan": "2026-01-01T00:00:00Z",
    }
    (problem,) = _of(Condition={operator: {key: [good.get(operator, "10.0.0.1"), value]}})

    assert problem.startswith(f"statement 1, Condition.{operator}.{key}: ")
    assert (
        words.encode("ascii", "backslashreplace").decode()
        in problem.encode("ascii", "backslashreplace").decode()
    )


def test_all_problems_come_at_once() -> None:
    """Two statements, five problems, one error whose text has them all."""
    document = {
        "Version": "2",
        "Statement": [
            {"Effect": "Permit", "Action": "fc", "Resource": "*"},
            {"Effect": "Deny", "NotAction": "fc:*", "Condition": {"Bool": {"acs:MFAPresent": "1"}}},
        ],
    }
    with pytest.raises(PolicyError) as caught:
        parse(document, PolicyKind.IDENTITY)

    places = [problem.place for problem in caught.value.problems]
    assert places == [
        "Version",
        "statement 1, Effect",
        "statement 1, Action",
        "statement 2, Resource",
        "statement 2, Condition.Bool.acs:MFAPresent",
    ]
    assert all(place in str(caught.value) for place in places)


def test_messages_are_short_and_printable() -> None:
    """A name with terminal codes is escaped and a long one cut: a log shows the message as it is."""
    (problem,) = _of(**{"\u001b[31m" + "x" * 500: "y"})

    assert problem.isprintable()
    assert len(problem) < 300


def test_names_that_are_not_text_are_refused() -> None:
    """A document made in Python may hold keys that JSON cannot."""
    assert _of(Condition={7: {}}) == [
        "statement 1, Condition: has a number as a name: write the operator as a string"
    ]
    assert _of(Condition={"Bool": {None: "true"}}) == [
        "statement 1, Condition.Bool: has null as a name: write the condition key as a string"
    ]


@pytest.mark.parametrize(
    "resource", ["*", "acs:*", "acs:fc:*", "acs:fc:cn-hangzhou:1:functions/a b", "acs:oss:*:*:b/a:c"]
)
def test_resources_may_be_patterns(resource) -> None:
    """`*` ends an ARN early; a resource's own name may hold spaces and colons."""
    assert parse({"Version": "1", "Statement": [{**ALLOW, "Resource": resource}]}, PolicyKind.IDENTITY)


@pytest.mark.parametrize(
    "resource", ["", "acs:fc:x:1", "acs:fc:x:1:", " acs:fc:x:1:f", "acs:fc:x:1:f ", "arn:aws:s3:::b"]
)
def test_resources_are_whole_names(resource) -> None:
    """Too few segments, no name, or white space at the ends would match nothing, silently."""
    assert "is not a resource" in _of(Resource=resource)[0]
