"""Nothing secret goes into a file for somebody else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from crossaccount.access.values import SIGNATURE
from crossaccount.handover.errors import refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_KEY_ID = re.compile(r"\b(LTAI|STS\.)[A-Za-z0-9]{10,}")
_SHORTEST = 6
"""A shorter external id is found in any text by chance."""


def refuse_secrets(content: object, external_ids: Iterable[str], what: str) -> None:
    """Refuse a content that holds a secret; the message names where it stands, and never the secret.

    Args:
        content: plain data as it would be written.
        external_ids: those that the stack knows.
        what: the content, as messages name it.

    Raises:
        SessionError: of kind USAGE: a value is a secret of Pulumi's, an external id, or an access key's id.
    """
    known = [each.lower() for each in external_ids if len(each) >= _SHORTEST]
    for place, value in _texts(content, ""):
        if value is None:
            raise refused(f"{what}: `{place}` is a secret, and a secret is never handed over")
        if any(each in value.lower() for each in known):
            raise refused(
                f"{what}: `{place}` holds an external id",
                "say where to get it, and send it another way",
            )
        if _KEY_ID.search(value):
            raise refused(
                f"{what}: `{place}` holds an access key's id", "a hand-over needs none: take it out"
            )


def _texts(value: Any, place: str) -> Iterator[tuple[str, str | None]]:  # noqa: ANN401  plain data
    """Every text with its place; None in place of a secret of Pulumi's."""
    if isinstance(value, dict):
        if SIGNATURE in value or value.keys() == {"secure"}:
            yield place, None
            return
        for key, each in value.items():
            below = f"{place}.{key}" if place else str(key)
            yield f"the name of {place or 'it'}", str(key)
            yield from _texts(each, below)
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _texts(each, f"{place}[{number}]")
    elif isinstance(value, str):
        yield place, None if value == "[secret]" else value
