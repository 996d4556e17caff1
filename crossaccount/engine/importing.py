"""`import_`: a live resource that nobody declared before comes into the state.

What it is then, is compared with what the program declares, and brought into line like any other change.
Source: Pulumi documentation, resource option `import`; recordings of `pulumi preview`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crossaccount.engine.errors import UnsupportedError

if TYPE_CHECKING:
    from crossaccount.engine.registration import Registration
    from crossaccount.engine.state import Resource


def is_import(goal: Registration, old: Resource | None) -> bool:
    """Whether a registration takes over a live resource now, and did not in an earlier run.

    Raises:
        UnsupportedError: the state holds another resource in its place. Pulumi would delete that one at the
            end, which may be the very resource that was taken over, under its other id.
    """
    if not goal.import_id:
        return False
    if old is None or old.external:
        return True
    if goal.import_id in (old.id, old.import_id):
        return False
    raise UnsupportedError(
        f"{goal.label} takes over `{goal.import_id}`, and the state holds `{old.id}` in its place; take "
        "`import_` out, or give the resource another name; nothing was changed"
    )
