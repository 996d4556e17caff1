"""ARNs: five segments, split on the first four colons."""

from __future__ import annotations

import pytest

from crossaccount.policy import Arn
from crossaccount.policy.arn import folded, folded_global


@pytest.mark.parametrize(
    ("text", "arn"),
    [
        ("acs:ram::1000000000000001:role/r", Arn("ram", "", "1000000000000001", "role/r")),
        (
            "acs:fc:cn-hangzhou:1000000000000001:functions/f",
            Arn("fc", "cn-hangzhou", "1000000000000001", "functions/f"),
        ),
        ("acs:oss:*:*:bucket/a:b:c", Arn("oss", "*", "*", "bucket/a:b:c")),
        ("acs:ram::system:policy/P", Arn("ram", "", "system", "policy/P")),
    ],
)
def test_an_arn_reads_and_prints(text, arn) -> None:
    """`parse` and `format` are each other's inverse; colons after the fourth belong to the resource."""
    assert Arn.parse(text) == arn
    assert arn.format() == str(arn) == text


@pytest.mark.parametrize(
    "text", ["", "acs:ram::1", "arn:aws:iam::1:role/r", "acs:::1:role/r", "acs:ram::1:", "ACS:ram::1:x"]
)
def test_what_is_no_arn_is_named(text) -> None:
    """The error shows the text and the shape that is wanted."""
    with pytest.raises(ValueError, match=r"is not an ARN: write `acs:") as caught:
        Arn.parse(text)

    assert f"`{text}`" in str(caught.value)


@pytest.mark.parametrize("text", ["acs:ram::1:role/R", "acs:ram:*:1:role/r", "ACS:RAM:*:1:ROLE/R"])
def test_ram_names_have_one_spelling(text) -> None:
    """An empty region is `*`, and letter case does not count."""
    assert folded_global(text) == "acs:ram::1:role/r"


def test_other_services_are_left_as_written() -> None:
    """A region of RAM that is neither empty nor `*` stays, and another service's name is not touched."""
    assert folded_global("acs:ram:cn-x:1:role/r") == "acs:ram:cn-x:1:role/r"
    assert folded_global("acs:fc:*:1:functions/F") is None


def test_folding_keeps_the_length() -> None:
    """Only A to Z change: a letter whose lower case is two characters would move what `?` matches."""
    assert folded("AZaz\u0130\u212a") == "azaz\u0130\u212a"
