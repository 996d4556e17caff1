"""What RAM bounds by number: counts, durations, lengths. Source: facts 1.8 and 4.1, "RAM: limits"."""

import re
from collections.abc import Mapping
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BeforeValidator

SESSION_SECONDS = (3600, 43200)
SYSTEM_POLICIES_PER_ROLE = 20
CUSTOM_POLICIES = {"users": 10, "groups": 5, "roles": 5}
TAGS = 20
TAG_KEY_CHARACTERS = 128

_EXTERNAL_ID = re.compile(r"[\w+=,.@:/-]{2,1224}", re.ASCII)
_T = TypeVar("_T")


def session_seconds(value: object) -> int:
    """A role's maximum session duration: a whole number of seconds, 3600 to 43200.

    A whole number may arrive as a float (3600.0) from Pulumi's component host; it becomes an integer.
    """
    least, most = SESSION_SECONDS
    whole = isinstance(value, (int, float)) and not isinstance(value, bool) and value == value // 1
    if isinstance(value, (int, float)) and whole and least <= value <= most:
        return int(value)
    raise ValueError(
        f"is no session duration: write whole seconds from {least} (1 hour) to {most} (12 hours)"
    )


def description(value: object) -> str:
    """The description of a role or a policy: 1 to 1024 characters."""
    return _sized(value, 1, 1024, "description")


def short_text(value: object) -> str:
    """A user's display name or comments: 1 to 128 characters."""
    return _sized(value, 1, 128, "text")


def external_id(value: object) -> str:
    """An external id: 2 to 1224 letters, digits and `_ + = , . @ : / -`."""
    if isinstance(value, str) and _EXTERNAL_ID.fullmatch(value):
        return value
    raise ValueError("is no external id: write 2 to 1224 letters, digits and `_+=,.@:/-`")


def tag_value(value: object) -> str:
    """The value of a tag: at most 256 characters, empty allowed."""
    return _sized(value, 0, 256, "tag value")


def tags(value: Mapping[str, str]) -> dict[str, str]:
    """Tags in one order; what is wrong with their number and keys says `tag_problems`."""
    return dict(sorted(value.items()))


def tag_problems(value: Mapping[object, object]) -> list[str]:
    """What is wrong with tags: over 20; keys not of 1 to 128 characters, or beginning `acs:`, `aliyun`."""
    found = [f"this holds {len(value)} tags: RAM keeps at most {TAGS}"] if len(value) > TAGS else []
    return found + [
        f"this has the tag key `{key}`: write 1 to 128 characters, not beginning `acs:` or `aliyun`"
        for key in map(str, value)
        if not 1 <= len(key) <= TAG_KEY_CHARACTERS or key.startswith(("acs:", "aliyun"))
    ]


def some(value: list[_T]) -> list[_T]:
    """A list that names something: an empty one could be read as "none" or as "all"."""
    if not value:
        raise ValueError("is empty: name at least one, or leave the key out")
    return value


SPREAD = "name fewer things, use a `*` in names, or spread them over several delegations"


def within(document: str, most: int, kind: str, remedy: str = SPREAD) -> str:
    """The document, if it is at most `most` characters long.

    Args:
        document: the JSON text as it would be sent.
        most: the limit in characters.
        kind: what to call it, such as "the policy `fc-read`".
        remedy: what to do about one that is too long.

    Raises:
        ValueError: it is longer; the text gives both sizes and the way out.
    """
    if len(document) <= most:
        return document
    raise ValueError(f"{kind} is {len(document)} characters long, RAM takes {most}: {remedy}")


def _sized(value: object, least: int, most: int, kind: str) -> str:
    if isinstance(value, str) and least <= len(value) <= most:
        return value
    length = f" of {len(value)} characters" if isinstance(value, str) else ""
    raise ValueError(f"is no {kind}{length}: write text of {least} to {most} characters")


SessionSeconds = Annotated[int, BeforeValidator(session_seconds)]
Description = Annotated[str, BeforeValidator(description)]
ShortText = Annotated[str, BeforeValidator(short_text)]
ExternalId = Annotated[str, BeforeValidator(external_id)]
Tags = Annotated[dict[str, Annotated[str, BeforeValidator(tag_value)]], AfterValidator(tags)]
