"""Reading the bodies of the side door: JSON objects with known fields, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from crossaccount.localcloud.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.localcloud.wire import Wire

Types = tuple[type, ...]


def malformed(message: str) -> ApiError:
    """400 `MalformedBody`, to be raised by the caller."""
    return ApiError(400, "MalformedBody", message)


def object_body(wire: Wire) -> dict[str, Any]:
    """The body as a JSON object.

    Raises:
        ApiError: 400 `MalformedBody`.
    """
    try:
        body = orjson.loads(wire.body)
    except orjson.JSONDecodeError:
        raise malformed("the body is no JSON") from None
    if not isinstance(body, dict):
        raise malformed("the body is no JSON object")
    return body


def fields(
    wire: Wire, needed: Mapping[str, Types], optional: Mapping[str, Types], form: str
) -> dict[str, Any]:
    """The body's fields, all of them known, of their types, and the needed ones there.

    Args:
        wire: the request.
        needed: the types of fields that must be there.
        optional: the types of those that may be there, or null.
        form: what is to be sent, for the refusal.

    Raises:
        ApiError: 400 `MalformedBody`.
    """
    body = object_body(wire)
    known = {**needed, **{name: (*types, type(None)) for name, types in optional.items()}}
    for name in needed.keys() - body.keys():
        raise malformed(f"`{name}` is missing; send {form}")
    for name, value in body.items():
        if name not in known:
            raise malformed(f"`{name[:64]}` is not known here; send {form}")
        if not isinstance(value, known[name]) or (isinstance(value, bool) and bool not in known[name]):
            raise malformed(f"`{name}` has the wrong type; send {form}")
    return {name: value for name, value in body.items() if value is not None}
