"""Property values: plain JSON with Pulumi's two markers, unknown and secret.

In memory a secret is `{SIGNATURE: SECRET, "value": ...}` and an unknown is the string `UNKNOWN`, as the SDK
sends them; in a state file a secret is `{SIGNATURE: SECRET, "ciphertext": ...}`.
Source: Pulumi SDK, `pulumi.runtime.rpc`; recordings of `pulumi stack export`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from google.protobuf import struct_pb2

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105  Pulumi's marker, not a secret
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
MASK = "[secret]"
_EXACT = 2**53  # beyond it a whole number is one that a float happens to stand for, and may fit no integer

Properties = dict[str, Any]


def secret(value: object) -> Properties:
    """Mark a value as secret; one that is marked already stays as it is."""
    if is_secret(value):
        assert isinstance(value, dict)  # noqa: S101  narrows the type
        return value
    return {SIGNATURE: SECRET, "value": value}


def is_secret(value: object) -> bool:
    """Whether the value itself (not a part of it) is secret."""
    return isinstance(value, dict) and value.get(SIGNATURE) == SECRET


def has_unknown(value: object) -> bool:
    """Whether the value or a part of it is unknown."""
    if isinstance(value, str):
        return value == UNKNOWN
    if isinstance(value, dict):
        return any(map(has_unknown, value.values()))
    return isinstance(value, list) and any(map(has_unknown, value))


def has_secret(value: object) -> bool:
    """Whether the value or a part of it is secret."""
    if isinstance(value, dict):
        return SIGNATURE in value or any(map(has_secret, value.values()))
    return isinstance(value, list) and any(map(has_secret, value))


def plain(value: Any) -> Any:  # noqa: ANN401  JSON
    """Return the value with every secret unwrapped."""
    return _map_secrets(value, plain)


def masked(value: Any) -> Any:  # noqa: ANN401  JSON
    """Return the value with every secret shown as `[secret]`."""
    return _map_secrets(value, lambda _: MASK)


def sealed(value: Any, encrypt: Callable[[Any], str]) -> Any:  # noqa: ANN401  JSON
    """Return the value as a state file holds it: each secret as the ciphertext of its JSON."""
    return _map_secrets(value, lambda inner: {SIGNATURE: SECRET, "ciphertext": encrypt(inner)})


def unsealed(value: Any, decrypt: Callable[[str], Any]) -> Any:  # noqa: ANN401  JSON
    """Return a state file's value as it is in memory."""
    if isinstance(value, dict):
        if value.get(SIGNATURE) == SECRET:
            if "ciphertext" in value:
                return secret(decrypt(value["ciphertext"]))
            return secret(json.loads(value["plaintext"]))
        return {key: unsealed(item, decrypt) for key, item in value.items()}
    if isinstance(value, list):
        return [unsealed(item, decrypt) for item in value]
    return value


def _map_secrets(value: Any, change: Callable[[Any], Any]) -> Any:  # noqa: ANN401  JSON
    if isinstance(value, dict):
        if value.get(SIGNATURE) == SECRET:
            return change(value.get("value"))
        return {key: _map_secrets(item, change) for key, item in value.items()}
    if isinstance(value, list):
        return [_map_secrets(item, change) for item in value]
    return value


def from_struct(struct: struct_pb2.Struct) -> Properties:
    """Convert a protobuf Struct; whole numbers become int where exact, null properties are dropped."""
    return {
        key: _from_value(value)
        for key, value in struct.fields.items()
        if value.WhichOneof("kind") != "null_value"
    }


def _from_value(value: struct_pb2.Value) -> Any:  # noqa: ANN401  JSON
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        return value.string_value
    if kind == "bool_value":
        return value.bool_value
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() and abs(number) <= _EXACT else number
    if kind == "struct_value":
        return {key: _from_value(item) for key, item in value.struct_value.fields.items()}
    if kind == "list_value":
        return [_from_value(item) for item in value.list_value.values]
    return None


def to_struct(properties: Mapping[str, Any]) -> struct_pb2.Struct:
    """Convert properties to a protobuf Struct."""
    struct = struct_pb2.Struct()
    struct.update(properties)
    return struct
