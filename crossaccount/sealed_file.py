"""Small files that two companies send each other: plain data in JSON or YAML, sealed by a checksum.

The checksum tells a file that was changed on its way, by whatever hand; it is no signature, and does not say
who wrote the file. It loads only JSON (YAML where the file is YAML): a cached session is served while Python
starts.
"""

# pathlib takes as long to load as all that serves a cached session
# ruff: noqa: PTH123

from __future__ import annotations

import json
import os
from hashlib import sha256
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

LARGEST = 1024 * 1024
LARGEST_YAML = 128 * 1024
_YAML = (".yaml", ".yml")


class SealedFileError(ValueError):
    """A file cannot be read, or is no plain data; the text goes on from the file's name."""


def is_yaml(path: str | os.PathLike[str]) -> bool:
    """Whether a file's name says that it is YAML; every other one is JSON."""
    return os.fspath(path).lower().endswith(_YAML)


def load(path: str | os.PathLike[str]) -> Any:  # noqa: ANN401  plain data
    """The plain data in a file.

    Raises:
        SealedFileError: it cannot be read, is too large, too deep, not JSON or YAML, or gives a key twice.
    """
    yaml = is_yaml(path)
    most = LARGEST_YAML if yaml else LARGEST
    try:
        with open(path, "rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise SealedFileError(f"cannot be read: {(error.strerror or 'an error').lower()}") from None
    if len(data) > most:
        raise SealedFileError(f"is no hand-over file: larger than {most // 1024} KiB")
    try:
        return _yaml(data) if yaml else json.loads(data, object_pairs_hook=_once, parse_constant=_constant)
    except _TwiceError as error:
        raise SealedFileError(f"is no hand-over file: {error}") from None
    except RecursionError:
        raise SealedFileError("is no hand-over file: nested too deeply") from None
    except ValueError as error:
        why = f"not YAML that is read here: {error}" if yaml else "not JSON"
        raise SealedFileError(f"is no hand-over file: {why}") from None


def checksum(content: Mapping[str, Any]) -> str:
    """The checksum of a content, itself left out: SHA-256 of its JSON, keys sorted, without spaces."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return "sha256:" + sha256(text.encode()).hexdigest()


def sealed(content: Mapping[str, Any]) -> dict[str, Any]:
    """The content with its checksum last."""
    return {**content, "checksum": checksum(content)}


def to_text(document: Mapping[str, Any], *, yaml: bool) -> str:
    """A document as a file holds it."""
    if not yaml:
        return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    from yaml import safe_dump  # noqa: PLC0415  only for YAML

    text: str = safe_dump(document, sort_keys=False, allow_unicode=True, width=1_000_000)
    return text


class _TwiceError(ValueError):
    """A key stands twice in one object, so that two readers could take it for two different files."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _TwiceError(f"key {twice[:40]!a} is given twice")
    return found


def _constant(name: str) -> float:
    raise ValueError(f"{name} is no number")


def _yaml(data: bytes) -> Any:  # noqa: ANN401  plain data
    from crossaccount.plain_yaml import parse  # noqa: PLC0415  only for YAML

    return parse(data.decode())
