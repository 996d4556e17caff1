"""Each condition operator, on values that match, that do not, that are missing and that cannot be read."""

from __future__ import annotations

import pytest

from crossaccount.policy import CONDITION_KEYS, OPERATORS, ValueType, condition_key_type
from crossaccount.policy.rule import ConditionTest

MORNING, NOON = "2026-01-01T00:00:00Z", "2026-01-01T12:00:00Z"
CASES = [
    ("StringEquals", ["a", "b"], "b", "B"),
    ("StringEqualsIgnoreCase", ["Abc"], "aBC", "abcd"),
    ("StringLike", ["a*z", "?"], "abz", "AbZ"),
    ("NumericEquals", ["10"], "10.0", "11"),
    ("NumericLessThan", ["10"], "9.99", "10"),
    ("NumericLessThanEquals", ["10"], "10", "10.01"),
    ("NumericGreaterThan", ["-1"], "0", "-1"),
    ("NumericGreaterThanEquals", ["-1"], "-1", "-2"),
    ("DateEquals", ["2026-01-01T08:00:00+08:00"], MORNING, NOON),
    ("DateLessThan", [NOON], MORNING, NOON),
    ("DateLessThanEquals", [NOON], NOON, "2026-01-01T12:00:00.000001Z"),
    ("DateGreaterThan", [MORNING], NOON, MORNING),
    ("DateGreaterThanEquals", [MORNING], MORNING, "2025-12-31T23:59:59-00:00"),
    ("Bool", ["true"], "true", "false"),
    ("IpAddress", ["10.0.0.0/8", "2001:db8::/32"], "10.255.0.1", "11.0.0.1"),
    ("IpAddress", ["2001:db8::/32"], "2001:db8:1::1", "2001:db9::"),
    ("IpAddress", ["192.0.2.1"], "::ffff:192.0.2.1", "192.0.2.2"),
]
TWINS = {
    "StringEquals": "StringNotEquals",
    "StringEqualsIgnoreCase": "StringNotEqualsIgnoreCase",
    "StringLike": "StringNotLike",
    "NumericEquals": "NumericNotEquals",
    "DateEquals": "DateNotEquals",
    "IpAddress": "NotIpAddress",
}


def _holds(operator, asked, *given):
    return ConditionTest(operator, "k", tuple(asked)).holds({"k": given})


@pytest.mark.parametrize(("operator", "asked", "fits", "differs"), CASES)
def test_a_positive_operator_holds_on_any_of_its_values(operator, asked, fits, differs) -> None:
    """One of the policy's values is enough; a missing key is false."""
    assert _holds(operator, asked, fits) is True
    assert _holds(operator, asked, differs) is False
    assert _holds(operator, asked) is False
    assert ConditionTest(operator, "k", tuple(asked)).holds({}) is False


@pytest.mark.parametrize(
    ("operator", "asked", "fits", "differs"), [case for case in CASES if case[0] in TWINS]
)
def test_a_negative_operator_holds_when_none_of_its_values_match(operator, asked, fits, differs) -> None:
    """It is its twin's opposite; a missing key is true."""
    assert _holds(TWINS[operator], asked, fits) is False
    assert _holds(TWINS[operator], asked, differs) is True
    assert _holds(TWINS[operator], asked) is True
    assert OPERATORS[TWINS[operator]].negative


def test_the_documented_operators_are_all_there_are() -> None:
    """21 operators, six of them negative, each tried above."""
    tried = {case[0] for case in CASES} | set(TWINS.values())

    assert set(OPERATORS) == tried
    assert len(OPERATORS) == 21
    assert {name for name, each in OPERATORS.items() if each.negative} == set(TWINS.values())


def test_several_values_in_a_request() -> None:
    """One match satisfies a positive operator and breaks a negative one."""
    assert _holds("StringEquals", ["a"], "x", "a") is True
    assert _holds("StringNotEquals", ["a"], "x", "a") is False
    assert _holds("StringNotEquals", ["a"], "x", "y") is True


@pytest.mark.parametrize(
    "operator", ["NumericEquals", "NumericNotEquals", "Bool", "IpAddress", "NotIpAddress"]
)
def test_a_value_that_cannot_be_read_is_neither(operator) -> None:
    """Neither true nor false, unless another value of the request decides."""
    asked = {"Bool": "true", "IpAddress": "10.0.0.1", "NotIpAddress": "10.0.0.1"}.get(operator, "1")

    assert _holds(operator, [asked], "garbage") is None
    assert _holds(operator, [asked], "garbage", asked) is not OPERATORS[operator].negative


@pytest.mark.parametrize("given", ["10.0.0.1 ", "10.0.0.01", "10.0.0.0/8", "fe80::1%eth0", "", "localhost"])
def test_what_is_not_an_address_is_not_read(given) -> None:
    """Request addresses are single and plain."""
    assert _holds("IpAddress", ["0.0.0.0/0", "::/0"], given) is None


def test_extreme_dates_compare() -> None:
    """The first and last year with offsets on either side."""
    assert _holds("DateLessThan", ["9999-12-31T23:59:59-23:59"], "0001-01-01T00:00:00+23:59") is True


def test_numbers_compare_exactly() -> None:
    """Digits beyond a float's precision count."""
    assert _holds("NumericLessThan", ["10000000000000000000000000000000001"], "1" + "0" * 34) is True


def test_keys_know_their_type() -> None:
    """Tag keys take any tag; a key in another letter case, and a tag key without a tag, are unknown."""
    assert condition_key_type("acs:SourceIp") is ValueType.IP
    assert condition_key_type("acs:ResourceTag/team") is ValueType.STRING
    assert condition_key_type("acs:ResourceTag/") is None
    assert condition_key_type("acs:sourceip") is None
    assert condition_key_type("acs:PrincipalTag/team") is None
    assert all(isinstance(kind, ValueType) for kind in CONDITION_KEYS.values())


def test_an_unknown_operator_cannot_be_built() -> None:
    """A statement made without the parser fails as loudly."""
    with pytest.raises(ValueError, match="`StringEqualsIfExists` is not a condition operator"):
        ConditionTest("StringEqualsIfExists", "k", ("v",))
