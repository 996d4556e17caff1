"""Which outputs are secret in the state."""

from __future__ import annotations

from crossaccount.engine.marking import outputs_of
from crossaccount.engine.state import Resource
from crossaccount.engine.values import secret


def test_an_output_is_secret_by_type_by_option_or_by_its_input(shelf):
    """Anything else stays readable; the id and the provider's `__meta` are added."""
    shelf.secret_outputs = frozenset({"by_type"})
    resource = Resource(
        urn="u",
        type=shelf.token,
        inputs={"by_input": secret("s"), "plain": "p", "deep": {"a": secret("s")}},
        additional_secret_outputs=("by_option",),
    )
    outputs = dict.fromkeys(("by_type", "by_input", "by_option", "plain", "deep"), "x")

    assert outputs_of(resource, shelf, "1", outputs) == {
        "by_type": secret("x"),
        "by_input": secret("x"),
        "by_option": secret("x"),
        "deep": secret("x"),
        "plain": "x",
        "id": "1",
        "__meta": "{}",
    }
