"""Single values: names, ARNs, dates, addresses, numbers; each in one form or refused."""

from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import limits, moments, names


@pytest.mark.parametrize(
    ("rule", "written", "form"),
    [
        (names.account_id, 1234567890120000, "1234567890120000"),
        (names.role_arn, "acs:ram:*:1234567890120000:role/Ops", "acs:ram::1234567890120000:role/Ops"),
        (names.account_alias, "a-1", "a-1"),
        (names.function_name, "app-*", "app-*"),
        (moments.instant, "2027-03-31T23:59:59+09:00", "2027-03-31T14:59:59Z"),
        (moments.instant, "2027-03-31T23:59Z", "2027-03-31T23:59:00Z"),
        (moments.source_ip, "2001:0DB8::1", "2001:db8::1"),
        (moments.source_ip, "203.0.113.0/24", "203.0.113.0/24"),
        (limits.session_seconds, 3600.0, 3600),
        (limits.session_seconds, 43200, 43200),
        (limits.external_id, "ab", "ab"),
    ],
)
def test_a_value_has_one_form(rule, written, form) -> None:
    """Spellings of the same value become the same text or number, of the right type."""
    found = rule(written)
    assert (found, type(found)) == (form, type(form))
    assert rule(found) == found


@pytest.mark.parametrize(
    ("rule", "written"),
    [
        (names.account_id, "123456789012000"),
        (names.account_id, "\uff11" * 16),
        (names.account_id, True),
        (names.role_name, "a" * 65),
        (names.role_name, ""),
        (names.role_name, "a\n"),
        (names.user_name, None),
        (names.policy_name, "a.b"),
        (names.account_alias, "ab"),
        (names.account_alias, "a--b"),
        (names.account_alias, "a" * 33),
        (names.region, "hangzhou"),
        (names.function_name, "a.b"),
        (names.role_arn, "acs:ram:cn:1234567890120000:role/x"),
        (names.role_arn, "acs:ram::1234567890120000:role/a/b"),
        (moments.instant, "2027-03-31T23:59:59"),
        (moments.instant, "0001-01-01T00:00:00+14:00"),
        (moments.instant, 20270331),
        (moments.source_ip, "fe80::/129"),
        (moments.source_ip, "::/0"),
        (moments.source_ip, 7),
        (limits.session_seconds, 3600.5),
        (limits.session_seconds, float("nan")),
        (limits.session_seconds, "3600"),
        (limits.external_id, "ä" * 2),
        (limits.external_id, "a" * 1225),
    ],
)
def test_what_is_not_a_value_is_refused(rule, written) -> None:
    """A refusal goes on from the value and says what is allowed."""
    with pytest.raises(ValueError, match=r"^(is|holds|has|admits|would) .+: "):
        rule(written)


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2900, 1, 1)), st.integers(-839, 839))  # noqa: DTZ001  the offset is added below
def test_an_instant_stays_the_same_moment(moment, minutes) -> None:
    """Whatever the offset, the UTC form is the moment that was meant."""
    sign, absolute = "-" if minutes < 0 else "+", abs(minutes)
    text = f"{moment.replace(microsecond=0).isoformat()}{sign}{absolute // 60:02}:{absolute % 60:02}"
    meant = datetime.fromisoformat(text)
    found = datetime.fromisoformat(moments.instant(text).replace("Z", "+00:00"))
    assert found == meant
    assert found.tzinfo == timezone.utc


def test_the_nearest_name_is_offered() -> None:
    """A near miss is offered, a far one gets the whole list."""
    assert names.nearest("Functons", ["functions", "services"]) == "did you mean `functions`?"
    assert names.nearest("xyz", ["b", "a"]) == "known are `a`, `b`"
    assert names.nearest("xyz", []) == "known are none"
