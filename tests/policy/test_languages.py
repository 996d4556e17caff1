"""Languages: what automata accept, and that equal languages are one object."""

from __future__ import annotations

import sys

import pytest

from crossaccount.policy.sets.bounds import MAX_STATES, TooLargeError
from crossaccount.policy.sets.language import ANYTHING, NOTHING
from crossaccount.policy.sets.patterns import (
    at_least,
    equal_in_any_case,
    equal_to,
    matching,
    resources_matching,
)
from crossaccount.policy.sets.shape import Run, literal, shortest, some


def test_equal_languages_are_one_object() -> None:
    """However a language is written, it is the same smallest automaton."""
    assert matching(["fc:*", "fc:Get*"]) is matching(["fc:**"])
    assert matching(["a?", "a?*"]) is matching(["a*?"])
    assert matching(["*"]) is ANYTHING
    assert matching([]) is NOTHING
    assert matching(["a*"]) - matching(["a*", "b"]) is NOTHING


def test_a_pattern_accepts_what_it_matches() -> None:
    """Wildcards stand for any character, a colon, a slash and a line break included."""
    language = matching(["acs:*:f?o"])

    assert "acs:x:y/z:fño" in language
    assert "acs::f\no" in language
    assert "acs:fo" not in language
    assert "acs::fo" not in language


def test_plain_texts_are_taken_literally() -> None:
    """A star in the value of StringEquals is that character."""
    assert "a*" in equal_to(["a*", "b"])
    assert "ab" not in equal_to(["a*", "b"])


@pytest.mark.parametrize("text", ["strasse", "STRASSE", "Straße", "STRAẞE", "\u017ftraßE"])
def test_every_spelling_in_any_case_is_accepted(text) -> None:
    """Case is ignored as `str.casefold` does it, over the whole of Unicode."""
    assert text in equal_in_any_case(["Straße"])
    assert "strase" not in equal_in_any_case(["Straße"])


def test_no_character_beyond_the_table_has_letter_case() -> None:
    """The spellings are looked for in the first two planes of Unicode, and there is none outside."""
    assert all(chr(code).casefold() == chr(code) for code in range(0x20000, sys.maxunicode + 1))


def test_ram_resources_are_compared_in_lower_case_and_others_as_written() -> None:
    """One pattern list holds both, as the evaluator compares them."""
    language = resources_matching(["acs:*:*:1000000000000001:*/Reader"])

    assert "acs:ram::1000000000000001:role/reader" in language
    assert "acs:fc:x:1000000000000001:functions/Reader" in language
    assert "acs:fc:x:1000000000000001:functions/reader" not in language


def test_patterns_that_need_too_many_states_are_refused() -> None:
    """A pattern whose smallest automaton is exponential is an error with the bound, not an approximation."""
    with pytest.raises(TooLargeError, match=f"more than {MAX_STATES} states"):
        matching(["*a" + "?" * 14])


def test_a_wider_pattern_stands_in_for_one_that_is_too_large() -> None:
    """The text up to the first wildcard bounds a pattern from above."""
    assert at_least("fc:Get*a??????????????") == "fc:Get*"
    assert at_least("plain") == "plain*"


def test_meeting_is_having_a_text_in_common() -> None:
    """`meets` says whether the intersection is empty, without making it."""
    assert matching(["a*"]).meets(matching(["*b"]))
    assert not matching(["a*"]).meets(matching(["b*"]))
    assert not NOTHING.meets(ANYTHING)


def test_the_shortest_text_of_a_shape() -> None:
    """A name is found in the form a reader expects, from any state on, or there is none."""
    language = matching(["acs:fc:*:functions/*"])
    shape = (*literal("cn-hangzhou:"), *(Run("12") for _ in range(3)), *literal(":functions/"), *some("ab"))

    assert shortest(language, shape, language.walk("acs:fc:")) == "cn-hangzhou:111:functions/a"
    assert shortest(matching(["b*"]), some("a")) is None
    assert shortest(equal_to([""]), some("a", open_end=True)) is None
