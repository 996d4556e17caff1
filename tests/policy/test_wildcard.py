"""Wildcards, by example; the law is in tests/property."""

from __future__ import annotations

import pytest

from crossaccount.policy.wildcard import Wildcards


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("*", "", True),
        ("*", "any\nthing", True),
        ("fc:Get*", "fc:Get", True),
        ("fc:Get*", "fc:Ge", False),
        ("fc:?et", "fc:Get", True),
        ("fc:?et", "fc:et", False),
        ("acs:fc:*:1:functions/*", "acs:fc:cn:1:functions/a/b", True),
        ("a.c", "abc", False),
        ("[ab]", "a", False),
        ("*a*b", "ab", True),
        ("*a*b", "ba", False),
        ("**", "x", True),
        ("a?c", "a\nc", True),
        ("a**b", "ab", True),
        ("", "", True),
        ("", "a", False),
        ("fc:Get", "fc:Get\n", False),
    ],
)
def test_a_pattern_matches_the_whole_text(pattern, text, matches) -> None:
    """`*` is any number of characters, `?` exactly one, the rest is itself, from the first to the last."""
    assert Wildcards([pattern]).match(text) is matches


def test_no_pattern_matches_nothing() -> None:
    """An empty set of patterns is silent, even on the empty text."""
    assert not Wildcards([]).match("")


def test_a_hostile_pattern_ends() -> None:
    """Hundreds of stars against a text that nearly matches: backtracking would not end in this life."""
    assert not Wildcards(["*a" * 300 + "b?"]).match("a" * 2000)
    assert Wildcards(["*a" * 300 + "?"]).match("a" * 301)
