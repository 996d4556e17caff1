"""Reading trust policies: whom a role may trust, and how that is written."""

from __future__ import annotations

import pytest

from crossaccount.policy import PolicyError, PolicyKind, Principals, parse

B = "acs:ram::2000000000000002"


def _document(**elements):
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"RAM": [f"{B}:root"]},
        **elements,
    }
    return {
        "Version": "1",
        "Statement": [{name: each for name, each in statement.items() if each is not ...}],
    }


def _problem(**elements):
    with pytest.raises(PolicyError) as caught:
        parse(_document(**elements), PolicyKind.TRUST)
    (problem,) = caught.value.problems
    return str(problem)


def test_several_kinds_of_principals_stand_in_one_statement() -> None:
    """RAM names, services and identity providers, each one value or a list."""
    named = {
        "RAM": [f"{B}:user/ops.team_1", f"{B}:role/Fc-Runner", "acs:ram:*:2000000000000002:root"],
        "Service": "fc.aliyuncs.com",
        "Federated": [f"{B}:saml-provider/idp", f"{B}:oidc-provider/ci"],
    }
    (statement,) = parse(_document(Principal=named), PolicyKind.TRUST).statements

    assert statement.principals == Principals(
        tuple(named["RAM"]), ("fc.aliyuncs.com",), tuple(named["Federated"])
    )


@pytest.mark.parametrize("action", ["sts:AssumeRole", "STS:assumerole", "sts:*", ["sts:AssumeRoleWithOIDC"]])
def test_the_actions_are_those_of_assuming_a_role(action) -> None:
    """In any letter case, and as patterns within `sts:`."""
    assert parse(_document(Action=action), PolicyKind.TRUST)


@pytest.mark.parametrize("action", ["*", "fc:*", "sts:GetCallerIdentity", "s?s:AssumeRole"])
def test_no_other_action_belongs_in_a_trust_policy(action) -> None:
    """A wrong service would trust nobody, silently; everything is more than assuming a role."""
    assert _problem(Action=action) == (
        f"statement 1, Action: `{action}` is not an action of a trust policy: write `sts:AssumeRole`"
    )


@pytest.mark.parametrize("value", ["*", f"{B}:root", ["x"], None, 7])
def test_the_principal_is_an_object(value) -> None:
    """The alicloud provider crashes on anything else, and `*` would trust everyone."""
    assert _problem(Principal=value).startswith("statement 1, Principal: is ")
    assert 'write an object such as `{"RAM":' in _problem(Principal=value)


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ({}, "is empty: name at least one of `RAM`, `Service`, `Federated`"),
        ({"RAM": []}, "is empty"),
        ({"Ram": [f"{B}:root"]}, "is not a kind of principal; did you mean `RAM`?"),
        ({"AWS": "x"}, "is not a kind of principal"),
        ({"RAM": "*"}, "`*` would trust more than one account or name: name each one"),
        ({"RAM": "acs:ram::*:root"}, "would trust more than one account"),
        ({"RAM": f"{B}:user/*"}, "would trust more than one account or name"),
        ({"RAM": f"{B}:user/a?"}, "would trust more than one account or name"),
        ({"RAM": "acs:ram:*:*:root"}, "would trust more than one account"),
        ({"RAM": "2000000000000002"}, "`2000000000000002` is not an ARN"),
        ({"RAM": "acs:ram::200000000002:root"}, "account id `200000000002` is not 16 digits"),
        ({"RAM": "acs:ram::\u0662000000000000002:root"}, "is not 16 digits"),
        ({"RAM": "acs:ram:cn-hangzhou:2000000000000002:root"}, "is not a RAM name"),
        ({"RAM": "acs:fc::2000000000000002:functions/f"}, "is not a RAM name"),
        ({"RAM": f"{B}:group/g"}, "is not a principal"),
        ({"RAM": f"{B}:assumed-role/r/s"}, "is not a principal: write `...:root`, `...:user/<name>` or"),
        ({"RAM": f"{B}:user/alice@corp"}, "is not a principal"),
        ({"Service": "fc"}, "`fc` is not a service: write `<service>.aliyuncs.com`"),
        ({"Service": "1000000000000001@fc.aliyuncs.com"}, "is not a service"),
        ({"Federated": f"{B}:root"}, "is not an identity provider"),
    ],
)
def test_each_principal_is_checked(named, words) -> None:
    """No wildcard, no other kind of name, no malformed account id."""
    problem = _problem(Principal=named)

    assert problem.startswith("statement 1, Principal")
    assert words in problem


def test_a_kind_may_be_empty_beside_another() -> None:
    """The provider's `services` writes an empty list of RAM principals; nobody is trusted by it."""
    mixed = parse(_document(Principal={"RAM": [], "Service": ["fc.aliyuncs.com"]}), PolicyKind.TRUST)

    assert mixed.statements[0].principals == Principals((), ("fc.aliyuncs.com",), ())
    with pytest.raises(PolicyError, match="is empty"):
        parse(_document(Principal={"RAM": [], "Service": []}), PolicyKind.TRUST)


def test_what_else_a_trust_policy_must_have_and_not_have() -> None:
    """It names principals and no resource, since the resource is the role itself."""
    assert _problem(Principal=...).startswith("statement 1, Principal: is missing: write an object")
    assert _problem(Resource="*").startswith("statement 1, Resource: does not belong in a trust policy")
    assert _problem(NotPrincipal={}).startswith("statement 1, NotPrincipal: is not supported")
