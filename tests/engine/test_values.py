"""Property values: secrets and unknowns survive every form they take."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crossaccount.engine import values

KEYS = st.text("abcdefgh_", min_size=1, max_size=6)
PLAIN = st.recursive(
    st.booleans() | st.integers(-(2**50), 2**50) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)
MARKED = st.recursive(
    PLAIN | PLAIN.map(values.secret),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)
PROPERTIES = st.dictionaries(KEYS, MARKED, max_size=4)


@given(PROPERTIES)
def test_a_struct_carries_properties_unchanged(properties):
    """What goes to the SDK as a protobuf Struct comes back the same."""
    assert values.from_struct(values.to_struct(properties)) == properties


@given(PROPERTIES)
def test_sealing_is_undone_by_unsealing(properties):
    """A state file's form holds exactly the properties."""
    sealed = values.sealed(properties, lambda value: {"in": value})

    assert values.unsealed(sealed, lambda text: text["in"]) == properties


@given(PROPERTIES)
def test_plain_and_masked_properties_hold_no_marker(properties):
    """Neither form has a secret's marker, and a plain one is plain already."""
    assert not values.has_secret(values.plain(properties))
    assert not values.has_secret(values.masked(properties))
    assert values.plain(values.plain(properties)) == values.plain(properties)


def test_a_masked_secret_is_pulumis_word():
    """Displays show `[secret]`, whatever the secret is."""
    assert values.masked({"a": values.secret({"b": [1]}), "c": 1}) == {"a": "[secret]", "c": 1}


def test_a_secret_is_marked_once():
    """Marking a secret again changes nothing."""
    once = values.secret("s")

    assert values.secret(once) == once


def test_an_unknown_is_found_at_any_depth():
    """Also inside a secret, a list or a mapping."""
    assert values.has_unknown(values.secret([{"a": values.UNKNOWN}]))
    assert not values.has_unknown({"a": ["known", 1, None]})


def test_a_plaintext_secret_of_a_state_is_read():
    """`pulumi stack export --show-secrets` writes secrets as the text of their JSON."""
    shown = {values.SIGNATURE: values.SECRET, "plaintext": '"open"'}

    assert values.unsealed(shown, lambda _: "") == values.secret("open")


def test_null_properties_are_dropped():
    """The SDK sends an absent property as null."""
    assert values.from_struct(values.to_struct({"a": None, "b": 1})) == {"b": 1}


def test_a_number_that_no_integer_holds_is_kept_as_it_came(bench, memory):
    """A float beyond 2**53 is written and read back, however large; a smaller whole one is an integer."""
    bench.program("for name, value in {'a': 1e20, 'b': -1e300, 'c': 2.0**60, 'd': 3.0}.items():\n")
    with (bench.directory / "__main__.py").open("a") as program:
        program.write("    pulumi.export(name, value)\n")
    bench.stack(**memory).up()

    outputs = bench.stack().outputs()

    assert outputs == {"a": 1e20, "b": -1e300, "c": 2.0**60, "d": 3}
    assert isinstance(outputs["d"], int)
