"""Property values as states and previews write them: known, unknown until `up`, or secret.

Source: Pulumi SDK, `pulumi.runtime.rpc` (the markers), and recordings of `pulumi stack export` and
`pulumi preview --json`, which masks secrets as `[secret]`. No secret is ever decrypted here.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any

SIGNATURE = "4dabf18193072939515e22adb298388d"
_OUTPUT_VALUE = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
_MASK = "[secret]"
_UNKNOWNS = frozenset(
    {
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",  # any value, and a string
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # a boolean
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # a number
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # a list
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # an object
    }
)


class Unknown(Enum):
    """Why a value is not there to be read."""

    COMPUTED = "known only after `up`"
    SECRET = "a secret, which is not decrypted"  # noqa: S105  the words for one
    MALFORMED = "not a text"


def read_text(properties: Mapping[str, Any], *names: str) -> str | Unknown | None:
    """The first of the named properties that is set; None where none is."""
    for name in names:
        value = properties.get(name)
        if value is None:
            continue
        if type(value) is str:
            if value in _UNKNOWNS:
                return Unknown.COMPUTED
            return Unknown.SECRET if value == _MASK else value
        return _marked(value)
    return None


def read_texts(properties: Mapping[str, Any], name: str) -> tuple[str, ...] | None:
    """The list of texts that a property is; None where it is absent, unknown, secret or something else."""
    value = properties.get(name)
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        return None
    return None if _UNKNOWNS.intersection(value) or _MASK in value else tuple(value)


def _marked(value: object) -> str | Unknown:
    if not isinstance(value, Mapping) or SIGNATURE not in value:
        return Unknown.MALFORMED
    if value[SIGNATURE] != _OUTPUT_VALUE:
        return Unknown.SECRET
    if value.get("secret"):
        return Unknown.SECRET
    inner = value.get("value")
    if isinstance(inner, str):
        return Unknown.COMPUTED if inner in _UNKNOWNS else inner
    return Unknown.COMPUTED if inner is None else Unknown.MALFORMED
