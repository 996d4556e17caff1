"""What differs between inputs, as `detailedDiff` says it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossaccount.engine.difference import differing
from crossaccount.engine.values import UNKNOWN, secret

INPUTS = st.dictionaries(
    st.sampled_from("abc"),
    st.integers(0, 2) | st.dictionaries(st.sampled_from("xy"), st.integers(0, 2), max_size=2),
    max_size=3,
)


def always(name, old, new):
    return True


def never(name, old, new):
    return False


@given(INPUTS)
def test_nothing_differs_from_itself(inputs):
    """Equal inputs have no differences."""
    assert differing(inputs, dict(inputs), never) == {}


@given(INPUTS, INPUTS)
def test_both_directions_find_the_same_properties(old, new):
    """What differs one way differs the other way, an addition there being a deletion here."""
    forward, backward = differing(old, new, never), differing(new, old, never)
    mirrored = {"add": "delete", "delete": "add", "update": "update"}

    assert {
        name: {path: mirrored[kind] for path, kind in paths.items()} for name, paths in forward.items()
    } == backward


@pytest.mark.parametrize(
    ("old", "new", "paths"),
    [
        ("a", "b", {"p": "update"}),
        (None, "b", {"p": "add"}),
        ("a", None, {"p": "delete"}),
        ({"k": "1"}, {"k": "2"}, {"p.k": "update"}),
        ({"a.b": "1"}, {}, {"p": "update", 'p.["a.b"]': "delete"}),
        ({}, {'q"': "1"}, {"p": "update", 'p.["q\\""]': "add"}),
        ({"k": "1"}, None, {"p": "update", "p.k": "delete"}),
        ({"k": "1"}, {"l": "1"}, {"p.k": "delete", "p.l": "add"}),
        ([1, 2], [1, 3, 4], {"p[1]": "update", "p[2]": "add"}),
        ({"k": ["a"]}, {"k": []}, {"p.k[0]": "delete"}),
        ({"k": 1}, "text", {"p": "update"}),
        ("a", UNKNOWN, {"p": "update"}),
    ],
)
def test_a_path_leads_to_what_changed(old, new, paths):
    """Paths go into mappings, whose size counts as well, and lists; keys that are no names are quoted."""
    before = {} if old is None else {"p": old}
    after = {} if new is None else {"p": new}

    assert differing(before, after, never) == {"p": paths}


def test_what_means_the_same_does_not_differ():
    """The resource type's word counts, except about an unknown."""
    assert differing({"p": "1"}, {"p": "one"}, always) == {}
    assert differing({"p": "1"}, {"p": UNKNOWN}, always) != {}


def test_secrets_are_compared_by_what_they_hide():
    """A secret that became plain, or the other way round, with the same value has not changed."""
    assert differing({"p": secret("s")}, {"p": "s"}, never) == {}
    assert differing({"p": secret("s")}, {"p": secret("t")}, never) == {"p": {"p": "update"}}
