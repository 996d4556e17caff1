"""JSON files, read whole or refused by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from crossaccount.access.errors import AccessError, StateFileError

if TYPE_CHECKING:
    from pathlib import Path


def read_json(path: Path, kind: type[AccessError] = StateFileError) -> Any:  # noqa: ANN401  JSON
    """The content of a JSON file.

    Args:
        path: the file.
        kind: what to raise.

    Raises:
        AccessError: of that kind: it cannot be read, is truncated or not JSON; with line and column.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise kind(f"`{path}` cannot be read: {(error.strerror or 'an error').lower()}") from None
    return json_of(data, str(path), kind)


def json_of(data: bytes, where: str, kind: type[AccessError] = StateFileError) -> Any:  # noqa: ANN401  JSON
    """The content of a JSON text.

    Args:
        data: the text, UTF-8.
        where: what messages call it.
        kind: what to raise.

    Raises:
        AccessError: of that kind: it is truncated or not JSON; with line and column.
    """
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise kind(
            f"`{where}` is truncated or not JSON, at line {error.lineno} column {error.colno} of "
            f"{len(data)} bytes: export it again"
        ) from None
