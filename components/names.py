"""The names, ids and ARNs a declaration may hold, and what to say about those it may not.

Every check takes a value as it was written, returns its one form, and raises `ValueError` with a text that
goes on from the value ("`x` ..."): what is wrong, then what is allowed. Source: facts 1.6 and 8.
"""

import difflib
import re
from collections.abc import Iterable
from typing import Annotated

from pydantic import BeforeValidator

from components.conflicts import RevealingError

_ACCOUNT = re.compile(r"[0-9]{16}")
_ROLE = re.compile(r"[A-Za-z0-9.-]{1,64}")
_USER = re.compile(r"[A-Za-z0-9._-]{1,64}")
_POLICY = re.compile(r"[A-Za-z0-9-]{1,128}")
_ALIAS = re.compile(r"(?=.{3,32}\Z)[a-z0-9]+(-[a-z0-9]+)*")
_REGION = re.compile(r"[a-z]{2}(-[a-z0-9]+)+")
_FUNCTION = re.compile(r"[A-Za-z_*][A-Za-z0-9_*-]{0,127}")
_ROLE_ARN = re.compile(r"acs:ram:\*?:([0-9]{16}):role/([A-Za-z0-9.-]{1,64})")
_DOMAIN = ".onaliyun.com"


def account_id(value: object) -> str:
    """The id of an Alibaba Cloud account: 16 digits; a number is read as its digits."""
    text = str(value) if type(value) is int else value
    if text == "*":
        raise ValueError("would mean everyone: write the 16 digits of one account, in quotes")
    return _matching(_ACCOUNT, text, "is not an account id: write its 16 digits, in quotes")


def role_name(value: object) -> str:
    """The name of a RAM role: 1 to 64 letters, digits, `.` and `-`."""
    return _named(_ROLE, value, "role", "letters, digits, `.` and `-`")


def user_name(value: object) -> str:
    """The name of a RAM user without its domain: 1 to 64 letters, digits, `.`, `_` and `-`."""
    return _named(_USER, value, "user", "letters, digits, `.`, `_` and `-`, without `@` and the domain")


def group_name(value: object) -> str:
    """The name of a RAM user group: 1 to 64 letters, digits, `.`, `_` and `-`."""
    return _named(_USER, value, "group", "letters, digits, `.`, `_` and `-`")


def policy_name(value: object) -> str:
    """The name of a RAM policy: 1 to 128 letters, digits and `-`."""
    return _matching(_POLICY, value, "is not a policy name: write 1 to 128 letters, digits and `-`")


def account_alias(value: object) -> str:
    """An account's alias, without the `.onaliyun.com` of its default domain."""
    if isinstance(value, str) and value.endswith(_DOMAIN):
        bare = value.removesuffix(_DOMAIN)
        raise RevealingError(f"holds the domain: write `{bare}`", "holds the domain: leave it out")
    allowed = "3 to 32 lower-case letters, digits and `-`, no `-` first, last or twice in a row"
    return _matching(_ALIAS, value, f"is not an account alias: write {allowed}")


def region(value: object) -> str:
    """The id of a region, such as `cn-hangzhou`."""
    return _matching(_REGION, value, "is not a region: write its id, such as `cn-hangzhou`")


def function_name(value: object) -> str:
    """A Function Compute function or service: letters, digits, `_`, `-`; a `*` stands for any characters."""
    allowed = "1 to 128 letters, digits, `_` and `-`, the first one no digit; a `*` stands for any characters"
    return _matching(_FUNCTION, value, f"is not a function or service name: write {allowed}")


def role_arn(value: object) -> str:
    """The ARN of exactly one role; the spelling `acs:ram:*:` becomes `acs:ram::` (facts 1.2)."""
    found = _ROLE_ARN.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(
            "is not the ARN of one role: write `acs:ram::<16 digits>:role/<role name>`, no `*` in it"
        )
    return f"acs:ram::{found[1]}:role/{found[2]}"


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint that offers the known word most like `word`, or lists what is known.

    Args:
        word: what was written.
        known: the words that would have been understood.

    Returns:
        `did you mean ...?` or `known are ...`, to be set after a message.
    """
    by_lower = {each.lower(): each for each in known}
    found = difflib.get_close_matches(word.lower(), list(by_lower), n=1)
    if found:
        return f"did you mean `{by_lower[found[0]]}`?"
    return "known are " + (", ".join(f"`{each}`" for each in sorted(by_lower.values())) or "none")


def _named(form: re.Pattern[str], value: object, kind: str, characters: str) -> str:
    if isinstance(value, str) and "*" in value:
        raise ValueError(f"would mean everyone: name one {kind}")
    return _matching(form, value, f"is not a {kind} name: write 1 to 64 {characters}")


def _matching(form: re.Pattern[str], value: object, otherwise: str) -> str:
    if isinstance(value, str) and form.fullmatch(value):
        return value
    raise ValueError(otherwise)


AccountId = Annotated[str, BeforeValidator(account_id)]
RoleName = Annotated[str, BeforeValidator(role_name)]
UserName = Annotated[str, BeforeValidator(user_name)]
GroupName = Annotated[str, BeforeValidator(group_name)]
PolicyName = Annotated[str, BeforeValidator(policy_name)]
AccountAlias = Annotated[str, BeforeValidator(account_alias)]
Region = Annotated[str, BeforeValidator(region)]
FunctionName = Annotated[str, BeforeValidator(function_name)]
RoleArn = Annotated[str, BeforeValidator(role_arn)]
