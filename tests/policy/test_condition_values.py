"""The values that meet a condition, of each type."""

from __future__ import annotations

import pytest

from crossaccount.policy import Condition
from crossaccount.policy.rule import ConditionTest
from crossaccount.policy.sets.condition_values import values_meeting
from crossaccount.policy.sets.dimensions import Dimension, Kind, every_value
from crossaccount.policy.sets.membership import value_held

NUMBERS = ["-2", "0", "0.5", "1", "1.0", "10", "word"]
DATES = ["2025-12-31T23:59:59.999999Z", "2026-01-01T08:00:00+08:00", "2026-01-01T00:00:00.000001Z"]
ADDRESSES = ["10.0.0.1", "11.0.0.1", "::ffff:10.0.0.1", "2001:db8::1", "::1", "255.255.255.255"]
ORDER = ["Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"]
CASES = [
    *((f"Numeric{name}", "acs:ResourceTag/n", ("0.5", "1"), NUMBERS) for name in ORDER),
    *((f"Date{name}", "acs:CurrentTime", ("2026-01-01T00:00:00Z",), DATES) for name in ORDER),
    *(
        (name, "acs:SourceIp", ("10.0.0.0/8", "2001:db8::/32"), ADDRESSES)
        for name in ("IpAddress", "NotIpAddress")
    ),
    ("Bool", "acs:MFAPresent", ("true",), ["true", "false"]),
    *(
        (f"String{name}", "acs:UserAgent", ("Ab", "c"), ["Ab", "ab", "aB", "c", "C", "", "*"])
        for name in ("Equals", "NotEquals", "EqualsIgnoreCase", "NotEqualsIgnoreCase")
    ),
    ("StringLike", "acs:UserAgent", ("a*", "?b"), ["a", "xb", "b", ""]),
    ("StringNotLike", "acs:UserAgent", ("a*", "?b"), ["a", "xb", "b", ""]),
]


@pytest.mark.parametrize("denies", [False, True])
@pytest.mark.parametrize(("operator", "key", "wanted", "given"), CASES, ids=lambda case: str(case)[:20])
def test_values_are_those_for_which_the_evaluator_applies(operator, key, wanted, given, denies) -> None:
    """Each readable, unreadable and missing value is in the set where a statement would apply."""
    dimension, values = values_meeting(Condition(operator, key, wanted), denies=denies)
    test = ConditionTest(operator, key, wanted)

    for text in given:
        holds = test.holds({key: text})
        assert value_held(dimension, values, text) is (denies if holds is None else holds), text
    if every_value(dimension).missing:
        assert values.missing is test.holds({})


def test_a_time_is_never_missing() -> None:
    """Every request is made at a time, so a negative operator on it has no missing case."""
    condition = Condition("DateNotEquals", "acs:CurrentTime", ("2026-01-01T00:00:00Z",))

    assert not values_meeting(condition, denies=False)[1].missing


def test_a_pattern_that_is_too_large_becomes_opaque() -> None:
    """The condition stands for itself: it can only be compared with itself."""
    dimension, values = values_meeting(
        Condition("StringLike", "acs:UserAgent", ("*a" + "?" * 14,)), denies=False, step="role"
    )

    assert dimension.kind is Kind.OPAQUE
    assert dimension.key.startswith("StringLike acs:UserAgent *a?")
    assert "states" in dimension.note
    assert 1 in values.inside


def test_several_values_in_one_request_are_outside_the_universe() -> None:
    """A set is asked about requests with at most one value of each key."""
    dimension = Dimension(Kind.TEXT, "", "acs:UserAgent")

    with pytest.raises(ValueError, match="several values"):
        value_held(dimension, every_value(dimension), ("a", "b"))
    assert value_held(dimension, every_value(dimension), ("a",))


def test_a_value_that_the_cloud_would_not_set_is_refused() -> None:
    """An address that is none is not of the universe; a tag that is no number is."""
    with pytest.raises(ValueError, match="not an IP address"):
        value_held(Dimension(Kind.IP, "", "acs:SourceIp"), every_value(Dimension(Kind.IP)), "x")
