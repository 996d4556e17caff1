"""Reading the parameters of a call: whole numbers, booleans, lists; each error names the parameter.

RPC parameters are strings. Booleans come as `true` (Go) or `True` (Python), lists as a JSON text or as
`Name.1`, `Name.2` (section 3.1 of the facts). The codes are those of sections 3.4 and 3.5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

import orjson

from crossaccount.localcloud.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Mapping

_BOOLEANS = {"true": True, "false": False}


def required(params: Mapping[str, str], name: str) -> str:
    """The value of a parameter that must be there and not empty.

    Raises:
        ApiError: 400 `Missing<Name>`.
    """
    value = params.get(name)
    if not value:
        raise ApiError(400, f"Missing{name}", f"{name} is mandatory for this action.")
    return value


def optional(params: Mapping[str, str], name: str) -> str | None:
    """The value of a parameter, or None when it was not sent; an empty value is a value."""
    return params.get(name)


def invalid(name: str, message: str) -> ApiError:
    """The refusal of a parameter's value: 400 `InvalidParameter.<Name>`, to be raised by the caller."""
    return ApiError(400, f"InvalidParameter.{name}", message)


@overload
def integer(params: Mapping[str, str], name: str, default: int, *, low: int, high: int) -> int: ...
@overload
def integer(params: Mapping[str, str], name: str, default: None, *, low: int, high: int) -> int | None: ...
def integer(params: Mapping[str, str], name: str, default: int | None, *, low: int, high: int) -> int | None:
    """A whole number between `low` and `high`, both included.

    Args:
        params: the call's parameters.
        name: the parameter's name.
        default: what stands for an absent or empty value.
        low: smallest allowed value.
        high: largest allowed value.

    Raises:
        ApiError: 400 `InvalidParameter.<Name>`, naming the value and what is allowed.
    """
    text = params.get(name)
    if not text:
        return default
    digits = text.removeprefix("-")
    value = int(text) if digits.isascii() and digits.isdigit() and len(digits) < 19 else None  # noqa: PLR2004
    if value is None or not low <= value <= high:
        raise invalid(name, f"The parameter {name} `{text}` is no whole number between {low} and {high}.")
    return value


def boolean(params: Mapping[str, str], name: str, default: bool | None = None) -> bool | None:
    """A boolean in any letter case, or `default` when absent or empty.

    Raises:
        ApiError: 400 `InvalidParameter.<Name>`.
    """
    text = params.get(name)
    if not text:
        return default
    value = _BOOLEANS.get(text.lower())
    if value is None:
        raise invalid(name, f"The parameter {name} `{text}` is neither true nor false.")
    return value


def json_list(params: Mapping[str, str], name: str) -> list[Any] | None:
    """A list sent as JSON (`Tag=[{"Key":"k","Value":"v"}]`) or flattened (`Tag.1.Key=k`, `Name.1=v`).

    Returns:
        Strings, or dicts of strings; None when the parameter was not sent in either form.

    Raises:
        ApiError: 400 `InvalidParameter.<Name>` when it is no JSON list or the numbering is not understood.
    """
    text = params.get(name)
    if not text:
        return _flattened(params, name)
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise invalid(name, f"The parameter {name} is no JSON list.") from None
    if not isinstance(value, list):
        raise invalid(name, f"The parameter {name} is no JSON list.")
    return value


def _flattened(params: Mapping[str, str], name: str) -> list[Any] | None:
    prefix = f"{name}."
    found: dict[int, Any] = {}
    for key, value in params.items():
        if not key.startswith(prefix):
            continue
        number, _, member = key[len(prefix) :].partition(".")
        if not (number.isascii() and number.isdigit() and len(number) < 5):  # noqa: PLR2004
            raise invalid(name, f"The parameter `{key}` is not numbered like `{name}.1`.")
        entry = found.setdefault(int(number), {} if member else value)
        if member and isinstance(entry, dict):
            entry[member] = value
        elif member or isinstance(entry, dict):
            raise invalid(name, f"The parameter `{key}` mixes `{name}.1` with `{name}.1.Key`.")
    return [found[number] for number in sorted(found)] if found else None
