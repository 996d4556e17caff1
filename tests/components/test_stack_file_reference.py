"""`docs/stack-files.md` against the models that check a stack file."""

from __future__ import annotations

from pathlib import Path

import pytest

from components import declarations, partner_declarations

REFERENCE = (Path(__file__).parent.parent.parent / "docs" / "stack-files.md").read_text()
MODELS = (
    declarations.Delegation,
    declarations.Trust,
    declarations.Permissions,
    declarations.Preset,
    declarations.Statement,
    partner_declarations.User,
    partner_declarations.Console,
    partner_declarations.RoleSource,
    partner_declarations.Grant,
)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_key_is_in_the_reference(model: type) -> None:
    """A key that a stack file may hold stands in the reference, spelled as the file spells it."""
    keys = [field.alias for field in model.model_fields.values()]

    assert keys
    assert [key for key in keys if f"`{key}`" not in REFERENCE] == []
