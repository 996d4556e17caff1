"""Tags as parameters: those sent to be set, and those sent to filter a list (facts 1.8, 3.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from crossaccount.localcloud.parameters import json_list
from crossaccount.localcloud.ram import faults, limits

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from crossaccount.localcloud.call import Call

TaggedKind = Literal["Role", "Policy"]


def tag_pairs(call: Call) -> dict[str, str | None]:
    """What is sent as `Tag`, by key; None for a tag without a value.

    Raises:
        ApiError: `InvalidParameter.Tag`.
    """
    pairs: dict[str, str | None] = {}
    for item in json_list(call.params, "Tag") or []:
        if not isinstance(item, dict) or not item.keys() <= {"Key", "Value"}:
            raise faults.incorrect("Tag", "It is a list of objects with Key and Value.")
        key, value = item.get("Key"), item.get("Value")
        if not isinstance(key, str) or not key or not (value is None or isinstance(value, str)):
            raise faults.incorrect("Tag", "Key and Value are texts, and Key is not empty.")
        if key in pairs:
            raise faults.incorrect("Tag", f"The key `{key}` occurs twice.")
        pairs[key] = value
    return pairs


def sent_tags(call: Call, kind: TaggedKind) -> dict[str, str]:
    """The tags to set; a tag without a value has an empty one.

    Raises:
        ApiError: `InvalidParameter.Tag`, `.TagKey.Length`, `.TagValue.Length`, `LimitExceeded.<kind>.Tag`.
    """
    pairs = {key: value or "" for key, value in tag_pairs(call).items()}
    if any(len(key) > limits.TAG_KEY_CHARS for key in pairs):
        raise faults.too_long("TagKey")
    if any(len(value) > limits.TAG_VALUE_CHARS for value in pairs.values()):
        raise faults.too_long("TagValue")
    if len(pairs) > limits.TAGS_PER_RESOURCE:
        raise faults.limit_exceeded(f"{kind}.Tag")
    return pairs


def tag_filter(call: Call) -> Callable[[Mapping[str, str]], bool]:
    """Whether an entity has every tag asked for: its key, and its value when one is sent.

    Raises:
        ApiError: `InvalidParameter.Tag`.
    """
    wanted = tag_pairs(call)
    return lambda stored: all(key in stored and value in (None, stored[key]) for key, value in wanted.items())
