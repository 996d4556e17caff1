"""Property paths: read, matched, and put back, as Pulumi's engine does."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossaccount.engine import property_path
from crossaccount.engine.values import secret

NAMES = st.sampled_from("ab")
VALUES = st.recursive(
    st.integers(0, 2),
    lambda inner: st.dictionaries(NAMES, inner, max_size=2) | st.lists(inner, max_size=2),
    max_leaves=6,
)
INPUTS = st.dictionaries(NAMES, VALUES, max_size=2)
PATHS = st.lists(NAMES | st.integers(0, 1) | st.just("*"), min_size=1, max_size=3).map(tuple)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("tags", ("tags",)),
        ("tags.team", ("tags", "team")),
        ('tags["a.b"]', ("tags", "a.b")),
        ('tags.["a.b"].c', ("tags", "a.b", "c")),
        ('a["q\\"uote"]', ("a", 'q"uote')),
        ("root[0].nested[12]", ("root", 0, "nested", 12)),
        ("*", ("*",)),
        ("a[*].b", ("a", "*", "b")),
        ("tags..x", ("tags", "x")),
    ],
)
def test_a_path_is_read(text, path):
    """Names, quoted names, indexes and wildcards."""
    assert property_path.parse(text) == path


@pytest.mark.parametrize("text", [".a", "a.", "a[", "a[x]", 'a["b', 'a["b"', "a[-1]"])
def test_what_is_no_path_is_told(text):
    """The text is named."""
    with pytest.raises(ValueError, match="property path"):
        property_path.parse(text)


def test_a_path_contains_what_lies_in_it():
    """Itself and what is below; a wildcard stands for one name or index."""
    assert property_path.contains(("a", "*"), ("a", 1, "b"))
    assert property_path.contains(("*",), ("a",))
    assert not property_path.contains(("a", "b"), ("a",))
    assert not property_path.contains(("a",), ("b",))


@pytest.mark.parametrize(
    ("path", "old", "new", "done", "expected"),
    [
        ("tags.a", {"tags": {"a": 1}}, {"tags": {"a": 2, "b": 3}}, True, {"tags": {"a": 1, "b": 3}}),
        ("tags.a", {"tags": {"a": 1}}, {"tags": {"b": 3}}, True, {"tags": {"b": 3, "a": 1}}),
        ("tags.a", {}, {"tags": {"a": 2}}, True, {"tags": {}}),
        ("tags.a", {"tags": {"a": 1}}, {}, False, {}),
        ("tags.a", {}, {}, True, {}),
        ("tags", {"tags": {"a": 1}}, {}, True, {"tags": {"a": 1}}),
        ("tags", {}, {"tags": 1}, True, {}),
        ("*", {"a": 1}, {"b": 2}, True, {"a": 1}),
        ("tags.*", {"tags": {"a": 1}}, {"tags": {"a": 2, "b": 3}}, True, {"tags": {"a": 1}}),
        ("l[0]", {"l": [1, 2]}, {"l": [3, 4]}, True, {"l": [1, 4]}),
        ("l[1]", {"l": [1]}, {"l": [3, 4]}, False, {"l": [3, 4]}),
        ("l[*].a", {"l": [{"a": 1}]}, {"l": [{"a": 2}, {"a": 3}]}, False, {"l": [{"a": 1}, {"a": 3}]}),
        ("a.b", {"a": {"b": 1}}, {"a": 5}, False, {"a": 5}),
    ],
)
def test_a_value_is_put_back(path, old, new, done, expected):
    """The old value stands again; what is on one side only, on the way there, cannot be put back."""
    assert property_path.reset(property_path.parse(path), old, new) is done
    assert new == expected


@given(PATHS, INPUTS, INPUTS)
def test_putting_back_twice_changes_nothing_more(path, old, new):
    """It leaves the old side alone, and a second time finds nothing to do."""
    kept = copy.deepcopy(old)
    first = property_path.reset(path, old, new)
    once = copy.deepcopy(new)

    assert property_path.reset(path, old, new) in (first, True)
    assert (new, old) == (once, kept)


@given(PATHS, INPUTS)
def test_equal_values_have_nothing_to_put_back(path, inputs):
    """Whatever the path, equal stays equal."""
    new = copy.deepcopy(inputs)
    property_path.reset(path, inputs, new)

    assert new == inputs


def test_a_secret_stays_one():
    """What is put back out of a secret is secret, inside a secret it is not marked twice."""
    plain, hidden = {"tags": {"a": 2}}, {"tags": secret({"a": 2})}
    old = {"tags": secret({"a": 1})}
    property_path.reset(("tags", "a"), old, plain)
    property_path.reset(("tags", "a"), old, hidden)

    assert plain == {"tags": {"a": secret(1)}}
    assert hidden == {"tags": secret({"a": 1})}
