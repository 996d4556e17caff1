"""How long a session is handed out, and how it is written down."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossaccount.session import RoleSession

NOW = 1_800_000_000


def session(**fields: object) -> RoleSession:
    """A session that was opened now for an hour."""
    given_fields = {
        "access_key_id": "STS.key",
        "access_key_secret": "the-secret",
        "security_token": "the-token",
        "expires": NOW + 3600,
        "length": 3600,
        "role_arn": "acs:ram::1234567890120000:role/fc-reader",
        "assumed_role_arn": "acs:ram::1234567890120000:role/fc-reader/dev",
        "assumed_role_id": "3000:dev",
        "caller": "acs:ram::1345678901230000:user/dev",
        "request_id": "R",
    }
    return RoleSession(**given_fields | fields)  # type: ignore[arg-type]


def test_it_counts_as_used_up_before_its_end() -> None:
    """A quarter of its length before the end, 15 minutes at most, a session is not handed out any more."""
    assert session().margin == 900
    assert session().is_fresh(NOW + 2699)
    assert not session().is_fresh(NOW + 2700)
    assert session(length=900, expires=NOW + 900).margin == 225


@pytest.mark.parametrize("length", [900, 3600, 43200])
def test_a_new_session_satisfies_every_consumer(length: int) -> None:
    """A session lasts longer when handed out than the 3 minutes at which an External profile drops it."""
    assert session(length=length, expires=NOW + length).is_fresh(NOW)
    assert session(length=length).margin > 180


@pytest.mark.parametrize("years", [-10, 10])
def test_a_clock_ten_years_off_trusts_nothing(years: int) -> None:
    """After the clock jumped, forwards or back, a session from before is not handed out."""
    assert not session().is_fresh(NOW + years * 365 * 86400)


def test_its_end_is_written_in_utc_with_z() -> None:
    """Whole seconds and `Z`: the one form that every consumer reads."""
    assert session(expires=0).expiration == "1970-01-01T00:00:00Z"


def test_secrets_are_not_shown() -> None:
    """The representation holds neither the secret nor the token."""
    assert "the-secret" not in repr(session())
    assert "the-token" not in repr(session())


def test_a_record_gives_the_session_back() -> None:
    """What is written down is read as the same session."""
    assert RoleSession.from_record(session().to_record()) == session()


@given(
    st.sampled_from(sorted(session().to_record())), st.one_of(st.none(), st.lists(st.integers()), st.floats())
)
def test_a_record_with_a_part_of_another_kind_is_refused(part: str, value: object) -> None:
    """No part may be missing or of another kind."""
    record = session().to_record()
    missing = {name: each for name, each in record.items() if name != part}

    for wrong in (record | {part: value}, missing if part != "source_identity" else []):
        with pytest.raises(ValueError, match="cached session"):
            RoleSession.from_record(wrong)
